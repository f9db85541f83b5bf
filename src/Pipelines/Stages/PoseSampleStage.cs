using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>
/// Makes pictures for the wanted poses of test pairs by the exported file, as a deployment would; of bricks also some that turn once
/// around.
/// </summary>
internal sealed class PoseSampleStage : Stage<SampleStageMetrics>
{
    // Bricks that turn, and the views of a turn.
    private const int Turned = 4, Views = 12;

    public override string Name => "sample";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        run.Options.Data.Kind == "bricks" ? ["samples/grid.png", "samples/turn.png"] : ["samples/grid.png"];

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
        using var model = PoseGeneratorModel.Load(run.Folder.PoseGenerator, new ModelOptions { BatchSize = o.BatchSize });
        var source = run.Source("test");
        using var views = run.Options.Data.Kind == "bricks" ? new BrickViews(run.Options.DataOf("test")) : null;
        // Input, wanted pose, the first stage's, output and target.
        const int sides = 5;
        var shown = PoseImages.Read(source, Math.Max(1, o.Grid / sides), stop);
        Pictures.SaveGrid(Beside(shown), run.Folder.Grid, sides * Math.Max(1, (int)Math.Round(Math.Sqrt(shown.Count / (double)sides))));
        if (views is not null) Pictures.SaveGrid(Turn(model, views, shown, stop), run.Folder.Turn, Views + 1);
        var all = o.Count == 0 ? null : PoseImages.Read(source, o.Count, stop);
        if (all is not null)
        {
            var made = Beside(all);
            Parallel.For(0, all.Count, i => Pictures.SaveGrid(made.Slice(sides * i, sides),
                Path.Combine(folder, FormattableString.Invariant($"{i:D6}.png")), sides));
        }
        return new(all?.Count ?? 0, o.Seed,
            SampleRate.Measure(shown.Count, () => model.Generate(shown.Images, shown.Poses, stop), stop), model.Device);

        ImageTensor Beside(PoseImages pairs) => ImageTensor.Interleave(pairs.Images, Signs(pairs, views, model),
            model.GenerateCoarse(pairs.Images, pairs.Poses, stop), model.Generate(pairs.Images, pairs.Poses, stop), pairs.Targets);
    }

    protected override string Describe(SampleStageMetrics m) =>
        $"{TextFormat.Count(m.Count, "picture")}, {TextFormat.Count((long)m.ImagesPerSecond)} images/s from ONNX";

    /// <summary>The wanted poses as pictures: views as the edges of a brick seen so, keypoints as their spots.</summary>
    private static ImageTensor Signs(PoseImages pairs, BrickViews? views, PoseGeneratorModel model)
    {
        var signs = new ImageTensor(pairs.Count, 1, model.Height, model.Width);
        for (var i = 0; i < pairs.Count; i++)
        {
            var sign = signs.Image(i);
            if (views is not null) views.Sign(views.View(pairs.Pairs.Pictures[i])).Values.CopyTo(sign);
            else PicturePairs.Spots(pairs.Poses.Image(i), sign);
        }
        return signs;
    }

    /// <summary>Some bricks once around: of each the input and the truth from each view, and below it what the model makes.</summary>
    private static ImageTensor Turn(PoseGeneratorModel model, BrickViews views, PoseImages shown, CancellationToken stop)
    {
        var rows = new List<ImageTensor>();
        var pixels = new byte[views.Shape.Size];
        for (var i = 0; i < Math.Min(Turned, shown.Count); i++)
        {
            var (picture, image) = (shown.Pairs.Pictures[i], shown.Images.Slice(i, 1));
            ViewPose[] around = [.. Enumerable.Range(0, Views).Select(view => views.View(picture) with { Yaw = 360.0 * view / Views })];
            rows.Add(image);
            foreach (var view in around)
            {
                views.Render(picture, view, pixels);
                rows.Add(ImageTensor.FromBytes(pixels, 1, model.Channels, model.Height, model.Width));
            }
            rows.Add(image);
            var made = model.Generate(image, around, stop);
            rows.AddRange(Enumerable.Range(0, Views).Select(view => made.Slice(view, 1)));
        }
        return ImageTensor.Interleave(rows);
    }
}
