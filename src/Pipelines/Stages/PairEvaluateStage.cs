using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>
/// How near a translator's outputs on test pairs are to their targets. A number means nothing by itself, so the same are computed for what
/// costs no training: the input itself, the mean picture, and the target of the training pair with the nearest input.
/// </summary>
internal sealed class PairEvaluateStage : Stage<PairStageMetrics>
{
    private const int Batch = 64;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run)
    {
        var depends = EvaluatorFile.Depends(run);
        depends["reader"] = run.Options.Evaluate.Reader.Length == 0 ? "" : StageHash.OfFile(PairReader.Find(run.Options.Evaluate.Reader));
        if (run.Options.Export.Dropout) depends["seed"] = run.Options.Evaluate.Seed;
        return depends;
    }

    /// <summary>A reader that does not fit is found before hours of training.</summary>
    public override void Check(RunContext run)
    {
        PairImages.RequireEnough(run);
        if (run.Options.Evaluate.Reader.Length > 0) PairReader.Open(run).Dispose();
    }

    protected override PairStageMetrics Execute(RunContext run, CancellationToken stop)
    {
        var test = PairImages.Read(run.Source("test"), run.Options.Evaluate.Samples, stop);
        var known = PairImages.Read(run.Source("train"), PairBaselines.Known, stop);
        PairImages.RequireEnough(test.Count, known.Count);
        using var evaluator = run.Options.Evaluate.Classifier.Length == 0 ? null : EvaluatorFile.Open(run, test.Targets.Channels);
        var options = new ModelOptions { BatchSize = Batch, NoiseSeed = run.Options.Evaluate.Seed };
        using var translator = TranslatorModel.Load(run.Folder.Translator, options);
        PairMetrics Measure(ImageTensor images, ImageTensor? targets = null) =>
            PairMetrics.Compute(images, targets ?? test.Targets, evaluator, stop);
        run.Display.Progress("pairs", 0, test.Count);
        var outputs = translator.Translate(test.Inputs, stop);
        return new(
            Measure(outputs),
            Measure(PairBaselines.AsTarget(test)),
            Measure(PairBaselines.Mean(known.Targets, test.Count)),
            Measure(PairBaselines.Nearest(test.Inputs, known, stop)),
            Measure(translator.Translate(known.Inputs, stop), known.Targets),
            evaluator is null ? null : EvaluatorFile.Find(run.Options.Evaluate.Classifier) is var file
                ? evaluator.Metadata.GetValueOrDefault(ModelMetadata.Pipeline) ?? Path.GetFileName(Path.GetDirectoryName(file))
                : null,
            run.Options.Evaluate.Reader.Length == 0 ? null : ReadBack(run, outputs, test, stop))
        {
            Reduced = ReducedForms.Measure(run, run.Folder.Translator, form =>
            {
                using var reduced = TranslatorModel.Load(form, options);
                return Measure(reduced.Translate(test.Inputs, stop));
            }),
        };
    }

    private static ReadBackMetrics ReadBack(RunContext run, ImageTensor outputs, PairImages test, CancellationToken stop)
    {
        using var reader = PairReader.Open(run);
        var (ofOutputs, ofTargets) = (reader.Translate(outputs, stop), reader.Translate(test.Targets, stop));
        var hasClasses = run.Options.Data is { Pair: "classes", Direction: "a-to-b" };
        return new(PairMetrics.Compute(ofOutputs, test.Inputs, cancellationToken: stop),
            PairMetrics.Compute(ofTargets, test.Inputs, cancellationToken: stop),
            hasClasses ? SameClass(ofOutputs, test.Inputs) : null, hasClasses ? SameClass(ofTargets, test.Inputs) : null);
    }

    /// <summary>The share of pixels that are of one class in both.</summary>
    private static double SameClass(ImageTensor a, ImageTensor b)
    {
        var same = new long[a.Count];
        Parallel.For(0, a.Count, i => same[i] = BrickSurfaces.Read(a, i).Zip(BrickSurfaces.Read(b, i)).Count(p => p.First == p.Second));
        return same.Sum() / ((double)a.Count * a.Height * a.Width);
    }

    protected override string Describe(PairStageMetrics m) =>
        $"L1 {Text(m.Outputs.L1, m.Outputs.L1Error)} (input itself {TextFormat.Number(m.Input.L1)}, mean picture " +
        $"{TextFormat.Number(m.MeanImage.L1)}, nearest training pair {TextFormat.Number(m.Nearest.L1)}); " +
        $"PSNR {Text(m.Outputs.Psnr, m.Outputs.PsnrError)} dB" +
        (m.Outputs.Ssim is { } ssim ? $"; SSIM {Text(ssim, m.Outputs.SsimError)}" : "") +
        (m.ReadBack is { Classes: { } own, TargetClasses: { } real }
            ? $"; classes read back {TextFormat.Percent(own)} (from the targets {TextFormat.Percent(real)})"
            : m.ReadBack is { } back ? $"; read back L1 {TextFormat.Number(back.Outputs.L1)} (from the targets " +
                $"{TextFormat.Number(back.Targets.L1)})" : "");

    private static string Text(double value, double? error) => $"{TextFormat.Number(value)} +- {TextFormat.Number(error ?? 0)}";
}
