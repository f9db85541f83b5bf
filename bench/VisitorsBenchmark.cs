using System.Diagnostics;
using System.Text.RegularExpressions;

namespace GanPipeline.Bench;

/// <summary>
/// The public page with 100 visitors at once, each of whom opens the page and then its picture, beside the sample server that gives
/// pictures alone.
/// </summary>
internal static partial class VisitorsBenchmark
{
    public const string Name = "studio/visitors";

    private const int Visitors = 100, Timed = 4000, Rounds = 5, Warm = 4000;

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        var model = Path.Combine(Environment.GetEnvironmentVariable("GAN_ROOT") ?? ".", "models", "quickstart", "generator.onnx");
        using var page = new ServerProcess("GanPipeline.Studio", "--page", model, "--port", "0");
        using var pictures = new ServerProcess("PictureServer", model, "--urls", "http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.AspNetCore", "Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information");
        List<double> milliseconds = [];
        Visit(page, Warm, []);
        var before = page.Bytes;
        var (own, peer, ratio) = Pair.Measure(() => Visit(page, Timed, milliseconds), () => Ask(pictures), Rounds);
        milliseconds.Sort();
        yield return new(Name, Timed / own, Timed / peer, "PictureServer, pictures alone", "visits/s", ratio, Stack.OnnxRuntime,
            FormattableString.Invariant($"{Visitors} at once; 50 of 100 within {milliseconds[milliseconds.Count / 2]:F0} ms, ") +
            FormattableString.Invariant($"99 within {milliseconds[milliseconds.Count * 99 / 100]:F0}; memory {before / 1e6:F0} MB after ") +
            FormattableString.Invariant($"{Warm:N0} visits, {page.Bytes / 1e6:F0} after {Warm + milliseconds.Count:N0}"));
    }

    /// <summary>Page and picture; the seconds for all.</summary>
    /// <exception cref="BenchmarkException">An answer is missing.</exception>
    private static double Visit(ServerProcess server, int count, List<double> milliseconds) => Each(count, async _ =>
    {
        var came = Stopwatch.GetTimestamp();
        var picture = Picture().Match(await server.Client.GetStringAsync("/").ConfigureAwait(false)).Value;
        if (picture.Length == 0) throw new BenchmarkException("the page has no picture");
        await server.Client.GetByteArrayAsync(picture).ConfigureAwait(false);
        lock (milliseconds) milliseconds.Add(Stopwatch.GetElapsedTime(came).TotalMilliseconds);
    });

    private static double Ask(ServerProcess server) => Each(Timed, async i =>
        await server.Client.GetByteArrayAsync(FormattableString.Invariant($"/image.png?seed={i}")).ConfigureAwait(false));

    private static double Each(int count, Func<int, Task> ask)
    {
        var watch = Stopwatch.StartNew();
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Visitors },
            async (i, _) => await ask(i).ConfigureAwait(false)).GetAwaiter().GetResult();
        return watch.Elapsed.TotalSeconds;
    }

    [GeneratedRegex(@"/pictures/[^""]+\.png")]
    private static partial Regex Picture();
}
