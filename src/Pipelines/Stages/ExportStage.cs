using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Writes the trained networks as ONNX, verified against Torch.</summary>
internal sealed class ExportStage : Stage<ExportMetrics>
{
    private const string Pixels = "generator-pixels.onnx";
    private const string Last = "generator-last.onnx";

    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
    [
        "models/generator.onnx", "models/README.md",
        .. run.Options.Architecture.TellsTexts ? Array.Empty<string>() : ["models/discriminator.onnx"],
        .. run.Options.Export.Pixels ? ["models/" + Pixels] : Array.Empty<string>(),
        // A training that was finished before its generator was to be evaluated has no best one.
        .. run.Options.Train.EvaluateEvery > 0 && run.Summary.Metrics<TrainMetrics>("train")?.Best is not null
            ? ["models/" + Last]
            : Array.Empty<string>(),
        // A dense discriminator has none, and only the networks themselves know.
        .. run.Summary.Metrics<ExportMetrics>("export")?.Features is not null
            ? ["models/features.onnx", .. ReducedForms.Of(run, "models/features.onnx")]
            : Array.Empty<string>(),
        .. ReducedForms.Of(run, "models/generator.onnx"),
    ];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        var checkpoint = run.Folder.Training.Checkpoint(run.TrainedStep);
        using var networks = Checkpoint.LoadNetworks(checkpoint);
        var critic = !Checkpoint.ReadInfo(checkpoint).IsProbabilistic;
        var shape = networks.Shape;
        var options = Adapters.Export(run, run.Source("train").Name);
        List<ExportResult> files = [];
        void Add(ExportResult result)
        {
            files.Add(result);
            stop.ThrowIfCancellationRequested();
        }
        // What is sampled, measured and deployed is the best generator, where one was sought; the last one lies beside it.
        using var best = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } evaluated
            ? Checkpoint.LoadNetworks(evaluated.Path)
            : null;
        Add(ModelFiles.ExportGenerator(run, best ?? networks, run.Folder.Generator));
        if (best is null) File.Delete(run.Folder["models/" + Last]);
        else Add(ModelFiles.ExportGenerator(run, networks, run.Folder["models/" + Last]));
        // One that judges images together with texts is of no use without their encoder.
        var judgesImages = run.Texts is null;
        if (judgesImages) Add(GanExporter.ExportDiscriminator(
            networks.Discriminator,
            shape.Channels,
            shape.Height,
            shape.Width,
            run.Folder.Discriminator,
            options,
            critic,
            run.Labels,
            networks.LabelPlanes));
        if (run.Options.Export.Pixels)
            Add(ModelFiles.ExportGenerator(run, best ?? networks, run.Folder["models/" + Pixels], pixels: true));
        FeatureVector? features = null;
        if (judgesImages && GanExporter.HasFeatures(networks.Discriminator))
        {
            // After the discriminator, whose own statistics stay as the training left them.
            var result = ModelFiles.ExportFeatures(run, networks, run.Folder.Features, stop);
            features = Features(result.Path);
            Add(result);
        }
        else
        {
            File.Delete(run.Folder.Features);
        }
        var generator = ReducedForms.Generator(run.Folder.Generator, stop);
        var reduced = ReducedForms.Write(run, stop, features is null
            ? [generator]
            : [generator, ReducedForms.ImageModel(run, run.Folder.Features, "features", stop)]);
        return ModelFiles.Finish(run, files, ModelCard.Gan) with { Features = features, Reduced = reduced };
    }

    private static FeatureVector Features(string path)
    {
        using var model = FeatureModel.Load(path);
        return new(model.FeatureCount, int.Parse(model.Metadata[ModelMetadata.CalibrationImages], CultureInfo.InvariantCulture),
            [.. model.Layers.Select(l => new FeatureBlock(l.Layer, l.Channels, l.Height, l.Width, l.Offset))]);
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
