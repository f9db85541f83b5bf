using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// The Frechet distance (Heusel et al. 2017, section 4) between samples and the test images, in the feature space of a small
/// classifier; precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020) beside it. A figure means
/// nothing by itself, so the same are computed for real training images, and the distance for noise and for the same generator
/// before its first step.
/// </summary>
internal sealed class EvaluateStage : Stage<SampleMetrics>
{
    private const int Batch = 128;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run)
    {
        var depends = new JsonObject
        {
            ["samples"] = run.Options.Evaluate.Samples,
            ["seed"] = run.Options.Evaluate.Seed,
            ["classifier"] = StageHash.OfFile(EvaluatorFile.Find(run.Options.Evaluate.Classifier)),
            ["test"] = run.Source("test").Fingerprint,
        };
        if (run.Options.HasModes) depends["mode-samples"] = run.Options.Evaluate.ModeSamples;
        return depends;
    }

    protected override SampleMetrics Execute(RunContext run, CancellationToken stop)
    {
        var file = EvaluatorFile.Find(run.Options.Evaluate.Classifier);
        IImageSource test = run.Source("test"), train = run.Source("train");
        using var evaluator = EvaluatorFile.Open(run, test.Shape.Channels);
        var count = run.Options.Evaluate.Samples;
        var seed = run.Options.Evaluate.Seed;
        FeatureSet Extract(string what, IEnumerable<ImageBatch> batches) =>
            evaluator.Extract(batches, progress: done => run.Display.Progress(what, done, count), cancellationToken: stop);
        FeatureSet Unlabelled(string what, IEnumerable<ImageTensor> batches)
            => Extract(what, batches.Select(images => new ImageBatch(images, [])));

        using var labels = run.Labels is { } layout ? new LabelEvaluation(file, layout) : null;
        var reference = labels is null
            ? Unlabelled("test images", test.ReadBatches(count, Batch, stop).Select(r => r.Images))
            : Extract("test images", labels.Test(test, count, Batch, stop));
        var real = labels is null
            ? Unlabelled("real images", train.ReadBatches(count, Batch, stop).Select(r => r.Images))
            : Extract("real images", labels.Real(train, count, Batch, stop));
        var samples = Samples(run.Folder.Generator, "samples");
        var reduced = ReducedForms.Of(run, run.Folder.Generator).ToDictionary(
            form => Path.GetFileName(form), form => reference.FrechetDistance(Samples(form, $"samples of {Path.GetFileName(form)}")));
        var untrained = UntrainedSamples(run, count, seed, batches => Unlabelled("untrained samples", batches));
        var noise = Unlabelled("noise images", Noise(count, test.Shape, seed));
        using var modes = run.Options.HasModes ? EvaluatorFile.OpenModes(run) : null;
        return new SampleMetrics
        {
            Frechet = new(
                reference.FrechetDistance(samples),
                reference.FrechetDistance(real),
                reference.FrechetDistance(noise),
                reference.FrechetDistance(untrained)),
            Reduced = reduced.Count > 0 ? reduced : null,
            Samples = reference.Compare(samples, stop),
            Real = reference.Compare(real, stop),
            Modes = modes is null ? null : ModesOfSamples(modes),
            RealModes = modes is null ? null : ModesOfReal(modes),
            Images = new(
                reference.Statistics.Count,
                samples.Statistics.Count,
                real.Statistics.Count,
                noise.Statistics.Count,
                untrained.Statistics.Count),
            Classifier = evaluator.Metadata.GetValueOrDefault(ModelMetadata.Pipeline)
                ?? Path.GetFileName(Path.GetDirectoryName(file)) ?? "",
            Features = evaluator.FeatureCount,
            Labels = labels?.Metrics(reference, real, samples, stop),
        };

        ModeMetrics ModesOfSamples(ModeEvaluation modes)
        {
            using var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = Batch });
            var images = run.Options.Evaluate.ModeSamples;
            return ModesOf(modes, "modes of samples", images, generator.SampleBatches(images, seed, reuse: true, cancellationToken: stop));
        }

        ModeMetrics? ModesOfReal(ModeEvaluation modes)
        {
            var images = Math.Min(train.Count, run.Options.Evaluate.ModeSamples);
            return images < modes.LeastImages ? null
                : ModesOf(modes, "modes of real images", images, train.ReadBatches(images, Batch, stop).Select(r => r.Images));
        }

        ModeMetrics ModesOf(ModeEvaluation modes, string what, int images, IEnumerable<ImageTensor> batches) =>
            modes.Evaluate(batches, done => run.Display.Progress(what, done, images), stop);

        FeatureSet Samples(string path, string what)
        {
            using var generator = GeneratorModel.Load(path, new ModelOptions { BatchSize = Batch });
            return labels is null
                ? Unlabelled(what, generator.SampleBatches(count, seed, reuse: true, cancellationToken: stop))
                : Extract(what, labels.Samples(generator, count, seed, stop));
        }
    }

    protected override string Describe(SampleMetrics m)
    {
        string Share(double? share) => share is { } v ? TextFormat.Number(Math.Round(v, 3)) : "?";
        return $"Frechet distance {TextFormat.Number(m.Frechet.Samples)} (real images {TextFormat.Number(m.Frechet.Real)}, untrained " +
            $"{TextFormat.Number(m.Frechet.Untrained)}, " +
            $"noise {TextFormat.Number(m.Frechet.Noise)}); " +
            $"precision {Share(m.Samples?.Precision)}, recall {Share(m.Samples?.Recall)}, coverage {Share(m.Samples?.Coverage)}" +
            (m.Modes is { } modes ? $"; {ModeText.Line(modes, m.RealModes)}" : "") +
            (m.Labels is { Fields: { Count: > 0 } fields }
                ? $"; shows what was asked: {TextFormat.List(fields.Select(l => $"{l.Key} {TextFormat.Percent(l.Value.Samples)}"))}"
                : "");
    }

    /// <summary>The same generator with the weights that its training started from.</summary>
    private static FeatureSet UntrainedSamples(RunContext run, int count, long seed, Func<IEnumerable<ImageTensor>, FeatureSet> extract)
    {
        var path = run.Folder["models/.untrained.onnx"];
        try
        {
            using (var networks = Architectures.Create(run.Architecture, run.Options.Train.Seed))
                ModelFiles.ExportGenerator(run, networks, path);
            using var generator = GeneratorModel.Load(path, new ModelOptions { BatchSize = Batch });
            return extract(generator.SampleBatches(count, seed, reuse: true));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<ImageTensor> Noise(int count, ImageShape shape, long seed)
    {
        var random = new Random(unchecked((int)seed));
        for (var done = 0; done < count; done += Batch)
        {
            var images = new ImageTensor(Math.Min(Batch, count - done), shape.Channels, shape.Height, shape.Width);
            for (var i = 0; i < images.Values.Length; i++) images.Values[i] = (float)(random.NextDouble() * 2 - 1);
            yield return images;
        }
    }
}
