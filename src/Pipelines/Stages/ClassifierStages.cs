using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Trains a classifier; an interrupted training goes on from its last checkpoint.</summary>
internal sealed class ClassifierTrainStage : Stage
{
    public override string Name => "train";

    public override IReadOnlyList<string> Upstream => [];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["train/classifier.json", "train/classifier.safetensors", "train/metrics.jsonl"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = TrainFolder.Identity(run);
        depends["test"] = run.Source("test").Fingerprint;
        return depends;
    }

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        var (train, test) = (run.Source("train"), run.Source("test"));
        var options = Adapters.ClassifierTraining(run.Options, run.Folder.Train);
        var steps = ClassifierTrainer.Steps(options, train.Count);
        TrainFolder.Prepare(run, steps);
        run.Summary.Version("libtorch", TorchSharp.torch.__version__);
        using var classifier = Create(run, train);
        var metrics = new ClassifierMetrics(run.Folder.Metrics);
        var result = new ClassifierTrainer(classifier, options).Run(train, test, p =>
        {
            run.Display.Training(new(p.Step, p.Steps, p.ImagesPerSecond, double.NaN, p.Loss, p.Accuracy, double.NaN, p.Remaining.TotalSeconds));
            metrics.Add(p);
        }, first => run.Display.Note($"Goes on from step {TextFormat.Count(first)} of {TextFormat.Count(steps)}, where an earlier run stopped."), stop);
        if (!result.Finished)
            throw new WorkException($"Stopped after {TextFormat.Count(result.Step)} of {TextFormat.Count(result.Steps)} steps. The same command goes on from there.");
        ClassifierCheckpoint.Save(classifier, run.Folder.Train);
        var last = Metrics.Read(run.Folder.Metrics) is [.., var end] ? end : null;
        return new JsonObject
        {
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 3),
            ["steps"] = result.Step,
            ["resumedFrom"] = result.FirstStep > 0 ? result.FirstStep : null,
            ["images"] = train.Count,
            ["classes"] = train.Classes.Count,
            ["accuracy"] = Json.Figure(result.Accuracy),
            ["accuracies"] = new JsonObject([.. classifier.Fields.Zip(result.Accuracies, (f, a) => KeyValuePair.Create(f.Name, Json.Figure(a)))]),
            ["heldOut"] = result.HeldOut,
            ["loss"] = Json.Figure(last?.GeneratorLoss ?? double.NaN),
            ["imagesPerSecond"] = Json.Figure(last?.ImagesPerSecond ?? 0),
        };
    }

    public override string Line(JsonObject f)
    {
        var fields = f["accuracies"] as JsonObject ?? [];
        var each = fields.Count > 1 ? $" ({string.Join(", ", fields.Select(a => $"{a.Key} {Percent(a.Value!)}"))})" : "";
        return $"{TextFormat.Count((long)f["steps"]!, "step")}, {Percent(f["accuracy"]!)} of {TextFormat.Count((long)f["heldOut"]!)} held-out pictures right{each}";
    }

    private static string Percent(JsonNode share) => string.Create(CultureInfo.InvariantCulture, $"{(double)share * 100:0.00} %");

    private static Classifier Create(RunContext run, Data.IImageSource source)
    {
        try { return Classifier.Create(Adapters.Classifier(run.Options, source), run.Options.ClassifierTrain.Seed); }
        catch (Exception e) when (e is ArgumentException or Data.DataSetException)
        {
            throw new RequestException($"{run.Options.Name}: a classifier of this data cannot be built: {e.Message}", e);
        }
    }
}

/// <summary>Writes the classifier as ONNX: features and logits.</summary>
internal sealed class ClassifierExportStage : Stage
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["models/classifier.onnx", "models/README.md"];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        using var classifier = ClassifierCheckpoint.Load(run.Folder.Train);
        var options = Adapters.Export(run, run.Source("train").Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.Labels] = LabelLayout.FromFields(classifier.Fields).ToJson();
        var shape = classifier.Shape;
        var file = GanExporter.ExportClassifier(classifier.Trunk, classifier.Head, shape.Channels, shape.Height, shape.Width, run.Folder.Classifier,
            options with { Metadata = metadata });
        return ExportStage.Finish(run, [file], ModelCard.Classifier);
    }

    public override string Line(JsonObject f) => ExportStage.LineOf(f);
}
