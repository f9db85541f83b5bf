using System.Diagnostics;
using System.Globalization;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Bench;

/// <summary>
/// The sample that serves pictures, with requests that share batches and without, asked by 32 connections; first, 100,000 of its answers
/// are compared with the pictures that the library makes.
/// </summary>
internal static class ServerBenchmark
{
    public const string Name = "server/pictures";

    private const int Connections = 32, Checked = 100_000, Timed = 10_000, Rounds = 5, Seeds = 1000, Side = 32;

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
        try
        {
            var model = Path.Combine(folder, "generator.onnx");
            using (var networks = Architectures.Create(new() { Name = "dcgan", Shape = new(1, Side, Side), Filters = 32 }))
                GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, model);
            yield return Measure(model);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Row Measure(string model)
    {
        using ServerProcess shared = Start(model, 64), alone = Start(model, 1);
        Check(shared, model, Checked / 10);
        var before = shared.Bytes;
        Check(shared, model, Checked - Checked / 10);
        var after = shared.Bytes;
        List<double> ours = [], theirs = [];
        var (own, peer, ratio) = Pair.Measure(() => Ask(shared, ours), () => Ask(alone, theirs), Rounds);
        return new(Name, Timed / own, Timed / peer, "PictureServer, each request alone", "requests/s", ratio, Stack.OnnxRuntime,
            FormattableString.Invariant($"99 of 100 within {Percentile(ours):F0} ms, against {Percentile(theirs):F0}; ") +
            FormattableString.Invariant($"{Checked:N0} answers compared, all right; memory {before / 1e6:F0} MB after a tenth of them, ") +
            FormattableString.Invariant($"{after / 1e6:F0} in the end"));
    }

    private static ServerProcess Start(string model, int batch) => new("PictureServer", model, "--urls", "http://127.0.0.1:0",
        "--Generator:BatchSize", batch.ToString(CultureInfo.InvariantCulture), "--Logging:LogLevel:Microsoft.AspNetCore", "Warning",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information");

    private static double Percentile(List<double> milliseconds)
    {
        milliseconds.Sort();
        return milliseconds[milliseconds.Count * 99 / 100];
    }

    /// <summary>Asks for pictures of seeds over and over.</summary>
    /// <returns>The seconds for all.</returns>
    private static double Ask(ServerProcess server, List<double> milliseconds)
    {
        var watch = Stopwatch.StartNew();
        Each(Timed, async i =>
        {
            var asked = Stopwatch.GetTimestamp();
            await server.Client.GetByteArrayAsync(Address(i)).ConfigureAwait(false);
            lock (milliseconds) milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        });
        return watch.Elapsed.TotalSeconds;
    }

    /// <exception cref="BenchmarkException">An answer is missing, or shows another picture.</exception>
    private static void Check(ServerProcess server, string path, int count)
    {
        using var model = GeneratorModel.Load(path);
        var right = Enumerable.Range(0, Seeds).Select(seed => model.SamplePixels(1, seed)).ToArray();
        Each(count, async i =>
        {
            using var image = Image.Load<L8>(await server.Client.GetByteArrayAsync(Address(i)).ConfigureAwait(false));
            var pixels = new byte[Side * Side];
            image.CopyPixelDataTo(pixels);
            // Batches of other sizes round otherwise.
            for (var p = 0; p < pixels.Length; p++)
            {
                if (Math.Abs(pixels[p] - right[i % Seeds][p]) > 1)
                    throw new BenchmarkException($"the server's picture of seed {i % Seeds} is another one");
            }
        });
    }

    private static string Address(int i) => string.Create(CultureInfo.InvariantCulture, $"/image.png?seed={i % Seeds}");

    private static void Each(int count, Func<int, Task> ask) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => await ask(i).ConfigureAwait(false))
        .GetAwaiter().GetResult();
}
