using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Jobs;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The part of gan generate that makes images in shards.</summary>
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

    public static JsonObject Run(Shell shell, GenerationOptions options)
    {
        using var job = JobCommand.Open(() => GenerationJob.Open(options));
        var result = JobCommand.Run(shell, options.Part, job.Shards, "picture", job.Run, options.Folder);
        return JobCommand.Describe(options.ModelFile, result, job.Total, options.Part, options.Format.ToString(), options.Folder);
    }
}
