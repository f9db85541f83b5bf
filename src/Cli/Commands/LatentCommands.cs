using System.CommandLine;

namespace GanPipeline.Cli;

/// <summary>gan latent: a look into a generator's latent space.</summary>
internal static class LatentCommands
{
    private static readonly (string Name, string Description, Action<Command, Bind> Fill)[] _commands =
    [
        ("interpolate", "From latent to latent: a grid of the steps and an animation.", LatentPathCommands.Interpolate),
        ("walk", "A closed loop through random latents, as an animation without an end.", LatentPathCommands.Walk),
        ("truncate", "The same latents at several truncations, a row each.", LatentTruncateCommand.Fill),
        ("arithmetic", "a - b + c of concepts, each the mean of latents that a classifier finds.", LatentArithmeticCommand.Fill),
        ("directions", "Directions of the attributes that a classifier reads, and what moving along them does.",
            LatentDirectionsCommand.Fill),
        ("project", "The latents whose pictures are nearest to given ones.", LatentProjectCommand.Fill),
    ];

    public static void Fill(Command command, Bind bind)
    {
        foreach (var (name, description, fill) in _commands)
        {
            var below = new Command(name, description);
            fill(below, bind);
            command.Add(below);
        }
    }
}
