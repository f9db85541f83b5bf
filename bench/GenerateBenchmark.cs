using System.Diagnostics;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Bench;

/// <summary>
/// Generation from an ONNX file, against plain ONNX Runtime with the same file, batch and threads, and from its 8-bit form against plain
/// ONNX Runtime with the original; picture files aside on both sides.
/// </summary>
internal static class GenerateBenchmark
{
    private const int Batch = 64;
    private const int Rounds = 7;
    private const string Int8 = "/int8";
    private static readonly int[] _sizes = [64, 16];

    public static IEnumerable<string> Names => _sizes.SelectMany(filters => new[] { Name(filters), Name(filters) + Int8 });

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var filters in _sizes)
        {
            var name = Name(filters);
            string[] asked = [.. new[] { name, name + Int8 }.Where(row => Selection.Matches(filter, row))];
            if (asked.Length == 0) continue;
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                string path = Path.Combine(folder, "generator.onnx"), reduced = Path.Combine(folder, "int8.onnx");
                using (var networks = Architectures.Create(
                    new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, 64, 64), Filters = filters }))
                    GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path);
                // About a second a side and round on two cores.
                var batches = filters == 64 ? 8 : 64;
                foreach (var row in asked)
                {
                    if (row == name) yield return Measure(row, path, path, batches, "latents drawn by ours, ready-made for the peer");
                    else
                    {
                        ReducedPrecision.WriteGenerator(path, reduced, ModelPrecision.Int8);
                        yield return Measure(row, reduced, path, batches, "in 8 bits, against the original; latents as above");
                    }
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Name(int filters) => $"generate/dcgan64/f{filters}";

    private static Row Measure(string name, string own, string plain, int batches, string note)
    {
        var count = Batch * batches;
        using var model = GeneratorModel.Load(own, new ModelOptions { BatchSize = Batch });

        using var options = new SessionOptions();
        using var session = new InferenceSession(plain, options);
        using var run = new RunOptions();
        var latents = Latents.Normal(1, 0, count, model.LatentSize);
        var output = new float[Batch * model.ImageSize];

        var (ours, peer, ratio) = Pair.Measure(Ours, Plain, Rounds);
        return new Row(
            name,
            count / ours,
            count / peer,
            "ONNX Runtime " + OrtEnv.Instance().GetVersionString(),
            "images/s",
            ratio,
            Stack.OnnxRuntime,
            note);

        // Latents drawn, images generated and looked through for numbers that are none; in the memory of one batch, like the peer's.
        double Ours()
        {
            var watch = Stopwatch.StartNew();
            foreach (var _ in model.SampleBatches(count, seed: 1, reuse: true)) { }
            return watch.Elapsed.TotalSeconds;
        }

        double Plain()
        {
            var watch = Stopwatch.StartNew();
            for (var b = 0; b < batches; b++)
            {
                var batch = latents.AsMemory(b * Batch * model.LatentSize, Batch * model.LatentSize);
                using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, batch, [Batch, model.LatentSize]);
                using var result = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance,
                    output.AsMemory(),
                    [Batch, model.Channels, model.Height, model.Width]);
                session.Run(run, ["latent"], [input], ["image"], [result]);
            }
            return watch.Elapsed.TotalSeconds;
        }
    }
}
