using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>Measures pictures by others, in the features of an ONNX file.</summary>
/// <param name="file">The features' file.</param>
/// <param name="evaluator">It, opened.</param>
/// <param name="progress">Is told what is being done, how much of it is done, and of how much.</param>
internal sealed class PictureComparison(string file, Evaluator evaluator, Action<string, long, long> progress, CancellationToken stop)
{
    /// <summary>The fewest images that the covariance of F features has full rank with is this more than F.</summary>
    private const int RankMargin = 1;

    private const int NeighbourLeast = 6, ScoreSplits = 10;

    private readonly List<string> _notes = [];

    /// <summary>Samples against a reference.</summary>
    /// <param name="a">The samples.</param>
    /// <param name="b">The reference.</param>
    /// <param name="count">Pictures of either, at most.</param>
    /// <param name="seed">Decides latents, subsets and pairs.</param>
    /// <exception cref="RequestException">A side has too few pictures.</exception>
    public PictureMetrics Run(PictureSide a, PictureSide b, int count, long seed)
    {
        foreach (var side in new[] { a, b })
        {
            if (side.Note is { } done) Note(done);
            if (side.Shape.Channels != evaluator.Channels && side.Shape.Channels != 1)
                throw new RequestException($"{file} reads pictures of {Channels(evaluator.Channels)}, but those of {side.Name} have " +
                    $"{Channels(side.Shape.Channels)}. --features names a model of such pictures.");
            if (side.Shape.Channels != evaluator.Channels) Note($"The gray pictures of {side.Name} are given in three equal channels.");
            if ((side.Shape.Height, side.Shape.Width) != (evaluator.Height, evaluator.Width))
                Note($"The pictures of {side.Name}, {side.Shape.Width} x {side.Shape.Height}, are resized to the {evaluator.Width} x " +
                    $"{evaluator.Height} of the features.");
        }
        var classes = Classes(a, b);
        using var classifier = ImageWatch.Open(file, evaluator.Channels);
        // The samples of one generator on both sides are others.
        var samples = Extract(a, classifier, a.Classes, count, seed);
        var reference = Extract(b, classifier, classes, count, a.IsGenerated && b.IsGenerated ? seed + 1 : seed);
        foreach (var (side, of) in new[] { (a, samples), (b, reference) })
            if (of.Features.Statistics.Count < 2)
                throw new RequestException($"{side.Name} has {TextFormat.Count(of.Features.Statistics.Count, "picture")} to measure; a " +
                    "distance needs 2 of each side or more.");
        var frechet = Frechet(reference.Features, samples.Features);
        return new()
        {
            Samples = Described(a, samples),
            Reference = Described(b, reference),
            Features = file,
            FeatureCount = evaluator.FeatureCount,
            Fid = evaluator.IsInception ? frechet : null,
            Protocol = evaluator.IsInception ? evaluator.IsTensorFlow ? "torch-fidelity" : "pytorch-fid" : null,
            Frechet = evaluator.IsInception ? null : frechet,
            Kernel = reference.Features.KernelDistance(samples.Features, seed, stop) ?? Lacking<KernelDistance>(
                "the kernel distance", KernelDistance.LeastImages, samples, reference),
            Neighbours = reference.Features.Compare(samples.Features, stop) ?? Lacking<NeighbourMetrics>(
                "precision, recall, density and coverage", NeighbourLeast, samples, reference),
            TwoSample = TwoSampleAccuracy.Compute(
                reference.Features.Vectors, samples.Features.Vectors, evaluator.FeatureCount, cancellationToken: stop),
            Sliced = Sliced(a, b, samples, reference, seed),
            InceptionScore = classifier is null ? null : Scores(samples, reference),
            LabelsRead = samples.Read is null && reference.Read is null ? null : new(samples.Read, reference.Read),
            WithinClass = Similarity(samples, reference, seed),
            Notes = _notes,
        };
    }

    private void Note(string text) => _notes.Add(text);

    /// <summary>The reference's classes in the order of the samples', where both have the same ones.</summary>
    private IReadOnlyList<string> Classes(PictureSide a, PictureSide b)
    {
        if (a.Classes.Count > 0 && b.Classes.Count > 0 && !a.Classes.ToHashSet().SetEquals(b.Classes))
            Note($"{a.Name} and {b.Name} have other classes: within classes, each is measured with its own.");
        return b.Classes;
    }

    private Extracted Extract(PictureSide side, ClassifierModel? classifier, IReadOnlyList<string> classes, int count, long seed)
    {
        var total = side.Count(count);
        var watch = new ImageWatch(classifier);
        var pictures = new ClassPictures(classes);
        LabelReading? reading = classifier is not null && classes.Count > 0
            ? new(classifier, LabelLayout.FromFields([LabelField.Categorical(classifier.Fields[0].Name, classes)])) : null;
        long labelled = 0;
        var features = evaluator.Extract(watch.Through(Watched(), stop), progress: done => progress(side.Name, done, total),
            cancellationToken: stop);
        return new(features, watch, pictures, reading is { Names.Count: > 0 } && labelled > 0 ? Share(reading.Shares[0], labelled) : null,
            classes);

        IEnumerable<ImageBatch> Watched()
        {
            foreach (var batch in side.Read(count, seed, evaluator.Channels, stop))
            {
                pictures.Add(batch.Images, batch.Labels);
                if (reading is not null) labelled += Read(batch);
                yield return batch;
            }
        }

        int Read(ImageBatch batch)
        {
            // Pictures without a label are not asked about.
            int[] with = [.. Enumerable.Range(0, batch.Labels.Count).Where(i => batch.Labels[i] >= 0)];
            if (with.Length == 0) return 0;
            var images = with.Length == batch.Images.Count ? batch.Images : Chosen(batch.Images, with);
            reading!.Add(images, [.. with.Select(i => new float[] { batch.Labels[i] })], stop);
            return with.Length;
        }
    }

    private static ImageTensor Chosen(ImageTensor images, int[] indices)
    {
        var chosen = new ImageTensor(indices.Length, images.Channels, images.Height, images.Width);
        for (var i = 0; i < indices.Length; i++) images.Image(indices[i]).CopyTo(chosen.Image(i));
        return chosen;
    }

    private Measured Frechet(FeatureSet reference, FeatureSet samples)
    {
        var least = Math.Min(reference.Statistics.Count, samples.Statistics.Count);
        if (least < evaluator.FeatureCount + RankMargin)
            Note($"{TextFormat.Count(least)} pictures are too few for the covariance of {TextFormat.Count(evaluator.FeatureCount)} " +
                "features: it is singular, and the distance is too large. " +
                $"{TextFormat.Count(evaluator.FeatureCount + RankMargin)} or more make it regular.");
        var (distance, error) = reference.FrechetWithError(samples);
        return new(distance, error);
    }

    private T? Lacking<T>(string what, int needed, Extracted samples, Extracted reference) where T : class
    {
        Note($"Not measured: {what} needs {needed} pictures of each side, and there are " +
            $"{Math.Min(samples.Features.Statistics.Count, reference.Features.Statistics.Count)}.");
        return null;
    }

    private Measured? Sliced(PictureSide a, PictureSide b, Extracted samples, Extracted reference, long seed)
    {
        if ((a.Shape.Height, a.Shape.Width) != (b.Shape.Height, b.Shape.Width))
        {
            Note("Not measured: the sliced Wasserstein distance of pixels needs pictures of one size.");
            return null;
        }
        var size = evaluator.Channels * a.Shape.Height * a.Shape.Width;
        var (distance, error) = SlicedWasserstein.WithError(
            reference.Watch.Pixels, samples.Watch.Pixels, size, seed: seed, cancellationToken: stop);
        return new(distance, double.IsNaN(error) ? null : error);
    }

    private ScorePair Scores(Extracted samples, Extracted reference)
    {
        var (own, other) = (samples.Watch.Score(ScoreSplits), reference.Watch.Score(ScoreSplits));
        if (own is null || other is null) Lacking<InceptionScore>("the inception score", 2 * ScoreSplits, samples, reference);
        return new(own, other);
    }

    private SimilarityPair? Similarity(Extracted samples, Extracted reference, long seed)
    {
        if (samples.Classes.Count == 0 && reference.Classes.Count == 0) return null;
        var (own, other) = (samples.Pictures.Compare(seed, stop), reference.Pictures.Compare(seed, stop));
        if (own is null && other is null)
        {
            Note($"Not measured: the similarity within classes needs {ClassSimilarity.LeastImages} pictures of a class, of 11 pixels a " +
                "side or more.");
            return null;
        }
        return new(own, other);
    }

    private static ComparedPictures Described(PictureSide side, Extracted of) =>
        new(side.Name, of.Features.Statistics.Count, side.Skipped, side.Shape.Width, side.Shape.Height, side.Shape.Channels);

    private static Measured Share(double share, double count) => new(share, Math.Sqrt(share * (1 - share) / count));

    private static string Channels(int channels) => channels == 1 ? "one channel (gray)" : $"{channels} channels";

    /// <summary>What was taken of a side's pictures.</summary>
    private sealed record Extracted(
        FeatureSet Features, ImageWatch Watch, ClassPictures Pictures, Measured? Read, IReadOnlyList<string> Classes);
}
