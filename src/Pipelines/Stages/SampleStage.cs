using System.Text.Json.Nodes;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>Generates pictures from the exported file, as a deployment would.</summary>
internal sealed class SampleStage : Stage<SampleStageMetrics>
{
    public override string Name => "sample";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run)
    {
        var last = run.Options.Sample.Count - 1;
        return last < 0 ? ["samples/grid.png"] : ["samples/grid.png", "samples/" + Name6(0), "samples/" + Name6(last)];
    }

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("sample");
        depends.Remove("batch-size");
        return depends;
    }

    protected override SampleStageMetrics Execute(RunContext run, CancellationToken stop)
    {
        var o = run.Options.Sample;
        var folder = run.Folder["samples"];
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "*.png").Append(Path.Combine(folder, LabelTable.Name)).ToArray()) File.Delete(
            old);
        using var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = o.BatchSize });
        var (grid, columns) = generator.SampleGrid(o.Grid, o.Seed, cancellationToken: stop);
        Pictures.SaveGrid(grid, run.Folder.Grid, columns);
        long done = 0;
        foreach (var images in generator.SampleBatches(o.Count, o.Seed, reuse: true, cancellationToken: stop))
        {
            stop.ThrowIfCancellationRequested();
            Parallel.For(0, images.Count, i => Pictures.SavePng(images, i, Path.Combine(folder, Name6(done + i))));
            done += images.Count;
            run.Display.Progress("pictures", done, o.Count);
        }
        if (LabelTable.IsFor(generator)) LabelTable.Write(
            Path.Combine(folder, LabelTable.Name),
            generator,
            o.Count,
            o.Seed,
            first: 0,
            [],
            Name6);
        return new(o.Count, o.Seed, Rate(generator, o.BatchSize, o.Seed, stop), generator.Device)
        {
            Texts = generator.Vocabulary is null ? null : generator.Texts(grid.Count / columns, o.Seed),
        };
    }

    protected override string Describe(SampleStageMetrics m) =>
        $"{TextFormat.Count(m.Count, "picture")}, {TextFormat.Count((long)m.ImagesPerSecond)} images/s from ONNX";

    /// <summary>Images a second from the file.</summary>
    private static double Rate(GeneratorModel generator, int batch, long seed, CancellationToken stop)
    {
        var latents = Latents.Normal(seed, 0, batch, generator.LatentSize);
        var labels = generator.LabelVectors(batch, seed);
        var images = new float[batch * generator.ImageSize];
        return SampleRate.Measure(batch, () => generator.Generate(latents, labels, images, stop), stop);
    }

    private static string Name6(long index) => FormattableString.Invariant($"{index:D6}.png");
}
