using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan latent interpolate and walk: paths through the latent space.</summary>
internal static class LatentPathCommands
{
    public static void Interpolate(Command command, Bind bind)
    {
        var choice = new LatentChoice("interpolation");
        var seeds = new Option<string>("--seeds")
        {
            Description = "The latents: 5 is the first picture of seed 5, 0:17 the one of number 17 that gan generate --seed 0 makes; " +
                "0-3 and 0:4-7 are several. Default: 0:0-4.",
            HelpName = "SEEDS",
            DefaultValueFactory = _ => "0:0-4",
        };
        var steps = CommonOptions.Whole("--steps", "Steps of the grid from one latent to the next.", 7, 1, 100);
        var frames = CommonOptions.Whole("--frames", "Frames of the animation from one latent to the next.", 25, 1, 1000);
        var linear = new Option<bool>("--linear") { Description = "Along straight lines, in the place of great circles." };
        var truncation = Truncation();
        var animation = new AnimationChoice();
        command.With([choice.Model, seeds, steps, frames, linear, truncation, .. animation.Options, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            var list = LatentChoice.ParseSeeds("--seeds", parsed.GetValue(seeds)!);
            animation.Require(parsed);
            using var generator = choice.Open(parsed);
            var latents = LatentChoice.Draw(list, generator.LatentSize, GenerationCommand.Truncation(parsed.GetValue(truncation)));
            var (vectors, labelCount) = LabelVectors(generator, choice.Labels(parsed));
            var parts = Math.Max(list.Count, labelCount) - 1;
            if (parts == 0) throw new RequestException("A path needs two latents (--seeds 0,1) or two labels (--label A --label B).");
            var interpolation = parsed.GetValue(linear) ? LatentInterpolation.Linear : LatentInterpolation.Spherical;
            ImageTensor Path(int count) => LatentChoice.Generate(
                generator,
                LatentPath.Through(latents, generator.LatentSize, count, interpolation),
                labelCount == 0 ? [] : LatentPath.Through(vectors, generator.LabelSize, count, LatentInterpolation.Linear),
                shell.Stop);

            var folder = choice.Folder(parsed);
            var between = (int)parsed.GetValue(steps);
            var path = Path(parts * between + 1);
            var grid = LatentChoice.Join([.. Enumerable.Range(0, parts).Select(p => path.Slice(p * between, between + 1))]);
            Pictures.SaveGrid(grid, System.IO.Path.Combine(folder, "grid.png"), between + 1, scale: 0);
            var count = parts * (int)parsed.GetValue(frames) + 1;
            var images = Path(count);
            var file = animation.Save(
                parsed, folder, [.. Enumerable.Range(0, count).Select(i => images.Slice(i, 1))], isLoop: false, shell.Stop);
            shell.Say($"{TextFormat.Count(list.Count, "latent")}, {interpolation.ToString().ToLowerInvariant()}: " +
                $"{System.IO.Path.Combine(folder, "grid.png")}, {file}");
            return new JsonObject
            {
                ["model"] = choice.File(parsed),
                ["latents"] = new JsonArray([.. list.Select(l => (JsonNode)$"{l.Seed}:{l.Index}")]),
                ["labels"] = Json.Array(choice.Labels(parsed)),
                ["interpolation"] = interpolation.ToString().ToLowerInvariant(),
                ["grid"] = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, "grid.png")),
                ["rows"] = parts,
                ["columns"] = between + 1,
                ["animation"] = System.IO.Path.GetFullPath(file),
                ["frames"] = count,
            };
        });
    }

    public static void Walk(Command command, Bind bind)
    {
        var choice = new LatentChoice("walk");
        var seed = LatentChoice.Seed();
        var points = CommonOptions.Whole("--points", "Random latents that the loop goes through.", 5, 3, 1000);
        var frames = CommonOptions.Whole("--frames", "Frames of the whole loop.", 125, 3, 5000);
        var count = CommonOptions.Whole("--count", "Loops beside each other, each through latents of its own.", 1, 1, 64);
        var truncation = Truncation();
        var animation = new AnimationChoice();
        command.With([choice.Model, seed, points, frames, count, truncation, .. animation.Options, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            animation.Require(parsed);
            var (loops, each, length) = ((int)parsed.GetValue(count), (int)parsed.GetValue(points), (int)parsed.GetValue(frames));
            using var generator = choice.Open(parsed);
            var size = generator.LatentSize;
            var latents = new float[loops * each * size];
            Latents.Truncated(parsed.GetValue(seed), 0, size, GenerationCommand.Truncation(parsed.GetValue(truncation)), latents);
            var vectors = LatentChoice.Asked(() => generator.LabelVectors(loops, parsed.GetValue(seed), 0, choice.Labels(parsed)));
            var walks = Enumerable.Range(0, loops).Select(k => LatentChoice.Generate(
                generator,
                LatentPath.Loop(latents.AsSpan(k * each * size, each * size), size, length),
                LatentChoice.Repeat(vectors[(k * generator.LabelSize)..((k + 1) * generator.LabelSize)], length),
                shell.Stop)).ToArray();
            var pictures = Enumerable.Range(0, length)
                .Select(i => LatentChoice.Join([.. walks.Select(walk => walk.Slice(i, 1))])).ToArray();
            var file = animation.Save(parsed, choice.Folder(parsed), pictures, isLoop: true, shell.Stop);
            shell.Say($"{TextFormat.Count(length, "frame")} through {TextFormat.Count(each, "latent")}: {file}");
            return new JsonObject
            {
                ["model"] = choice.File(parsed),
                ["seed"] = parsed.GetValue(seed),
                ["labels"] = Json.Array(choice.Labels(parsed)),
                ["points"] = each,
                ["count"] = loops,
                ["frames"] = length,
                ["animation"] = Path.GetFullPath(file),
            };
        });
    }

    public static Option<string?> Truncation() => new("--truncation")
    {
        Description = "Draw latents without values beyond this, as gan generate does.", HelpName = "T",
    };

    /// <summary>A label vector for each label; of a conditional generator without any, that of its first picture.</summary>
    private static (float[] Vectors, int Count) LabelVectors(GeneratorModel generator, string[] labels) => LatentChoice.Asked(() =>
        labels.Length == 0
            ? (generator.LabelVectors(1), generator.LabelSize > 0 ? 1 : 0)
            : (labels.SelectMany(label => generator.LabelVectors(1, labels: [label])).ToArray(), labels.Length));
}
