using System.Text.Json.Nodes;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>Translates test pictures by the exported file, as a deployment would.</summary>
internal sealed class TranslateStage : Stage<SampleStageMetrics>
{
    public override string Name => "sample";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["samples/grid.png"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("sample");
        depends.Remove("batch-size");
        depends["test"] = run.Source("test").Fingerprint;
        return depends;
    }

    protected override SampleStageMetrics Execute(RunContext run, CancellationToken stop)
    {
        var o = run.Options.Sample;
        var folder = run.Folder["samples"];
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.png").ToArray()) File.Delete(old);
        var options = new ModelOptions { BatchSize = o.BatchSize, NoiseSeed = o.Seed };
        using var translator = TranslatorModel.Load(run.Folder.Translator, options);
        using var back = run.Options.Architecture.Cycles ? TranslatorModel.Load(run.Folder.BackTranslator, options) : null;
        // Input, output and target; or an image, the other side's, and back again, from either side.
        var sides = back is null ? 3 : 6;
        var shown = PairImages.Read(run.Source("test"), Math.Max(1, o.Grid / sides), stop);
        Pictures.SaveGrid(Beside(shown.Inputs, shown.Targets), run.Folder.Grid,
            sides * Math.Max(1, (int)Math.Round(Math.Sqrt(shown.Count / (double)sides))));
        var pairs = o.Count == 0 ? null : PairImages.Read(run.Source("test"), o.Count, stop);
        for (var first = 0; pairs is not null && first < pairs.Count; first += o.BatchSize)
        {
            stop.ThrowIfCancellationRequested();
            var (from, size) = (first, Math.Min(o.BatchSize, pairs.Count - first));
            var made = Beside(pairs.Inputs.Slice(from, size), pairs.Targets.Slice(from, size));
            Parallel.For(0, size, i => Pictures.SaveGrid(made.Slice(sides * i, sides),
                Path.Combine(folder, FormattableString.Invariant($"{from + i:D6}.png")), sides));
            run.Display.Progress("pictures", from + size, pairs.Count);
        }
        return new(pairs?.Count ?? 0, o.Seed,
            SampleRate.Measure(shown.Count, () => translator.Translate(shown.Inputs, stop), stop), translator.Device);

        ImageTensor Beside(ImageTensor inputs, ImageTensor targets)
        {
            var made = translator.Translate(inputs, stop);
            if (back is null) return ImageTensor.Interleave(inputs, made, targets);
            var other = back.Translate(targets, stop);
            return ImageTensor.Interleave(
                inputs, made, back.Translate(made, stop), targets, other, translator.Translate(other, stop));
        }
    }

    protected override string Describe(SampleStageMetrics m) =>
        $"{TextFormat.Count(m.Count, "picture")}, {TextFormat.Count((long)m.ImagesPerSecond)} images/s from ONNX";
}
