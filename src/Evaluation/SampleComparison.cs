using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>
/// Compares a few hundred samples with real images, cheaply enough to be done again and again while a network trains: how far they are from
/// real images, how diverse, and whether they repeat training images.
/// </summary>
public sealed class SampleComparison
{
    /// <summary>The fewest images of a set.</summary>
    public const int LeastImages = 4;

    private const int Subsets = 10;

    private readonly ReadOnlyMemory<float> _real;
    private readonly int _featureCount;
    private readonly double _scale;
    private readonly double _similarity;
    private readonly double _noiseDistance;

    /// <summary>Describes the real images.</summary>
    /// <param name="real">Features of training images, row-major [n, F]. Time and quality grow with n; 2,000 are plenty.</param>
    /// <param name="noise">Features of images of noise, [n', F]: what a distance of 1 is.</param>
    /// <param name="featureCount">F.</param>
    /// <exception cref="ArgumentException">Lengths that are not multiples of F, or a set of fewer than 4 vectors.</exception>
    public SampleComparison(ReadOnlyMemory<float> real, ReadOnlyMemory<float> noise, int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        Require(real, featureCount, nameof(real));
        Require(noise, featureCount, nameof(noise));
        (_real, _featureCount) = (real, featureCount);
        // Images that are there twice have no distance; a scale of 0 would make all others infinitely different.
        _scale = Math.Max(Median(Nearest(real, real, leaveOut: true)), 1e-6 * Math.Max(1, TensorPrimitives.Norm(real.Span)));
        _similarity = MeanSimilarity(real);
        _noiseDistance = KernelDistance.Compute(real, noise, featureCount, Subsets).Mean;
    }

    /// <summary>Compares samples.</summary>
    /// <param name="samples">Their features, row-major [n, F].</param>
    /// <exception cref="ArgumentException">A length that is not a multiple of F, or fewer than 4 vectors.</exception>
    public SampleSigns Compare(ReadOnlyMemory<float> samples)
    {
        Require(samples, _featureCount, nameof(samples));
        return new(
            _similarity / MeanSimilarity(samples),
            KernelDistance.Compute(_real, samples, _featureCount, Subsets).Mean / _noiseDistance);
    }

    /// <summary>
    /// The median distance of a sample to the nearest real image by the same of a real image to the nearest other one: 0 where samples are
    /// copies, about 1 where they are as new as other images of the same kind.
    /// </summary>
    /// <param name="samples">Their features, row-major [n, F]. Those of pixels (<see cref="Evaluator.OfPixels"/>) tell copies best: what a
    /// network looks at need not be what two copies have in common.</param>
    /// <exception cref="ArgumentException">A length that is not a multiple of F, or fewer than 4 vectors.</exception>
    public double Novelty(ReadOnlyMemory<float> samples)
    {
        Require(samples, _featureCount, nameof(samples));
        return Median(Nearest(samples, _real, leaveOut: false)) / _scale;
    }

    /// <summary>The mean similarity of two different images, exp(-d^2 / 2 s^2) with the real images' scale s.</summary>
    private double MeanSimilarity(ReadOnlyMemory<float> vectors)
    {
        var count = vectors.Length / _featureCount;
        var sums = new double[count];
        Parallel.For(0, count, i =>
        {
            var row = Row(vectors, i);
            for (var j = 0; j < i; j++)
            {
                var distance = TensorPrimitives.Distance(row, Row(vectors, j)) / _scale;
                sums[i] += Math.Exp(-distance * distance / 2);
            }
        });
        // Sets without any two alike have the similarity of one such pair: what so few images can tell.
        return Math.Max(sums.Sum(), 1) / (count * (count - 1) / 2.0);
    }

    /// <summary>The distance of each image to the nearest of others.</summary>
    private double[] Nearest(ReadOnlyMemory<float> images, ReadOnlyMemory<float> others, bool leaveOut)
    {
        var nearest = new double[images.Length / _featureCount];
        var count = others.Length / _featureCount;
        Parallel.For(0, nearest.Length, i =>
        {
            nearest[i] = double.PositiveInfinity;
            for (var j = 0; j < count; j++)
                if (!leaveOut || i != j)
                    nearest[i] = Math.Min(nearest[i], TensorPrimitives.Distance(Row(images, i), Row(others, j)));
        });
        return nearest;
    }

    private ReadOnlySpan<float> Row(ReadOnlyMemory<float> vectors, int row) => vectors.Span.Slice(row * _featureCount, _featureCount);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static void Require(ReadOnlyMemory<float> vectors, int featureCount, string parameter)
    {
        if (vectors.Length % featureCount != 0)
            throw new ArgumentException($"{vectors.Length} values given, which is not a multiple of the {featureCount} features.",
                parameter);
        if (vectors.Length / featureCount < LeastImages)
            throw new ArgumentException($"A comparison needs {LeastImages} vectors of each set or more; " +
                $"{vectors.Length / featureCount} given.", parameter);
    }
}

/// <summary>What a few hundred samples tell, see <see cref="SampleComparison"/>.</summary>
/// <param name="Diversity">
/// How many times as many different images the samples show, in effect, as real ones do: the mean similarity of two real images by that of
/// two samples, whose inverses are the sets' diversities of order 2 (Leinster and Cobbold 2012). The similarity is a Gaussian of the
/// features' distance, as wide as the median distance of a real image to its nearest neighbour. 1: as diverse; near 0: all are alike.
/// </param>
/// <param name="Distance">
/// The kernel distance to real images by that of noise to them; see <see cref="KernelDistance"/>. 0: none; 1: as far as noise.
/// </param>
public readonly record struct SampleSigns(double Diversity, double Distance);
