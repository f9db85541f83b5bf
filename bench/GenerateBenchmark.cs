using System.Diagnostics;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Bench;

/// <summary>
/// Generation from an ONNX file, against plain ONNX Runtime with the same file, batch and threads; picture files aside on both sides.
/// </summary>
internal static class GenerateBenchmark
{
    public const string Name = "generate/dcgan64/f64";
    private const int Batch = 64;
    private const int Batches = 8;
    private const int Rounds = 7;

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
        try
        {
            var path = Path.Combine(folder, "generator.onnx");
            using (var networks = Architectures.Create(
                new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, 64, 64), Filters = 64 }))
                GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path);
            yield return Measure(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Row Measure(string path)
    {
        const int count = Batch * Batches;
        using var model = GeneratorModel.Load(path, new ModelOptions { BatchSize = Batch });
        var pixels = model.Channels * model.Height * model.Width;
        var images = new float[count * pixels];

        using var options = new SessionOptions();
        using var session = new InferenceSession(path, options);
        using var run = new RunOptions();
        var latents = Latents.Normal(1, 0, count, model.LatentSize);
        var output = new float[Batch * pixels];

        var (ours, peer, ratio) = Pair.Measure(Ours, Plain, Rounds);
        return new Row(
            Name,
            count / ours,
            count / peer,
            "ONNX Runtime " + OrtEnv.Instance().GetVersionString(),
            "images/s",
            ratio,
            Stack.OnnxRuntime,
            "latents drawn by ours, ready-made for the peer");

        // What a caller gets: latents drawn, images generated.
        double Ours()
        {
            var watch = Stopwatch.StartNew();
            var drawn = Latents.Normal(1, 0, count, model.LatentSize);
            model.Generate(drawn, images);
            return watch.Elapsed.TotalSeconds;
        }

        double Plain()
        {
            var watch = Stopwatch.StartNew();
            for (var b = 0; b < Batches; b++)
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
