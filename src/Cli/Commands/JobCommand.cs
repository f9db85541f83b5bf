using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Jobs;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>What the commands that write shards do alike.</summary>
internal static class JobCommand
{
    /// <summary>Opens a job; what is wrong with a model or a folder that the request names is the request's mistake.</summary>
    public static T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is ModelException or JobException or ArgumentException or InvalidDataException)
        {
            throw new RequestException(e.Message.Split(" (Parameter")[0], e);
        }
    }

    /// <summary>Runs a job, and says how far it is now and then, and what was made.</summary>
    /// <param name="shell">Hears of it.</param>
    /// <param name="part">Which part of the job this is.</param>
    /// <param name="shards">Shards of the whole job.</param>
    /// <param name="what">What it makes one of: picture, row.</param>
    /// <param name="run">Does it.</param>
    /// <param name="folder">Where.</param>
    public static JobResult Run(Shell shell, JobPart part, long shards, string what,
        Func<Action<JobProgress>, CancellationToken, JobResult> run, string folder)
    {
        if (part != JobPart.Whole) shell.Say($"Part {part} of {TextFormat.Count(shards, "shard")}.");
        var last = Stopwatch.GetTimestamp();
        JobResult result;
        try
        {
            result = run(progress => Tell(shell, progress, ref last), shell.Stop);
        }
        catch (JobException e)
        {
            throw new WorkException(e.Message, e);
        }
        shell.Say($"{TextFormat.Count(result.Images, what)} in {TextFormat.Count(result.Shards, "shard")}, " +
            $"{TextFormat.Duration(result.Seconds)}, {TextFormat.Count((long)Rate(result))} images/s{Kept(result.Kept)}: {folder}");
        return result;

        static string Kept(long shards) =>
            shards == 0 ? "" : $"; {TextFormat.Count(shards, "shard")} {(shards == 1 ? "was" : "were")} there";
    }

    /// <summary>A line about how far a job is, every ten seconds.</summary>
    /// <param name="shell">Hears of it.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="last">When it heard last.</param>
    public static void Tell(Shell shell, JobProgress progress, ref long last)
    {
        if (Stopwatch.GetElapsedTime(last).TotalSeconds < 10) return;
        last = Stopwatch.GetTimestamp();
        var left = progress.Left is { } time ? $"; {TextFormat.Duration(time.TotalSeconds)} left" : "";
        shell.Say($"{TextFormat.Count(progress.Done)} of {TextFormat.Count(progress.Total)}, " +
            $"{TextFormat.Count((long)progress.ImagesPerSecond)} images/s{left}");
    }

    /// <summary>What every job tells a program.</summary>
    public static JsonObject Describe(string model, JobResult result, long total, JobPart part, string format, string folder) => new()
    {
        ["model"] = model,
        ["count"] = result.Images,
        ["total"] = total,
        ["shards"] = result.Shards,
        ["kept"] = result.Kept,
        ["part"] = part.ToString(),
        ["format"] = OptionMember.KeyOf(format),
        ["output"] = Path.GetFullPath(folder),
        ["seconds"] = Math.Round(result.Seconds, 3),
        ["imagesPerSecond"] = Json.Rounded(Rate(result)),
    };

    /// <summary>Whether all of a job is there.</summary>
    public static JsonObject Verify(Shell shell, string folder)
    {
        JobCheck check;
        try
        {
            check = JobCheck.Of(folder, stop: shell.Stop);
        }
        catch (Exception e) when (e is JobException or InvalidDataException)
        {
            throw new RequestException(e.Message, e);
        }
        if (!check.IsWhole)
        {
            throw new WorkException($"{folder}: of {TextFormat.Count(check.Shards, "shard")} {TextFormat.Count(check.Missing.Count)} are " +
                $"missing{Shown(check.Missing.Select(number => number.ToString("D5", CultureInfo.InvariantCulture)))}, and " +
                $"{TextFormat.Count(check.Damaged.Count, "file")} damaged{Shown(check.Damaged.Select(file => file.File))}. The same " +
                "command makes what is missing; delete the .sha256 file of a damaged shard first.");
        }
        shell.Say($"{folder}: {TextFormat.Count(check.Shards, "shard")}, all whole");
        return new JsonObject { ["shards"] = check.Shards, ["output"] = Path.GetFullPath(folder) };

        static string Shown(IEnumerable<string> names)
        {
            string[] first = [.. names.Take(6)];
            return first.Length == 0 ? "" : $" ({string.Join(", ", first.Take(5))}{(first.Length > 5 ? ", ..." : "")})";
        }
    }

    private static double Rate(JobResult result) => result.Images / Math.Max(result.Seconds, 1e-9);
}
