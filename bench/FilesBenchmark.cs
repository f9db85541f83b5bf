using System.Diagnostics;
using GanPipeline.Export;
using GanPipeline.Jobs;
using GanPipeline.Training;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Bench;

/// <summary>
/// From latents to PNG files on the disk, checksums included: a <see cref="GenerationJob"/> against plain ONNX Runtime with ImageSharp,
/// PyTorch in eager mode with Pillow, and ONNX Runtime for Node.js with sharp, each as its user writes it, with the same network and batch.
/// </summary>
internal static class FilesBenchmark
{
    private const int Batch = 64, Rounds = 5, Channels = 3, Side = 64;

    private static readonly int[] _sizes = [64, 16];

    public static IEnumerable<string> Names => _sizes.Select(Name);

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var filters in _sizes)
        {
            if (!Selection.Matches(filter, Name(filters))) continue;
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                var model = Path.Combine(folder, "generator.onnx");
                using (var networks = Architectures.Create(
                    new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(Channels, Side, Side), Filters = filters }))
                    GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, model);
                foreach (var row in Measure(filters, model, folder)) yield return row;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Name(int filters) => $"files/dcgan64/f{filters}";

    private static IEnumerable<Row> Measure(int filters, string model, string folder)
    {
        // A few seconds a side and round on two cores.
        var count = Batch * (filters == 64 ? 24 : 64);
        using var session = new InferenceSession(model);
        var threads = Environment.ProcessorCount;
        PeerProcess?[] processes =
        [
            PeerProcess.TryPyTorch("files.py", filters, Batch, threads, "cpu", Path.Combine(folder, "pytorch")), PeerProcess.TryNode(
                "files.cjs", model, Batch, Channels, Side, Path.Combine(folder, "node")),
        ];
        PeerProcess[] peers = [.. processes.OfType<PeerProcess>()];
        try
        {
            var (ours, measured) = Pair.Measure(
                Ours, [Plain, .. peers.Select(peer => (Func<double>)(() => peer.Run(count / Batch)))], Rounds);
            var names = peers.Select(peer => peer.Name).Prepend("ONNX Runtime " + OrtEnv.Instance().GetVersionString() + ", ImageSharp");
            foreach (var (name, peer) in names.Zip(measured))
                yield return new(Name(filters), count / ours, count / peer.Seconds, name, "images/s", peer.Ratio, Stack.OnnxRuntime);
        }
        finally
        {
            foreach (var peer in peers) peer.Dispose();
        }

        double Ours()
        {
            var watch = Stopwatch.StartNew();
            var target = Path.Combine(folder, "ours");
            using (var job = GenerationJob.Open(new()
            {
                ModelFile = model, Folder = target, Count = count, Seeds = [1], Model = new() { BatchSize = Batch },
            }))
            {
                job.Run();
            }
            var seconds = watch.Elapsed.TotalSeconds;
            Directory.Delete(target, recursive: true);
            return seconds;
        }

        double Plain()
        {
            var watch = Stopwatch.StartNew();
            var target = Directory.CreateDirectory(Path.Combine(folder, "plain")).FullName;
            PlainFiles.Write(session, count, target);
            var seconds = watch.Elapsed.TotalSeconds;
            Directory.Delete(target, recursive: true);
            return seconds;
        }
    }
}

/// <summary>The peer: what a program without this project does.</summary>
internal static class PlainFiles
{
    private const int Batch = 64;

    public static void Write(InferenceSession session, int count, string folder)
    {
        var latentSize = session.InputMetadata["latent"].Dimensions[1];
        var shape = session.OutputMetadata["image"].Dimensions;
        int channels = shape[1], height = shape[2], width = shape[3], plane = height * width;
        var random = new Random(1);
        using var run = new RunOptions();
        for (var first = 0; first < count; first += Batch)
        {
            var latents = new float[Batch * latentSize];
            for (var i = 0; i < latents.Length; i++) latents[i] = Normal(random);
            using var input = OrtValue.CreateTensorValueFromMemory(latents, [Batch, latentSize]);
            using var results = session.Run(run, ["latent"], [input], ["image"]);
            var images = results[0].GetTensorDataAsSpan<float>().ToArray();
            Parallel.For(0, Batch, i =>
            {
                using var picture = new Image<Rgb24>(width, height);
                picture.ProcessPixelRows(rows =>
                {
                    for (var y = 0; y < height; y++)
                    {
                        var row = rows.GetRowSpan(y);
                        for (var x = 0; x < width; x++)
                        {
                            var at = i * channels * plane + y * width + x;
                            row[x] = new Rgb24(Byte(images[at]), Byte(images[at + plane]), Byte(images[at + 2 * plane]));
                        }
                    }
                });
                picture.SaveAsPng(Path.Combine(folder, $"{first + i:D6}.png"));
            });
        }
    }

    private static byte Byte(float value) => (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255);

    // Box and Muller 1958.
    private static float Normal(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
