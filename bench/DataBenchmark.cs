using System.Diagnostics;
using GanPipeline.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Bench;

/// <summary>
/// Batches of pictures read from a folder of JPEG files, decoded, cut to a square and resized, against PyTorch's DataLoader with as many
/// workers. Nothing is kept in memory on either side but the files, by the system.
/// </summary>
internal static class DataBenchmark
{
    private const int Batch = 64;
    private const int Rounds = 7;
    private const int Seed = 1;

    private static readonly Case[] _cases =
    [
        new("data/jpeg32", Width: 32, Height: 32, Side: 32, Pictures: 4000, Batches: 60),
        new("data/photographs640", Width: 640, Height: 480, Side: 64, Pictures: 400, Batches: 16),
    ];

    public static IEnumerable<string> Names => _cases.Select(c => c.Name);

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var c in _cases.Where(c => Selection.Matches(filter, c.Name)))
        {
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                Write(c, folder);
                if (Measure(c, folder) is { } row) yield return row;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static Row? Measure(Case c, string folder)
    {
        var workers = Environment.ProcessorCount;
        using var peer = PeerProcess.TryPyTorch("loading.py", folder, c.Side, Batch, workers);
        if (peer is null) return null;
        using var source = DataSets.Open(new() { Kind = "folder", Path = folder, Size = c.Side, Split = "all" });
        using var loader = new BatchLoader(source, new() { BatchSize = Batch, Workers = workers, CacheBytes = 0 });
        var (ours, theirs, ratio) = Pair.Measure(Load, () => peer.Run(c.Batches), Rounds);
        var images = (double)Batch * c.Batches;
        return new(c.Name, images / ours, images / theirs, peer.Name, "images/s", ratio, "files in the system's cache");

        double Load()
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < c.Batches; i++) loader.Next().Dispose();
            return watch.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Pictures with soft shapes and some grain, so that their files are as large as photographs'.</summary>
    private static void Write(Case c, string folder)
    {
        var random = new Random(Seed);
        for (var number = 0; number < c.Pictures; number++)
        {
            var phases = Enumerable.Range(0, 12).Select(_ => random.NextSingle() * 6.28f).ToArray();
            using var image = new Image<Rgb24>(c.Width, c.Height);
            for (var y = 0; y < c.Height; y++)
            {
                for (var x = 0; x < c.Width; x++) image[x, y] = Pixel(phases, (float)x / c.Width, (float)y / c.Height, random.Next(16));
            }
            image.SaveAsJpeg(Path.Combine(folder, $"{number:d5}.jpg"));
        }
    }

    private static Rgb24 Pixel(float[] phases, float x, float y, int grain)
    {
        return new(Channel(0), Channel(4), Channel(8));

        byte Channel(int i) => (byte)(112 + grain + 60 * MathF.Sin(phases[i] + 9 * x) * MathF.Cos(phases[i + 1] + 7 * y)
            + 40 * MathF.Sin(phases[i + 2] + 31 * x + 23 * y + phases[i + 3]));
    }

    private sealed record Case(string Name, int Width, int Height, int Side, int Pictures, int Batches);
}
