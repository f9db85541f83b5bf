namespace GanPipeline.Evaluation;

/// <summary>The features of a set of images.</summary>
/// <param name="Statistics">Mean and covariance of all of them.</param>
/// <param name="Vectors">The features of the first images, row-major [n, F], for metrics that compare single images.</param>
/// <param name="Labels">The classes of these first images, -1 for an image without one; empty if there are none.</param>
public sealed record FeatureSet(GaussianStatistics Statistics, ReadOnlyMemory<float> Vectors, IReadOnlyList<int> Labels)
{
    /// <summary>The most images for metrics of nearest neighbours, whose time grows with the square.</summary>
    public const int MostVectors = 10_000;

    /// <summary>Naeem et al. 2020 take 5 neighbours.</summary>
    private const int Neighbours = 5;

    /// <summary>The time of a distance grows with the cube of the features.</summary>
    private const int MostForJackknife = 512;

    private const int FewestForError = 20;

    private int FeatureCount => Statistics.FeatureCount;

    private int Kept => Vectors.Length / FeatureCount;

    /// <summary>The Frechet distance to other images.</summary>
    /// <param name="other">Features of the same space.</param>
    public double FrechetDistance(FeatureSet other) => Evaluation.FrechetDistance.Between(Statistics, other.Statistics);

    /// <summary>
    /// The standard error of the Frechet distance of generated images over other samples of the same generator, with this set as the real
    /// images: the jackknife over ten disjoint groups of <see cref="Vectors"/>, scaled to the number of all images.
    /// </summary>
    /// <param name="generated">Features of the same space.</param>
    /// <returns>Null if fewer than 20 vectors were kept.</returns>
    public double? FrechetError(FeatureSet generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        var error = Evaluation.FrechetDistance.Error(Statistics, generated.Vectors.Span);
        return double.IsNaN(error) ? null : error * Math.Sqrt((double)generated.Kept / generated.Statistics.Count);
    }

    /// <summary>
    /// <see cref="FrechetDistance"/> and its standard error: <see cref="FrechetError"/> of up to 512 features; of more by the delta method
    /// (van der Vaart 1998, chapter 20), which needs no ten distances, but is too small where images are hardly more than features.
    /// </summary>
    /// <param name="generated">Features of the same space.</param>
    /// <returns>The error is null if fewer than 20 vectors were kept.</returns>
    public (double Distance, double? Error) FrechetWithError(FeatureSet generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        if (FeatureCount <= MostForJackknife || generated.Kept < FewestForError)
            return (FrechetDistance(generated), FrechetError(generated));
        return Evaluation.FrechetDistance.Measure(Statistics, generated.Statistics, generated.Vectors);
    }

    /// <summary>The kernel distance to other images, from the vectors kept of both.</summary>
    /// <param name="other">Features of the same space.</param>
    /// <param name="seed">Decides the subsets.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>Null if either set keeps fewer than 4 vectors.</returns>
    public KernelDistance? KernelDistance(FeatureSet other, long seed = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Math.Min(Kept, other.Kept) < Evaluation.KernelDistance.LeastImages ? null
            : Evaluation.KernelDistance.Compute(Vectors, other.Vectors, FeatureCount, seed: seed, cancellationToken: cancellationToken);
    }

    /// <summary>Precision, recall, density and coverage of generated images, with this set as the real images.</summary>
    /// <param name="generated">Features of the same space.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>Null if either set has 5 images or fewer.</returns>
    public NeighbourMetrics? Compare(FeatureSet generated, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generated);
        return Compare(Vectors, generated.Vectors, cancellationToken);
    }

    /// <summary>The same among the images of one class.</summary>
    /// <param name="generated">Features of the same space.</param>
    /// <param name="label">The class.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>Null if either set has 5 images of the class or fewer.</returns>
    public NeighbourMetrics? Compare(FeatureSet generated, int label, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generated);
        return Compare(OfLabel(label), generated.OfLabel(label), cancellationToken);
    }

    private NeighbourMetrics? Compare(ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated, CancellationToken cancellationToken) =>
        Math.Min(real.Length, generated.Length) / FeatureCount > Neighbours
            ? NeighbourMetrics.Compute(real, generated, FeatureCount, Neighbours, cancellationToken)
            : null;

    private ReadOnlyMemory<float> OfLabel(int label)
    {
        int[] rows = [.. Enumerable.Range(0, Kept).Where(i => Labels[i] == label)];
        var vectors = new float[rows.Length * FeatureCount];
        for (var i = 0; i < rows.Length; i++)
            Vectors.Span.Slice(rows[i] * FeatureCount, FeatureCount).CopyTo(vectors.AsSpan(i * FeatureCount));
        return vectors;
    }
}
