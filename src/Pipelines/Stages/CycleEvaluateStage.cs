using System.Text.Json.Nodes;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>
/// How well a translator works both ways on test images: what comes back, whether outputs are like the side that they should be of, and, of
/// pairs that training never saw, how near they are to the truth and whether they still show what the inputs show.
/// </summary>
internal sealed class CycleEvaluateStage : Stage<CycleStageMetrics>
{
    private const int Batch = 64;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run) => EvaluatorFile.Depends(run);

    /// <summary>A classifier that does not fit is found before hours of training.</summary>
    public override void Check(RunContext run)
    {
        PairImages.RequireEnough(run);
        if (run.Options.Evaluate.Classifier.Length > 0) EvaluatorFile.Open(run, run.Architecture.Shape.Channels).Dispose();
    }

    protected override CycleStageMetrics Execute(RunContext run, CancellationToken stop)
    {
        var source = run.Source("test");
        var test = PairImages.Read(source, run.Options.Evaluate.Samples, stop);
        var known = PairImages.Read(run.Source("train"), run.Options.Evaluate.Samples, stop);
        PairImages.RequireEnough(test.Count, known.Count);
        using var reader = run.Options.Evaluate.Classifier.Length == 0 ? null
            : CycleReader.Open(EvaluatorFile.Find(run.Options.Evaluate.Classifier), source);
        run.Display.Progress("images", 0, 2 * test.Count);
        var forth = Direction(
            run, reader, test, test.Inputs, test.Targets, known.Targets, run.Folder.Translator, run.Folder.BackTranslator, stop);
        run.Display.Progress("images", test.Count, 2 * test.Count);
        return new(forth, Direction(
            run, reader, test, test.Targets, test.Inputs, known.Inputs, run.Folder.BackTranslator, run.Folder.Translator, stop));
    }

    private static CycleDirection Direction(RunContext run, CycleReader? reader, PairImages test, ImageTensor inputs, ImageTensor targets,
        ImageTensor known, string translator, string backTranslator, CancellationToken stop)
    {
        var options = new ModelOptions { BatchSize = Batch };
        using var there = TranslatorModel.Load(translator, options);
        using var back = TranslatorModel.Load(backTranslator, options);
        var outputs = there.Translate(inputs, stop);
        var isPaired = run.Source("test").IsPaired;
        var sameChannels = inputs.Channels == targets.Channels;
        var file = run.Options.Evaluate.Classifier;
        // Where the two sides' channels differ, the classifier takes those of the outputs only.
        using var evaluator = file.Length > 0 && targets.Channels == run.Architecture.Shape.Channels
            ? EvaluatorFile.Open(run, targets.Channels) : Evaluator.OfPixels(targets.Channels);
        var reference = Extract(targets);
        var (distance, error) = reference.FrechetWithError(Extract(outputs));
        return new(
            PairMetrics.Compute(back.Translate(outputs, stop), inputs, cancellationToken: stop),
            new(distance, error, sameChannels ? reference.FrechetDistance(Extract(inputs)) : null,
                reference.FrechetDistance(Extract(known))),
            evaluator.Metadata.Count == 0 ? "pixels at 16 x 16"
                : evaluator.Metadata.GetValueOrDefault(ModelMetadata.Pipeline) ?? Path.GetFileName(file),
            isPaired ? PairMetrics.Compute(outputs, targets, cancellationToken: stop) : null,
            isPaired && sameChannels ? PairMetrics.Compute(inputs, targets, cancellationToken: stop) : null,
            reader?.Style(outputs, targets, inputs, stop),
            isPaired ? reader?.Kept(outputs, targets, test.Pictures, stop) : null)
        {
            Reduced = ReducedForms.Measure(run, translator, form =>
            {
                using var reduced = TranslatorModel.Load(form, options);
                return reference.FrechetDistance(Extract(reduced.Translate(inputs, stop)));
            }),
        };

        FeatureSet Extract(ImageTensor images) => evaluator.Extract(
            Enumerable.Range(0, (images.Count + Batch - 1) / Batch)
                .Select(i => images.Slice(i * Batch, Math.Min(Batch, images.Count - i * Batch))), cancellationToken: stop);
    }

    protected override string Describe(CycleStageMetrics m) => $"there: {Text(m.Forth)}; back: {Text(m.Back)}";

    private static string Text(CycleDirection m) => $"L1 after both ways {TextFormat.Number(m.Cycle.L1)}, Frechet distance " +
        $"{TextFormat.Number(m.Frechet.Outputs)} ({(m.Frechet.Inputs is { } inputs ? $"inputs {TextFormat.Number(inputs)}, " : "")}" +
        $"real {TextFormat.Number(m.Frechet.Real)})" +
        (m.Truth is { } truth ? $", L1 to the truth {TextFormat.Number(truth.L1)}" : "") +
        (m.Style is { } style ? $", style read {TextFormat.Percent(style.Outputs)}" : "") +
        string.Concat((m.Kept ?? new Dictionary<string, ReadShares>()).Select(kept =>
            $", {kept.Key} {TextFormat.Percent(kept.Value.Outputs)} (of {TextFormat.Percent(kept.Value.Real)})"));
}
