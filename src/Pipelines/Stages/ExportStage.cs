using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using OrtEnv = Microsoft.ML.OnnxRuntime.OrtEnv;

namespace GanPipeline.Pipelines;

/// <summary>Writes the trained networks as ONNX, verified against Torch.</summary>
internal sealed class ExportStage : Stage
{
    private const string Pixels = "generator-pixels.onnx";
    private const string Last = "generator-last.onnx";

    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
    [
        "models/generator.onnx", "models/discriminator.onnx", "models/README.md",
        .. run.Options.Export.Pixels ? ["models/" + Pixels] : Array.Empty<string>(),
        .. run.Options.Train.EvaluateEvery > 0 ? ["models/" + Last] : Array.Empty<string>(),
        // A dense discriminator has none, and only the networks themselves know.
        .. run.Figure("export", "features") is not null ? ["models/features.onnx"] : Array.Empty<string>(),
    ];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        var checkpoint = Path.Combine(run.Folder.Checkpoints, TrainFolder.StepName(run.Options.Train.Steps));
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
        using var best = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } evaluated ? Checkpoint.LoadNetworks(evaluated.Path) : null;
        Add(ExportGenerator(run, best ?? networks, run.Folder.Generator));
        if (best is null) File.Delete(run.Folder["models/" + Last]);
        else Add(ExportGenerator(run, networks, run.Folder["models/" + Last]));
        Add(GanExporter.ExportDiscriminator(networks.Discriminator, shape.Channels, shape.Height, shape.Width, run.Folder.Discriminator, options,
            critic, run.Labels, networks.LabelPlanes));
        if (run.Options.Export.Pixels)
            Add(ExportGenerator(run, best ?? networks, run.Folder["models/" + Pixels], pixels: true));
        JsonObject? features = null;
        if (GanExporter.HasFeatures(networks.Discriminator))
        {
            // After the discriminator, whose own statistics stay as the training left them.
            var result = ExportFeatures(run, networks, run.Folder.Features, stop);
            features = Features(result.Path);
            Add(result);
        }
        else
        {
            File.Delete(run.Folder.Features);
        }
        var figures = Finish(run, files, ModelCard.Gan);
        if (features is not null) figures["features"] = features;
        return figures;
    }

    /// <summary>The discriminator's features, its batch normalisation calibrated on training pictures; changes the network's statistics.</summary>
    public static ExportResult ExportFeatures(RunContext run, GanNetworks networks, string path, CancellationToken stop)
    {
        var source = run.Source("train");
        var images = BatchStatistics.Calibrate(networks.Discriminator, source, run.Options.Export.Calibration, networks.LabelSize, stop);
        var options = Adapters.Export(run, source.Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.CalibrationImages] = images.ToString(CultureInfo.InvariantCulture);
        var shape = networks.Shape;
        return GanExporter.ExportFeatures(networks.Discriminator, shape.Channels, shape.Height, shape.Width, path, options with { Metadata = metadata }, networks.LabelSize,
            run.Options.Export.Mirror);
    }

    private static JsonObject Features(string path)
    {
        using var model = FeatureModel.Load(path);
        return new JsonObject
        {
            ["count"] = model.FeatureCount,
            ["calibrationImages"] = int.Parse(model.Metadata[ModelMetadata.CalibrationImages], CultureInfo.InvariantCulture),
            ["layers"] = new JsonArray([.. model.Layers.Select(l => new JsonObject
            {
                ["layer"] = l.Layer, ["channels"] = l.Channels, ["height"] = l.Height, ["width"] = l.Width, ["offset"] = l.Offset,
            })]),
        };
    }

    public override string Line(JsonObject f) => LineOf(f);

    public static ExportResult ExportGenerator(RunContext run, GanNetworks networks, string path, bool pixels = false)
    {
        var source = run.Source("train");
        var options = Adapters.Export(run, source.Name);
        // The values of a single field need no examples.
        if (run.Labels is { Fields: not [{ Choices: > 0 }] } labels)
        {
            var metadata = options.Metadata.ToDictionary();
            metadata[ModelMetadata.LabelExamples] = source.TakeLabelExamples(labels).ToJson();
            options = options with { Metadata = metadata };
        }
        return GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path, options, pixels, run.Labels);
    }

    /// <summary>The figures that every export has, and the card beside the files.</summary>
    public static JsonObject Finish(RunContext run, IReadOnlyList<ExportResult> files, Func<RunContext, string> card)
    {
        run.Summary.Version("onnxruntime", OrtEnv.Instance().GetVersionString());
        AtomicFile.WriteAllText(run.Folder.Card, card(run));
        JsonObject Each(Func<ExportResult, JsonNode?> value) => new(files.Select(f => KeyValuePair.Create(Path.GetFileName(f.Path), value(f))));
        return new JsonObject
        {
            ["maxAbsDifference"] = Each(f => Json.Figure(f.MaxAbsDifference, 3)),
            ["bytes"] = Each(f => f.Bytes),
            ["foldedBatchNormalizations"] = Each(f => f.FoldedBatchNormalizations),
            ["opset"] = run.Options.Onnx.Opset,
        };
    }

    public static string LineOf(JsonObject f)
    {
        var differences = f["maxAbsDifference"]!.AsObject();
        return $"{TextFormat.List(differences.Select(d => d.Key))}, within {TextFormat.Figure(differences.Max(d => (double?)d.Value ?? 0))} of Torch";
    }
}
