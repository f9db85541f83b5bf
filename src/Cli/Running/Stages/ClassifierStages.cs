using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanPipeline.Cli.Reporting;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Cli.Running;

/// <summary>Trains a classifier. It takes minutes, so an interrupted one starts again.</summary>
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
        run.Summary.Version("libtorch", TorchSharp.torch.__version__);
        using var classifier = Create(run, train);
        List<string> metrics = [];
        double rate = 0, loss = 0;
        var result = new ClassifierTrainer(classifier, Adapters.ClassifierTraining(run.Options)).Run(train, test, p =>
        {
            run.Display.Training(new(p.Step, p.Steps, p.ImagesPerSecond, double.NaN, p.Loss, p.Accuracy, double.NaN, p.Remaining.TotalSeconds));
            (rate, loss) = (p.ImagesPerSecond, p.Loss);
            metrics.Add(string.Create(CultureInfo.InvariantCulture,
                $"{{\"step\":{p.Step},\"imagesPerSecond\":{p.ImagesPerSecond:0.#},\"loss\":{p.Loss},\"accuracy\":{p.Accuracy},\"seconds\":{p.Elapsed.TotalSeconds:0.###}}}\n"));
        }, stop);
        ClassifierCheckpoint.Save(classifier, run.Folder.Train);
        AtomicFile.WriteAllText(run.Folder.Metrics, string.Concat(metrics));
        return new JsonObject
        {
            ["steps"] = result.Steps,
            ["images"] = train.Count,
            ["classes"] = train.Classes.Count,
            ["accuracy"] = Json.Figure(result.Accuracy),
            ["heldOut"] = result.HeldOut,
            ["loss"] = Json.Figure(loss),
            ["imagesPerSecond"] = Json.Figure(rate),
        };
    }

    public override string Line(JsonObject f) => string.Create(CultureInfo.InvariantCulture,
        $"{Text.Count((long)f["steps"]!, "step")}, {(double)f["accuracy"]! * 100:0.00} % of {Text.Count((long)f["heldOut"]!)} held-out pictures right");

    private static Classifier Create(RunContext run, Data.IImageSource source)
    {
        try { return Classifier.Create(source.Shape, source.Classes, run.Options.Architecture.Features, run.Options.Train.Seed); }
        catch (ArgumentException e) { throw new RequestException($"{run.Options.Name}: a classifier of this data cannot be built: {e.Message}", e); }
    }
}

/// <summary>Writes the classifier as ONNX: features and logits.</summary>
internal sealed class ClassifierExportStage : Stage
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["models/classifier.onnx", "models/README.md"];

    public override JsonObject Depends(RunContext run) => Json.Of(run.Options.Export);

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        using var classifier = ClassifierCheckpoint.Load(run.Folder.Train);
        var options = Adapters.Export(run, run.Source("train").Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.Labels] = JsonSerializer.Serialize(classifier.Classes);
        var shape = classifier.Shape;
        var file = GanExporter.ExportClassifier(classifier.Trunk, classifier.Head, shape.Channels, shape.Height, shape.Width, run.Folder.Classifier,
            options with { Metadata = metadata });
        return ExportStage.Finish(run, [file], ModelCard.Classifier);
    }

    public override string Line(JsonObject f) => ExportStage.LineOf(f);
}
