using System.Numerics.Tensors;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>Mean and covariance of feature vectors, computed batch by batch in float64.</summary>
/// <remarks>
/// Each block of vectors is centred on its own mean before products are summed, and blocks are joined by the update of Chan, Golub
/// and LeVeque (1979), so that a mean far from zero costs no precision. Memory does not grow with the number of vectors.
/// Not for use from several threads at once: give each thread its own and <see cref="Merge"/> them.
/// </remarks>
public sealed class GaussianStatistics
{
    private const int BlockRows = 256;

    private readonly double[] _mean;
    private readonly double[] _scatter; // sums of products of deviations; the lower triangle, row-major [F, F]

    /// <summary>Creates statistics without vectors.</summary>
    /// <param name="featureCount">F, the values of one vector.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or so large that F x F values do not fit an array.</exception>
    public GaussianStatistics(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, 46_340);
        FeatureCount = featureCount;
        _mean = new double[featureCount];
        _scatter = new double[featureCount * featureCount];
    }

    /// <summary>The statistics of a stream of images. Memory does not grow with their number.</summary>
    /// <param name="model">Computes the features.</param>
    /// <param name="batches">Images of the model's size, such as those of <see cref="GeneratorModel.SampleBatches"/>.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number of channels, or a feature that is not finite.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public static GaussianStatistics FromImages(
        FeatureModel model, IEnumerable<ImageTensor> batches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        var statistics = new GaussianStatistics(model.FeatureCount);
        foreach (var batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            statistics.Add(model.Extract(batch, cancellationToken));
        }
        return statistics;
    }

    /// <summary>F.</summary>
    public int FeatureCount { get; }

    /// <summary>Vectors added so far.</summary>
    public long Count { get; private set; }

    /// <summary>The mean vector, [F]; zero before anything was added.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Adds vectors.</summary>
    /// <param name="features">Row-major [n, F].</param>
    /// <exception cref="ArgumentException">The length is no multiple of F, or a value is not finite.</exception>
    public void Add(ReadOnlySpan<float> features)
    {
        var rows = Math.DivRem(features.Length, FeatureCount, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"{features.Length} values given, which is not a multiple of the {FeatureCount} features.",
                nameof(features));
        if (!TensorPrimitives.IsFiniteAll(features))
        {
            var i = 0;
            while (float.IsFinite(features[i])) i++;
            throw new ArgumentException($"Feature {i % FeatureCount} of vector {i / FeatureCount} is {features[i]}.", nameof(features));
        }
        for (var first = 0; first < rows; first += BlockRows)
        {
            var n = Math.Min(BlockRows, rows - first);
            AddBlock(features.Slice(first * FeatureCount, n * FeatureCount), n);
        }
    }

    /// <summary>Adds all vectors of other statistics.</summary>
    /// <exception cref="ArgumentException">Another number of features.</exception>
    public void Merge(GaussianStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.FeatureCount != FeatureCount)
            throw new ArgumentException($"{other.FeatureCount} features cannot be merged with {FeatureCount}.", nameof(other));
        TensorPrimitives.Add<double>(_scatter, other._scatter, _scatter);
        Join(other._mean, other.Count);
    }

    /// <summary>The unbiased covariance (divided by <see cref="Count"/> - 1), symmetric, row-major [F, F].</summary>
    /// <exception cref="InvalidOperationException">Fewer than two vectors.</exception>
    public double[] Covariance()
    {
        if (Count < 2) throw new InvalidOperationException($"A covariance needs two vectors or more; {Count} added.");
        var covariance = new double[_scatter.Length];
        for (var i = 0; i < FeatureCount; i++)
        {
            for (var j = 0; j <= i; j++)
                covariance[i * FeatureCount + j] = covariance[j * FeatureCount + i] = _scatter[i * FeatureCount + j] / (Count - 1);
        }
        return covariance;
    }

    private void AddBlock(ReadOnlySpan<float> block, int rows)
    {
        // Transposed, the deviations of a feature lie in a row, and the products of two features are sums along rows.
        var blockMean = new double[FeatureCount];
        var deviations = new double[FeatureCount * rows];
        for (var f = 0; f < FeatureCount; f++)
        {
            double sum = 0;
            for (var r = 0; r < rows; r++) sum += block[r * FeatureCount + f];
            blockMean[f] = sum / rows;
            for (var r = 0; r < rows; r++) deviations[f * rows + r] = block[r * FeatureCount + f] - blockMean[f];
        }
        Parallel.For(0, FeatureCount, i =>
        {
            ReadOnlySpan<double> row = deviations.AsSpan(i * rows, rows);
            for (var j = 0; j <= i; j++) _scatter[i * FeatureCount + j] += TensorPrimitives.Dot(row, deviations.AsSpan(j * rows, rows));
        });
        Join(blockMean, rows);
    }

    // The scatter of two groups together is the sum of theirs and that of their two means.
    private void Join(double[] otherMean, long otherCount)
    {
        if (otherCount == 0) return;
        double total = Count + otherCount, weight = Count * (otherCount / total);
        var shift = new double[FeatureCount];
        TensorPrimitives.Subtract<double>(otherMean, _mean, shift);
        for (var i = 0; i < FeatureCount; i++)
        {
            var row = _scatter.AsSpan(i * FeatureCount, i + 1);
            TensorPrimitives.MultiplyAdd(shift.AsSpan(0, i + 1), weight * shift[i], row, row);
        }
        TensorPrimitives.MultiplyAdd<double>(shift, otherCount / total, _mean, _mean);
        Count += otherCount;
    }
}
