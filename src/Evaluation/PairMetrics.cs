using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>How near images are to what they should be, one by one: of a network that makes images of images, on pairs.</summary>
/// <remarks>Errors are standard errors of the means over other pairs, from the pairs' deviation.</remarks>
public sealed record PairMetrics
{
    /// <summary>The pairs compared.</summary>
    public required int Images { get; init; }

    /// <summary>The mean absolute difference of pixels, with black at 0 and white at 1.</summary>
    public required double L1 { get; init; }

    /// <summary>The standard error of <see cref="L1"/>.</summary>
    public required double L1Error { get; init; }

    /// <summary>
    /// The peak signal-to-noise ratio in dB: -10 log10 of the squared difference of pixels, averaged over all pairs, with black at 0 and
    /// white at 1. Positive infinity where all are equal.
    /// </summary>
    public required double Psnr { get; init; }

    /// <summary>The standard error of <see cref="Psnr"/>, to the first order.</summary>
    public required double PsnrError { get; init; }

    /// <summary>The mean of <see cref="StructuralSimilarity.SingleScale"/>; null for images of fewer than 11 pixels a side.</summary>
    public double? Ssim { get; init; }

    /// <summary>The standard error of <see cref="Ssim"/>.</summary>
    public double? SsimError { get; init; }

    /// <summary>
    /// The mean squared distance of an evaluator's features, each image's scaled to a length of 1: 0 for equal ones, at most 4. After the
    /// perceptual distances of Zhang et al. 2018 (LPIPS), with one layer and no learnt weights. Null where there was no evaluator.
    /// </summary>
    public double? Features { get; init; }

    /// <summary>The standard error of <see cref="Features"/>.</summary>
    public double? FeaturesError { get; init; }

    /// <summary>Compares images with their targets.</summary>
    /// <param name="made">Images.</param>
    /// <param name="targets">As many, of the same shape: the image of the same place is an image's target.</param>
    /// <param name="evaluator">A feature space of images of these channels; null leaves <see cref="Features"/> out.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">Sets of different sizes, of fewer than 2 images, or not for the evaluator.</exception>
    public static PairMetrics Compute(
        ImageTensor made, ImageTensor targets, Evaluator? evaluator = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(targets);
        if ((made.Count, made.Channels, made.Height, made.Width) != (targets.Count, targets.Channels, targets.Height, targets.Width))
        {
            throw new ArgumentException($"[{made.Count}, {made.Channels}, {made.Height}, {made.Width}] cannot be compared with " +
                $"[{targets.Count}, {targets.Channels}, {targets.Height}, {targets.Width}].", nameof(targets));
        }
        if (made.Count < 2) throw new ArgumentException($"There are 2 pairs to compare at least; got {made.Count}.", nameof(made));
        double[] absolute = new double[made.Count], squared = new double[made.Count], similar = new double[made.Count];
        var hasSimilarity = StructuralSimilarity.Scales(made.Height, made.Width) > 0;
        Parallel.For(0, made.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var (a, b) = (made.Image(i).ToArray(), targets.Image(i).ToArray());
            var difference = new float[a.Length];
            TensorPrimitives.Subtract(a, b, difference);
            // Black is -1 and white 1 here.
            absolute[i] = TensorPrimitives.SumOfMagnitudes<float>(difference) / (2.0 * a.Length);
            squared[i] = TensorPrimitives.SumOfSquares<float>(difference) / (4.0 * a.Length);
            if (hasSimilarity) similar[i] = StructuralSimilarity.SingleScale(a, b, made.Channels, made.Height, made.Width);
        });
        var (l1, mse) = (Mean(absolute), Mean(squared));
        var features = evaluator is null ? null : FeatureDistances(made, targets, evaluator, cancellationToken);
        return new()
        {
            Images = made.Count,
            L1 = l1.Value,
            L1Error = l1.Error,
            Psnr = -10 * Math.Log10(mse.Value),
            PsnrError = mse.Value == 0 ? 0 : 10 / Math.Log(10) * mse.Error / mse.Value,
            Ssim = hasSimilarity ? Mean(similar).Value : null,
            SsimError = hasSimilarity ? Mean(similar).Error : null,
            Features = features is null ? null : Mean(features).Value,
            FeaturesError = features is null ? null : Mean(features).Error,
        };
    }

    private static double[] FeatureDistances(ImageTensor made, ImageTensor targets, Evaluator evaluator, CancellationToken stop)
    {
        var count = evaluator.FeatureCount;
        var (a, b) = (Vectors(made), Vectors(targets));
        return [.. Enumerable.Range(0, made.Count).Select(i =>
        {
            var x = a.Span.Slice(i * count, count);
            var y = b.Span.Slice(i * count, count);
            var lengths = (double)TensorPrimitives.Norm(x) * TensorPrimitives.Norm(y);
            return lengths == 0 ? 2 : 2 - 2 * TensorPrimitives.Dot(x, y) / lengths;
        })];

        ReadOnlyMemory<float> Vectors(ImageTensor images) =>
            evaluator.Extract([images], cancellationToken: stop).Vectors is var vectors && vectors.Length == images.Count * count
                ? vectors
                : throw new ArgumentException("The evaluator left images out.", nameof(evaluator));
    }

    private static (double Value, double Error) Mean(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1) / values.Length));
    }
}
