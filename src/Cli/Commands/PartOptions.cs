using System.CommandLine;
using GanPipeline.Jobs;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The options of a command whose work several processes may share.</summary>
internal static class PartOptions
{
    public static Option<string?> Part() => new("--shard")
    {
        Description = "Make a part of it, as in 0/8 for the first of eight. Default: what Slurm, Kubernetes or MPI say.",
        HelpName = "I/N",
    };

    public static Option<long> Parts() =>
        CommonOptions.Whole("--shards", "How many parts there are, where the cluster does not say.", 0, 0, 1_000_000);

    /// <summary>The part that is asked for, or that a cluster gives this process.</summary>
    /// <param name="part">As <c>3/8</c>; null asks the environment.</param>
    /// <param name="parts">How many parts there are, where the environment says the index alone; 0 where that is not given.</param>
    public static JobPart Read(string? part, int parts)
    {
        try
        {
            if (part is not null) return JobPart.Parse(part);
            var given = JobPart.FromEnvironment(parts > 0 ? parts : null);
            return given is null && parts > 1
                ? throw new RequestException($"--shards {parts}: no cluster says which part this is; --shard 0/{parts} does.")
                : given ?? JobPart.Whole;
        }
        catch (FormatException e)
        {
            throw new RequestException(e.Message, e);
        }
    }
}
