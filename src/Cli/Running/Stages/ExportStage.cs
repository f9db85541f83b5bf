using System.Text.Json.Nodes;
using GanPipeline.Cli.Reporting;
using GanPipeline.Export;
using GanPipeline.Training;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Cli.Running;

/// <summary>Writes the trained networks as ONNX, verified against Torch.</summary>
internal sealed class ExportStage : Stage
{
    private const string Pixels = "generator-pixels.onnx";

    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["models/generator.onnx", "models/discriminator.onnx", "models/README.md", .. run.Options.Export.Pixels ? ["models/" + Pixels] : Array.Empty<string>()];

    public override JsonObject Depends(RunContext run) => Json.Of(run.Options.Export);

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        using var networks = Checkpoint.LoadNetworks(Path.Combine(run.Folder.Checkpoints, TrainFolder.StepName(run.Options.Train.Steps)));
        var shape = networks.Shape;
        var options = Adapters.Export(run, run.Source("train").Name);
        List<ExportResult> files = [];
        void Add(ExportResult result)
        {
            files.Add(result);
            stop.ThrowIfCancellationRequested();
        }
        Add(ExportGenerator(run, networks, run.Folder.Generator));
        Add(GanExporter.ExportDiscriminator(networks.Discriminator, shape.Channels, shape.Height, shape.Width, run.Folder.Discriminator, options));
        if (run.Options.Export.Pixels)
            Add(GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, run.Folder["models/" + Pixels], options, pixels: true));
        return Finish(run, files, ModelCard.Gan);
    }

    public override string Line(JsonObject f) => LineOf(f);

    public static ExportResult ExportGenerator(RunContext run, GanNetworks networks, string path) =>
        GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path, Adapters.Export(run, run.Source("train").Name));

    /// <summary>The figures that every export has, and the card beside the files.</summary>
    public static JsonObject Finish(RunContext run, IReadOnlyList<ExportResult> files, Func<RunContext, string> card)
    {
        run.Summary.Version("onnxruntime", OrtEnv.Instance().GetVersionString());
        Inference.AtomicFile.WriteAllText(run.Folder.Card, card(run));
        JsonObject Each(Func<ExportResult, JsonNode?> value) => new(files.Select(f => KeyValuePair.Create(Path.GetFileName(f.Path), value(f))));
        return new JsonObject
        {
            ["maxAbsDifference"] = Each(f => Json.Figure(f.MaxAbsDifference, 3)),
            ["bytes"] = Each(f => f.Bytes),
            ["foldedBatchNormalizations"] = Each(f => f.FoldedBatchNormalizations),
            ["opset"] = run.Options.Export.Opset,
        };
    }

    public static string LineOf(JsonObject f)
    {
        var differences = f["maxAbsDifference"]!.AsObject();
        return $"{Text.List(differences.Select(d => d.Key))}, within {Text.Figure(differences.Max(d => (double?)d.Value ?? 0))} of Torch";
    }
}
