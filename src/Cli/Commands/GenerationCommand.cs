using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Generation;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The part of gan generate that makes images in shards, and looks whether they are all there.</summary>
internal static class GenerationCommand
{
    /// <summary>As <c>0-63</c> or <c>1,5,9</c>.</summary>
    /// <exception cref="RequestException">It is no such text.</exception>
    public static IReadOnlyList<long> Seeds(string text)
    {
        const int most = 1_000_000;
        List<long> seeds = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // A seed may begin with a minus.
            var dash = part.IndexOf('-', Math.Min(1, part.Length));
            var (from, to) = dash < 0 ? (part, part) : (part[..dash], part[(dash + 1)..]);
            if (!Number(from, out var first) || !Number(to, out var last) || last < first || last - first >= most - seeds.Count)
            {
                throw new RequestException(
                    $"--seeds must be numbers or ranges, as in 0-63 or 1,5,9, but is \"{TextFormat.Shorten(text)}\".");
            }
            for (var seed = first; seed <= last; seed++) seeds.Add(seed);
        }
        return seeds.Count > 0 ? seeds : throw new RequestException("--seeds names no seed.");

        static bool Number(string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The largest absolute value of a latent; null where none is given.</summary>
    /// <exception cref="RequestException">It is no such number.</exception>
    public static float? Truncation(string? text) => text is null ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= Latents.SmallestTruncation
        ? value
        : throw new RequestException(FormattableString.Invariant(
            $"--truncation must be a number of at least {Latents.SmallestTruncation}, but is \"{TextFormat.Shorten(text)}\"."));

    /// <summary>The rows of a file of latents from one of them on; 1 where it is none, of which the job tells.</summary>
    public static long RowsFrom(string file, long first)
    {
        if (!File.Exists(file)) return 1;
        using var stream = File.OpenRead(file);
        try
        {
            return Math.Max(1, NpyHeader.Read(stream).Shape[0] - first);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            return 1;
        }
    }

    /// <summary>The part that is asked for, or that a cluster gives this process.</summary>
    /// <param name="shard">As <c>3/8</c>; null asks the environment.</param>
    /// <param name="shards">How many parts there are, where the environment says the index alone; 0 where that is not given.</param>
    public static JobPart Part(string? shard, int shards)
    {
        try
        {
            if (shard is not null) return JobPart.Parse(shard);
            var part = JobPart.FromEnvironment(shards > 0 ? shards : null);
            return part is null && shards > 1
                ? throw new RequestException($"--shards {shards}: no cluster says which part this is; --shard 0/{shards} does.")
                : part ?? JobPart.Whole;
        }
        catch (FormatException e)
        {
            throw new RequestException(e.Message, e);
        }
    }

    public static JsonObject Run(Shell shell, GenerationOptions options)
    {
        using var job = Open(options);
        if (options.Part != JobPart.Whole) shell.Say($"Part {options.Part} of {TextFormat.Count(job.Shards, "shard")}.");
        var last = Stopwatch.GetTimestamp();
        GenerationResult result;
        try
        {
            result = job.Run(Progress, shell.Stop);
        }
        catch (GenerationException e)
        {
            throw new WorkException(e.Message, e);
        }
        shell.Say($"{TextFormat.Count(result.Images, "picture")} in {TextFormat.Count(result.Shards, "shard")}, " +
            $"{TextFormat.Duration(result.Seconds)}, {TextFormat.Count((long)(result.Images / Math.Max(result.Seconds, 1e-9)))} images/s" +
            $"{Kept(result.Kept)}: {options.Folder}");
        return new JsonObject
        {
            ["model"] = options.ModelFile,
            ["count"] = result.Images,
            ["total"] = job.Total,
            ["shards"] = result.Shards,
            ["kept"] = result.Kept,
            ["part"] = options.Part.ToString(),
            ["format"] = OptionMember.KeyOf(options.Format.ToString()),
            ["output"] = Path.GetFullPath(options.Folder),
            ["seconds"] = Math.Round(result.Seconds, 3),
            ["imagesPerSecond"] = Json.Rounded(result.Images / Math.Max(result.Seconds, 1e-9)),
        };

        static string Kept(long shards) =>
            shards == 0 ? "" : $"; {TextFormat.Count(shards, "shard")} {(shards == 1 ? "was" : "were")} there";

        void Progress(GenerationProgress progress)
        {
            if (Stopwatch.GetElapsedTime(last).TotalSeconds < 10) return;
            last = Stopwatch.GetTimestamp();
            var left = progress.Left is { } time ? $"; {TextFormat.Duration(time.TotalSeconds)} left" : "";
            shell.Say($"{TextFormat.Count(progress.Done)} of {TextFormat.Count(progress.Total)}, " +
                $"{TextFormat.Count((long)progress.ImagesPerSecond)} images/s{left}");
        }
    }

    /// <summary>Whether all of a job is there.</summary>
    public static JsonObject Verify(Shell shell, string folder)
    {
        JobCheck check;
        try
        {
            check = JobCheck.Of(folder, stop: shell.Stop);
        }
        catch (Exception e) when (e is GenerationException or InvalidDataException)
        {
            throw new RequestException(e.Message, e);
        }
        if (!check.IsWhole)
        {
            throw new WorkException($"{folder}: of {TextFormat.Count(check.Shards, "shard")} {TextFormat.Count(check.Missing.Count)} are " +
                $"missing{Shown(check.Missing.Select(number => number.ToString("D5", CultureInfo.InvariantCulture)))}, and " +
                $"{TextFormat.Count(check.Damaged.Count, "file")} damaged{Shown(check.Damaged.Select(file => file.File))}. The same gan " +
                "generate makes what is missing; delete the .sha256 file of a damaged shard first.");
        }
        shell.Say($"{folder}: {TextFormat.Count(check.Shards, "shard")}, all whole");
        return new JsonObject { ["shards"] = check.Shards, ["output"] = Path.GetFullPath(folder) };

        static string Shown(IEnumerable<string> names)
        {
            string[] first = [.. names.Take(6)];
            return first.Length == 0 ? "" : $" ({string.Join(", ", first.Take(5))}{(first.Length > 5 ? ", ..." : "")})";
        }
    }

    private static GenerationJob Open(GenerationOptions options)
    {
        try
        {
            return GenerationJob.Open(options);
        }
        // What is wrong with a model or a folder that the request names is the request's mistake.
        catch (Exception e) when (e is ModelException or GenerationException or ArgumentException or InvalidDataException)
        {
            throw new RequestException(e.Message.Split(" (Parameter")[0], e);
        }
    }
}
