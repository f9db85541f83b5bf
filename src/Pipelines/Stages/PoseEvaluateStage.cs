using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>
/// How near the images for wanted poses are to the targets of test pairs, beside what costs no training; of bricks also whether the wanted
/// view and the kind of brick can be read from them (<see cref="BrickViews"/>), and from the targets themselves.
/// </summary>
internal sealed class PoseEvaluateStage : Stage<PoseStageMetrics>
{
    private const int Batch = 64;

    // Reading a view takes some hundred renders.
    private const int MostRead = 100;

    private const double Near = 5;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run) => new()
    {
        ["samples"] = run.Options.Evaluate.Samples,
        ["test"] = run.Source("test").Fingerprint,
    };

    public override void Check(RunContext run) => PairImages.RequireEnough(run);

    protected override PoseStageMetrics Execute(RunContext run, CancellationToken stop)
    {
        var test = PoseImages.Read(run.Source("test"), run.Options.Evaluate.Samples, stop);
        var known = PoseImages.Read(run.Source("train"), PairBaselines.Known, stop);
        PairImages.RequireEnough(test.Count, known.Count);
        using var model = PoseGeneratorModel.Load(run.Folder.PoseGenerator, new ModelOptions { BatchSize = Batch });
        run.Display.Progress("pairs", 0, test.Count);
        var (outputs, coarse) = (model.Generate(test.Images, test.Poses, stop), model.GenerateCoarse(test.Images, test.Poses, stop));
        var nearest = PairBaselines.Nearest(test.Pairs.Inputs, known.Pairs, stop);
        return new(
            Measure(outputs),
            Measure(coarse),
            Measure(test.Images),
            Measure(PairBaselines.Mean(known.Targets, test.Count)),
            Measure(nearest),
            PairMetrics.Compute(model.Generate(known.Images, known.Poses, stop), known.Targets, cancellationToken: stop),
            run.Options.Data.Kind == "bricks" ? ReadBack() : null)
        {
            Reduced = ReducedForms.Measure(run, run.Folder.PoseGenerator, form =>
            {
                using var reduced = PoseGeneratorModel.Load(form, new ModelOptions { BatchSize = Batch });
                return Measure(reduced.Generate(test.Images, test.Poses, stop));
            }),
        };

        PairMetrics Measure(ImageTensor images) => PairMetrics.Compute(images, test.Targets, cancellationToken: stop);

        PoseReadings ReadBack()
        {
            using var views = new BrickViews(run.Options.DataOf("test"));
            var count = Math.Min(MostRead, test.Count);
            // The first ones, which are spread over the set already, so that all kinds are among them.
            int[] places = [.. Enumerable.Range(0, count)];
            var done = 0;
            return new(Read(outputs), Read(coarse), Read(nearest), Read(test.Targets));

            PoseReading Read(ImageTensor images)
            {
                var (errors, kinds) = (new double[places.Length], new bool[places.Length]);
                Parallel.For(0, places.Length, new ParallelOptions { CancellationToken = stop }, i =>
                {
                    var picture = test.Pairs.Pictures[places[i]];
                    errors[i] = views.Error(picture, views.ReadView(picture, images.Image(places[i])));
                    kinds[i] = views.ReadKind(picture, images.Image(places[i])) == views.Kind(picture);
                });
                run.Display.Progress("views read", done += count, 4 * count);
                return new(places.Length, errors.Count(error => error <= Near) / (double)places.Length,
                    errors.Order().ElementAt(places.Length / 2), kinds.Count(kept => kept) / (double)places.Length);
            }
        }
    }

    protected override string Describe(PoseStageMetrics m) =>
        $"L1 {TextFormat.Number(m.Outputs.L1)} +- {TextFormat.Number(m.Outputs.L1Error)} (first stage {TextFormat.Number(m.Coarse.L1)}, " +
        $"input itself {TextFormat.Number(m.Input.L1)}, mean picture {TextFormat.Number(m.MeanImage.L1)}, nearest training pair " +
        $"{TextFormat.Number(m.Nearest.L1)}); PSNR {TextFormat.Number(m.Outputs.Psnr)} dB" +
        (m.Outputs.Ssim is { } ssim ? $"; SSIM {TextFormat.Number(ssim)}" : "") +
        (m.Read is { } read
            ? $"; view within 5 degrees in {TextFormat.Percent(read.Outputs.Near)} (of the targets " +
                $"{TextFormat.Percent(read.Targets.Near)}), kind kept in {TextFormat.Percent(read.Outputs.Kind)} (of " +
                $"{TextFormat.Percent(read.Targets.Kind)})"
            : "");
}
