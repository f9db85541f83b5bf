using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// The Frechet distance (Heusel et al. 2017, section 4) between samples and the test images, in the feature space of a small
/// classifier; the kernel distance (Binkowski et al. 2018), precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem
/// et al. 2020) beside it. A figure means nothing by itself, so the same are computed for real training images, and the distance for
/// noise and for the same generator before its first step. Whether samples repeat training images is told by the distances to the nearest
/// ones; copies.png shows these pairs.
/// </summary>
internal sealed class EvaluateStage : Stage<SampleMetrics>
{
    private const int Batch = 128;

    /// <summary>The error of the Frechet distance takes ten more of them, whose time grows with the cube of the features.</summary>
    private const int MostFeaturesForError = 512;

    private const int CopyColumns = 16;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public override JsonObject Depends(RunContext run)
    {
        var depends = new JsonObject
        {
            ["samples"] = run.Options.Evaluate.Samples,
            ["seed"] = run.Options.Evaluate.Seed,
            ["copies"] = run.Options.Evaluate.Copies,
            ["classifier"] = StageHash.OfFile(EvaluatorFile.Find(run.Options.Evaluate.Classifier)),
            ["test"] = run.Source("test").Fingerprint,
        };
        if (run.Options.HasModes) depends["mode-samples"] = run.Options.Evaluate.ModeSamples;
        return depends;
    }

    /// <summary>A classifier that does not fit, and the want of test images, are found before hours of training.</summary>
    public override void Check(RunContext run) => EvaluatorFile.Open(run, run.Source("test").Shape.Channels).Dispose();

    protected override SampleMetrics Execute(RunContext run, CancellationToken stop)
    {
        var file = EvaluatorFile.Find(run.Options.Evaluate.Classifier);
        IImageSource test = run.Source("test"), train = run.Source("train");
        using var evaluator = EvaluatorFile.Open(run, test.Shape.Channels);
        var count = run.Options.Evaluate.Samples;
        var seed = run.Options.Evaluate.Seed;
        FeatureSet Extract(string what, IEnumerable<ImageBatch> batches, ImageWatch? watch = null) =>
            evaluator.Extract(watch?.Through(batches, stop) ?? batches, progress: done => run.Display.Progress(what, done, count),
                cancellationToken: stop);
        FeatureSet Unlabelled(string what, IEnumerable<ImageTensor> batches, ImageWatch? watch = null)
            => Extract(what, batches.Select(images => new ImageBatch(images, [])), watch);

        using var classifier = ImageWatch.Open(file, test.Shape.Channels);
        ImageWatch ofTest = new(null), ofReal = new(classifier), ofSamples = new(classifier);
        using var labels = run.Labels is { } layout ? new LabelEvaluation(file, layout) : null;
        var reference = labels is null
            ? Unlabelled("test images", test.ReadBatches(count, Batch, stop).Select(r => r.Images), ofTest)
            : Extract("test images", labels.Test(test, count, Batch, stop), ofTest);
        var real = labels is null
            ? Unlabelled("real images", train.ReadBatches(count, Batch, stop).Select(r => r.Images), ofReal)
            : Extract("real images", labels.Real(train, count, Batch, stop), ofReal);
        var samples = Samples(run.Folder.Generator, "samples", ofSamples);
        var reduced = ReducedForms.Measure(
            run, run.Folder.Generator, form => reference.FrechetDistance(Samples(form, $"samples of {Path.GetFileName(form)}")));
        var untrained = UntrainedSamples(run, count, seed, batches => Unlabelled("untrained samples", batches));
        var noise = Unlabelled("noise images", Noise(count, test.Shape, seed));
        using var modes = run.Options.HasModes ? EvaluatorFile.OpenModes(run) : null;
        return new SampleMetrics
        {
            Frechet = new(
                reference.FrechetDistance(samples),
                reference.FrechetDistance(real),
                reference.FrechetDistance(noise),
                reference.FrechetDistance(untrained))
            {
                SamplesError = evaluator.FeatureCount <= MostFeaturesForError ? reference.FrechetError(samples) : null,
            },
            Kernel = reference.KernelDistance(samples, seed, stop) is { } kernel && reference.KernelDistance(real, seed, stop) is { } best
                ? new(kernel, best) : null,
            InceptionScore = ofSamples.Score() is { } score && ofReal.Score() is { } bestScore ? new(score, bestScore) : null,
            Sliced = Sliced(),
            Copies = Copies(),
            TwoSample = TwoSample(),
            Classification = labels is null ? null : ClassificationScore.Compute(reference, samples, real, stop),
            Reduced = reduced,
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
            Captions = run.Texts is { } texts ? Captions(texts) : null,
        };

        CaptionMetrics? Captions(TextEncoder texts)
        {
            ClassifierModel reader;
            // Any ONNX file with features serves as an evaluator, but not every one reads attributes.
            try { reader = ClassifierModel.Load(file); }
            catch (ModelException) { return null; }
            using (reader)
            {
                using var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = Batch });
                var encoder = texts.Shape == test.Shape ? new CaptionEmbedder(texts) : null;
                return CaptionEvaluation.Evaluate(generator, reader, test, count, seed, encoder is null ? null : encoder.Images,
                    encoder is null ? null : encoder.Texts, done => run.Display.Progress("captions", done, count), stop);
            }
        }

        SlicedDistances? Sliced()
        {
            var size = test.Shape.Size;
            var (reference, own, real) = (ofTest.Pixels, ofSamples.Pixels, ofReal.Pixels);
            var images = Math.Min(reference.Length, Math.Min(own.Length, real.Length)) / size;
            // As many of each, since fewer images are farther apart.
            double To(float[] pixels) => SlicedWasserstein.Between(
                reference.AsMemory(0, images * size), pixels.AsMemory(0, images * size), size, seed: seed, cancellationToken: stop);
            return images < 2 ? null : new(To(own), To(real), images);
        }

        TwoSampleAccuracies? TwoSample()
        {
            if (new[] { reference, samples, real }.Min(set => set.Statistics.Count) < TwoSampleAccuracy.LeastImages) return null;
            TwoSampleAccuracy Of(FeatureSet set) =>
                TwoSampleAccuracy.Compute(reference.Vectors, set.Vectors, evaluator.FeatureCount, cancellationToken: stop);
            return new(Of(samples), Of(real));
        }

        CopyMetrics? Copies()
        {
            File.Delete(run.Folder.Copies);
            var compared = run.Options.Evaluate.Copies;
            if (compared == 0 || Math.Min(reference.Statistics.Count, test.Count) < CopyDistances.LeastHeldOut) return null;
            using var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = Batch });
            var report = CopyEvaluation.Evaluate(
                evaluator, generator.SampleBatches(compared, seed, reuse: true, cancellationToken: stop), test, train, compared,
                done => run.Display.Progress("nearest training images", done, train.Count), stop);
            var columns = Math.Min(CopyColumns, report.Metrics.Samples);
            Pictures.SaveGrid(report.Grid(columns), run.Folder.Copies, columns, scale: 0);
            return report.Metrics;
        }

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

        FeatureSet Samples(string path, string what, ImageWatch? watch = null)
        {
            using var generator = GeneratorModel.Load(path, new ModelOptions { BatchSize = Batch });
            return labels is null
                ? Unlabelled(what, generator.SampleBatches(count, seed, reuse: true, cancellationToken: stop), watch)
                : Extract(what, labels.Samples(generator, count, seed, stop), watch);
        }
    }

    protected override string Describe(SampleMetrics m)
    {
        string Share(double? share) => share is { } v ? TextFormat.Number(Math.Round(v, 3)) : "?";
        var error = m.Frechet.SamplesError is { } e ? $" +- {TextFormat.Number(e)}" : "";
        return $"Frechet distance {TextFormat.Number(m.Frechet.Samples)}{error} (real images {TextFormat.Number(m.Frechet.Real)}, " +
            $"untrained {TextFormat.Number(m.Frechet.Untrained)}, " +
            $"noise {TextFormat.Number(m.Frechet.Noise)}); " +
            $"precision {Share(m.Samples?.Precision)}, recall {Share(m.Samples?.Recall)}, coverage {Share(m.Samples?.Coverage)}" +
            (m.Copies is { } copies ? $"; {CopyText.Verdict(copies)}" : "") +
            (m.Modes is { } modes ? $"; {ModeText.Line(modes, m.RealModes)}" : "") +
            (m.Labels is { Fields: { Count: > 0 } fields }
                ? $"; shows what was asked: {TextFormat.List(fields.Select(l => $"{l.Key} {TextFormat.Percent(l.Value.Samples)}"))}"
                : "") +
            (m.Captions?.Seen is { } seen ? $"; shows what texts say: {Shown(seen)}" : "") +
            (m.Captions?.HeldOut is { } held ? $"; of combinations never seen: {Shown(held)}" : "");

        static string Shown(CaptionAgreement shown) =>
            TextFormat.List(shown.Fields.Select(l => $"{l.Key} {TextFormat.Percent(l.Value.Samples)}"));
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

    internal static IEnumerable<ImageTensor> Noise(int count, ImageShape shape, long seed)
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
