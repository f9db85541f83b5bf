using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Trains a text encoder; an interrupted training goes on from its last checkpoint.</summary>
internal sealed class TextEncoderTrainStage : Stage<TextEncoderTrainMetrics>
{
    public override string Name => "train";

    public override IReadOnlyList<string> Upstream => [];

    public override IReadOnlyList<string> Outputs(RunContext run)
        => ["train/text-encoder.json", "train/text-encoder.safetensors", "train/metrics.jsonl"];

    public override JsonObject Depends(RunContext run) =>
        new(Identity(run).Options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));

    public override void Check(RunContext run) => TrainFolder.Check(run, Identity(run), Steps(run));

    protected override TextEncoderTrainMetrics Execute(RunContext run, CancellationToken stop)
    {
        var source = run.Source("train");
        var options = Adapters.TextEncoderTraining(run);
        var steps = Steps(run);
        var skipped = new SkippedPictures(run, source);
        TrainFolder.Prepare(run);
        LeftOutFiles.Tell(run, source);
        using var encoder = Fitting(run, () => TextEncoder.Create(Adapters.TextEncoder(run), options.Seed));
        // Not before: it would load libtorch without what GanPipeline.Training sets first.
        run.Summary.Version("libtorch", TorchSharp.torch.__version__);
        var result = Fitting(run, () => new TextEncoderTrainer(encoder, options).Run(source,
            p =>
            {
                skipped.Tell();
                run.Display.Training(
                    new(p.Step, p.Steps, p.ImagesPerSecond, double.NaN, p.Loss, p.Accuracy, double.NaN, p.Remaining.TotalSeconds));
            },
            first => run.Display
                .Note($"Goes on from step {TextFormat.Count(first)} of {TextFormat.Count(steps)}, where an earlier run stopped."), stop));
        skipped.Finish();
        if (!result.Finished)
            throw new WorkException($"Stopped after {TextFormat.Count(result.Step)} of {TextFormat.Count(result.Steps)} steps. The " +
                $"same command goes on from there, and so does gan resume {run.Folder.Shown}.");
        TextEncoderCheckpoint.Save(encoder, run.Folder.Train);
        var last = run.Folder.Training.ReadMetrics<FitMetrics>() is [.., var end] ? end : null;
        return new()
        {
            Seconds = result.Elapsed.TotalSeconds,
            Steps = result.Step,
            ResumedFrom = result.FirstStep > 0 ? result.FirstStep : null,
            Images = source.Count,
            VocabularySize = encoder.Vocabulary.Size,
            TextLength = encoder.Vocabulary.Length,
            Loss = last?.Loss ?? double.NaN,
            Accuracy = last?.Accuracy ?? 0,
            ImagesPerSecond = last?.ImagesPerSecond ?? 0,
        };
    }

    protected override string Describe(TextEncoderTrainMetrics m) =>
        $"{TextFormat.Count(m.Steps, "step")}, {TextFormat.Count(m.VocabularySize)} words, loss {TextFormat.Number(m.Loss)}";

    private static long Steps(RunContext run) =>
        TextEncoderTrainer.Steps(run.Options.TextEncoderTrain, run.Source("train").Count);

    private static TrainingIdentity Identity(RunContext run) => Fitting(run, () => TextEncoderTrainer.Identity(
        Adapters.TextEncoder(run), Adapters.TextEncoderTraining(run), run.Source("train")));

    /// <summary>Data that no text encoder can learn from is the request's mistake.</summary>
    private static T Fitting<T>(RunContext run, Func<T> work)
    {
        try { return work(); }
        catch (Exception e) when (e is ArgumentException or DataSetException)
        {
            throw new RequestException($"{run.Options.Name}: a text encoder of this data cannot be trained: {e.Message}", e);
        }
    }
}

/// <summary>Writes both encoders as ONNX.</summary>
internal sealed class TextEncoderExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["models/text-encoder.onnx", "models/image-encoder.onnx", "models/README.md"];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        using var encoder = TextEncoderCheckpoint.Load(run.Folder.Train);
        var options = Adapters.Export(run, run.Source("train").Name);
        var shape = encoder.Shape;
        return ModelFiles.Finish(run,
            [
                GanExporter.ExportTextEncoder(encoder.Text, encoder.Vocabulary, run.Folder.TextEncoder, options),
                GanExporter.ExportImageEncoder(
                    encoder.Image, shape.Channels, shape.Height, shape.Width, run.Folder.ImageEncoder, options),
            ], ModelCard.TextEncoder);
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}

/// <summary>Whether test pictures find their captions, by the exported encoders.</summary>
internal sealed class TextEncoderEvaluateStage : Stage<RetrievalMetrics>
{
    private const int Batch = 256;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("evaluate");
        depends["test"] = run.Source("test").Fingerprint;
        return depends;
    }

    /// <summary>Too few test pictures are found before the training.</summary>
    public override void Check(RunContext run)
    {
        var (count, least) = (Math.Min(run.Source("test").Count, run.Options.Retrieval.Pictures), run.Options.Retrieval.Candidates);
        if (count < least)
            throw new RequestException($"A picture chooses from {least} captions (evaluate.candidates), but there are " +
                $"{TextFormat.Count(count, "test picture")}: ask for fewer, or set more aside (data.hold-out).");
    }

    protected override RetrievalMetrics Execute(RunContext run, CancellationToken stop)
    {
        var (source, section) = (run.Source("test"), run.Options.Retrieval);
        using var texts = TextEncoderModel.Load(run.Folder.TextEncoder);
        using var images = FeatureModel.Load(run.Folder.ImageEncoder, "embedding");
        List<int> pictures = [];
        List<float> embeddings = [];
        var pixels = new float[Batch * source.Shape.Size];
        var count = Math.Min(section.Pictures, source.Count);
        // As classes may lie behind each other, or come by turns.
        foreach (var some in Spread.Indices(count, source.Count).Chunk(Batch))
        {
            var read = source.ReadUsable(some, pixels, stop);
            var vectors = new float[read.Length * images.FeatureCount];
            images.Extract(pixels.AsSpan(0, read.Length * source.Shape.Size), vectors, stop);
            pictures.AddRange(read);
            embeddings.AddRange(vectors);
            run.Display.Progress("pictures", pictures.Count, count);
        }
        string[] captions = [.. pictures.Select(index => source.DrawCaption(index, section.Seed, 0))];
        float[] ofImages = [.. embeddings], ofTexts = texts.Embed(captions, stop);
        IReadOnlyList<bool> found;
        try
        {
            found = CaptionRetrieval.FindOwnCaptions(ofImages, ofTexts, images.FeatureCount,
                [.. pictures.Select(source.CaptionGroup)], section.Candidates, section.Seed, stop);
        }
        catch (ArgumentException e)
        {
            throw new RequestException($"{run.Options.Name}: the captions of these test pictures cannot be told apart: {e.Message}", e);
        }
        int[] classes = [.. pictures.Select(source.Label)];
        var hasClasses = classes.Distinct().Count() > 1 && classes.All(label => label >= 0);
        bool[] heldOut = [.. pictures.Select(source.IsHeldOutCombination)];
        return new()
        {
            Pictures = pictures.Count,
            Candidates = section.Candidates,
            RPrecision = found.Average(f => f ? 1.0 : 0),
            ClassAccuracy = hasClasses
                ? CaptionRetrieval.FindOwnClasses(ofImages, ofTexts, images.FeatureCount, classes).Average(f => f ? 1.0 : 0) : null,
            HeldOutPictures = heldOut.Count(held => held),
            SeenRPrecision = heldOut.Contains(true) ? Share(false) : null,
            HeldOutRPrecision = Share(true),
            CaptionsWithUnknownWords = captions.Count(text => texts.Vocabulary.UnknownWords(text).Count > 0) / (double)captions.Length,
        };

        double? Share(bool held) => heldOut.Contains(held)
            ? found.Zip(heldOut).Where(f => f.Second == held).Average(f => f.First ? 1.0 : 0) : null;
    }

    protected override string Describe(RetrievalMetrics m) =>
        $"{Percent(m.RPrecision)} of {TextFormat.Count(m.Pictures, "test picture")} find their own of {m.Candidates} captions" +
        (m.HeldOutRPrecision is { } heldOut ? $", {Percent(heldOut)} of those of combinations never seen" : "") +
        (m.ClassAccuracy is { } classes ? $", {Percent(classes)} their class" : "");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
