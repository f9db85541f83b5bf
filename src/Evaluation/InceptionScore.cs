using System.Numerics.Tensors;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>
/// How surely a classifier tells the class of images, and how evenly the classes occur: exp(E KL(p(y | x) || p(y))) (Salimans et al. 2016,
/// section 4). With Inception's classes it is the Inception score; figures of different classifiers cannot be compared.
/// </summary>
/// <remarks>
/// It does not look at real images: a generator with one picture for each class has the best score, the number of classes. It grows with
/// the images of a split, so compare only scores of as many.
/// </remarks>
public sealed record InceptionScore
{
    /// <summary>The mean of the splits' scores, from 1 to the number of classes.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation of the splits' scores, divided by their number, as publications have it.</summary>
    public required double Deviation { get; init; }

    /// <summary>The number of splits.</summary>
    public required int Splits { get; init; }

    /// <summary>All images.</summary>
    public required int Images { get; init; }

    /// <summary>The score of images by their logits.</summary>
    /// <param name="logits">Row-major [n, K].</param>
    /// <param name="classes">K.</param>
    /// <param name="splits">The parts, in order, that a score is computed of.</param>
    /// <exception cref="ArgumentException">A length that is no multiple of K, or fewer than two images of a split.</exception>
    public static InceptionScore Compute(ReadOnlySpan<float> logits, int classes, int splits = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(splits);
        var count = Math.DivRem(logits.Length, classes, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"{logits.Length} values given, which is not a multiple of the {classes} classes.", nameof(logits));
        if (count < 2 * splits)
            throw new ArgumentException($"{splits} splits need {2 * splits} images or more; {count} given.", nameof(logits));
        var scores = new double[splits];
        for (var s = 0; s < splits; s++)
        {
            int first = (int)((long)count * s / splits), end = (int)((long)count * (s + 1) / splits);
            scores[s] = Score(logits[(first * classes)..(end * classes)], classes);
        }
        var mean = scores.Average();
        return new()
        {
            Mean = mean, Deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean))), Splits = splits, Images = count,
        };
    }

    // E KL(p(y | x) || p(y)) is the entropy of the mean of p(y | x), less the mean of its entropy.
    private static double Score(ReadOnlySpan<float> logits, int classes)
    {
        var marginal = new double[classes];
        var own = new double[classes];
        double conditional = 0;
        for (var first = 0; first < logits.Length; first += classes)
        {
            for (var k = 0; k < classes; k++) own[k] = logits[first + k];
            TensorPrimitives.SoftMax<double>(own, own);
            conditional += Entropy(own);
            TensorPrimitives.Add<double>(marginal, own, marginal);
        }
        double count = logits.Length / classes;
        TensorPrimitives.Divide<double>(marginal, count, marginal);
        return Math.Exp(Entropy(marginal) - conditional / count);
    }

    private static double Entropy(double[] shares)
    {
        double entropy = 0;
        foreach (var p in shares)
            if (p > 0) entropy -= p * Math.Log(p);
        return entropy;
    }
}

/// <summary>Keeps what metrics of pixels and classes need of images that pass on their way to the evaluator.</summary>
/// <param name="classifier">Reads their classes; null for none.</param>
internal sealed class ImageWatch(ClassifierModel? classifier)
{
    private readonly List<float> _pixels = [], _logits = [];

    /// <summary>The first images, row-major [n, C H W].</summary>
    public float[] Pixels => [.. _pixels];

    /// <summary>The score of the first images; null if they are too few, or without a classifier.</summary>
    public InceptionScore? Score(int splits = 10) =>
        classifier is not null && _logits.Count / classifier.LogitCount >= 2 * splits
            ? InceptionScore.Compute(_logits.ToArray(), classifier.LogitCount, splits)
            : null;

    /// <summary>A classifier whose classes give a score: one attribute with classes, and logits that are probabilities.</summary>
    /// <returns>Null if the file has none, or takes other channels.</returns>
    public static ClassifierModel? Open(string file, int channels)
    {
        ClassifierModel classifier;
        try { classifier = ClassifierModel.Load(file); }
        catch (ModelException) { return null; }
        if (classifier is { IsCalibrated: true, Fields: [{ Kind: LabelKind.Categorical }] } && classifier.Channels == channels)
            return classifier;
        classifier.Dispose();
        return null;
    }

    /// <summary>The same images.</summary>
    public IEnumerable<ImageBatch> Through(IEnumerable<ImageBatch> batches, CancellationToken cancellationToken)
    {
        foreach (var batch in batches)
        {
            var images = batch.Images;
            var room = Math.Min(images.Count, SlicedWasserstein.MostImages(images.ImageSize) - _pixels.Count / images.ImageSize);
            if (room > 0) _pixels.AddRange(images.Values.AsSpan(0, room * images.ImageSize));
            if (classifier is not null && _logits.Count / classifier.LogitCount < FeatureSet.MostVectors)
                _logits.AddRange(
                    classifier.Logits(AreaResampling.Resize(images, classifier.Height, classifier.Width), cancellationToken));
            yield return batch;
        }
    }
}
