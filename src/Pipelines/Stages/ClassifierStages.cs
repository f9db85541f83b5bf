using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Trains a classifier; an interrupted training goes on from its last checkpoint.</summary>
internal sealed class ClassifierTrainStage : Stage<ClassifierTrainMetrics>
{
    public override string Name => "train";

    public override IReadOnlyList<string> Upstream => [];

    public override IReadOnlyList<string> Outputs(RunContext run)
        => ["train/classifier.json", "train/classifier.safetensors", "train/metrics.jsonl"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = new JsonObject(Identity(run).Options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));
        depends["test"] = run.Source("test").Fingerprint;
        return depends;
    }

    public override void Check(RunContext run) => TrainFolder.Check(run, Identity(run), Steps(run));

    protected override ClassifierTrainMetrics Execute(RunContext run, CancellationToken stop)
    {
        var (train, test) = (run.Source("train"), run.Source("test"));
        var options = Adapters.ClassifierTraining(run.Options, run.Folder.Train);
        var steps = Steps(run);
        var skipped = new SkippedPictures(run, train);
        TrainFolder.Prepare(run);
        LeftOutFiles.Tell(run, train);
        using var classifier = Fitting(run, () => Classifier.Create(Adapters.Classifier(run.Options, train), run.Options.Train.Seed));
        // Not before: it would load libtorch without what GanPipeline.Training sets first.
        run.Summary.Version("libtorch", TorchSharp.torch.__version__);
        var result = new ClassifierTrainer(classifier, options).Run(train, test,
            p =>
            {
                skipped.Tell();
                run.Display.Training(
                    new(p.Step, p.Steps, p.ImagesPerSecond, double.NaN, p.Loss, p.Accuracy, double.NaN, p.Remaining.TotalSeconds));
            },
            first => run.Display
                .Note($"Goes on from step {TextFormat.Count(first)} of {TextFormat.Count(steps)}, where an earlier run stopped."), stop);
        skipped.Finish();
        if (!result.Finished)
            throw new WorkException($"Stopped after {TextFormat.Count(result.Step)} of {TextFormat.Count(result.Steps)} steps. The " +
                $"same command goes on from there, and so does gan resume {run.Folder.Shown}.");
        ClassifierCheckpoint.Save(classifier, run.Folder.Train);
        var last = run.Folder.Training.ReadMetrics<FitMetrics>() is [.., var end] ? end : null;
        return new ClassifierTrainMetrics
        {
            Seconds = result.Elapsed.TotalSeconds,
            Steps = result.Step,
            ResumedFrom = result.FirstStep > 0 ? result.FirstStep : null,
            Images = train.Count,
            Classes = train.Classes.Count,
            Accuracy = result.Accuracy,
            Accuracies = classifier.Fields.Zip(result.Accuracies).ToDictionary(a => a.First.Name, a => a.Second),
            HeldOut = result.HeldOut,
            Loss = last?.Loss ?? double.NaN,
            ImagesPerSecond = last?.ImagesPerSecond ?? 0,
        };
    }

    protected override string Describe(ClassifierTrainMetrics m)
    {
        var each = m.Accuracies.Count > 1 ? $" ({string.Join(", ", m.Accuracies.Select(a => $"{a.Key} {Percent(a.Value)}"))})" : "";
        return $"{TextFormat.Count(m.Steps, "step")}, {Percent(m.Accuracy)} of {TextFormat.Count(m.HeldOut)} held-out pictures right{each}";
    }

    private static long Steps(RunContext run) =>
        ClassifierTrainer.Steps(Adapters.ClassifierTraining(run.Options, run.Folder.Train), run.Source("train").Count);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");

    private static TrainingIdentity Identity(RunContext run) => Fitting(run, () => ClassifierTrainer.Identity(
        Adapters.Classifier(run.Options, run.Source("train")), Adapters.ClassifierTraining(run.Options, run.Folder.Train), run.Source(
            "train")));

    /// <summary>Attributes that the data lacks, or that no classifier reads, are the request's mistake.</summary>
    private static T Fitting<T>(RunContext run, Func<T> build)
    {
        try { return build(); }
        catch (Exception e) when (e is ArgumentException or Data.DataSetException)
        {
            throw new RequestException($"{run.Options.Name}: a classifier of this data cannot be built: {e.Message}", e);
        }
    }
}

/// <summary>Writes the classifier as ONNX: features and logits.</summary>
internal sealed class ClassifierExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["models/classifier.onnx", "models/README.md", .. ReducedForms.Of(run, "models/classifier.onnx")];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        using var classifier = ClassifierCheckpoint.Load(run.Folder.Train);
        var options = Adapters.Export(run, run.Source("train").Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.Labels] = LabelLayout.FromFields(classifier.Fields).ToJson();
        var shape = classifier.Shape;
        var file = GanExporter.ExportClassifier(
            classifier.Trunk,
            classifier.Head,
            shape.Channels,
            shape.Height,
            shape.Width,
            run.Folder.Classifier,
            options with { Metadata = metadata });
        var reduced = ReducedForms.Write(run, stop, ReducedForms.ImageModel(run, run.Folder.Classifier, "logits", stop));
        return ModelFiles.Finish(run, [file], ModelCard.Classifier) with { Reduced = reduced };
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
