using System.Numerics.Tensors;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>Mean and covariance of feature vectors, gathered batch by batch in float64.</summary>
/// <remarks>
/// Each block of vectors is centred on its own mean before products are summed, and blocks are joined by the update of Chan, Golub
/// and LeVeque (1979), so that a mean far from zero costs no digits. Memory is two F x F matrices whatever the number of vectors.
/// Not for use from several threads at once; give each thread its own and <see cref="Merge"/> them.
/// </remarks>
public sealed class GaussianStatistics
{
    private const int BlockRows = 256;

    private readonly double[] mean;
    private readonly double[] scatter; // sums of products of deviations; the lower triangle, row-major [F, F]

    /// <summary>Of no vectors yet.</summary>
    /// <param name="featureCount">F, the values of one vector.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or so large that F x F values do not fit an array.</exception>
    public GaussianStatistics(int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, 46_340);
        FeatureCount = featureCount;
        mean = new double[featureCount];
        scatter = new double[featureCount * featureCount];
    }

    /// <summary>Those of a stream of images in a model's feature space; memory does not grow with their number.</summary>
    /// <param name="model">The feature space.</param>
    /// <param name="batches">Images of the model's size, such as <see cref="GeneratorModel.SampleBatches"/> gives.</param>
    /// <exception cref="ArgumentException">Images of another size or number of channels, or a feature that is not finite.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public static GaussianStatistics Of(FeatureModel model, IEnumerable<ImageTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        var statistics = new GaussianStatistics(model.FeatureCount);
        foreach (ImageTensor batch in batches) statistics.Add(model.Extract(batch));
        return statistics;
    }

    /// <summary>F.</summary>
    public int FeatureCount { get; }

    /// <summary>Vectors added so far.</summary>
    public long Count { get; private set; }

    /// <summary>The mean vector, [F]; zero before anything was added.</summary>
    public ReadOnlySpan<double> Mean => mean;

    /// <summary>Adds vectors.</summary>
    /// <param name="features">Row-major [n, F].</param>
    /// <exception cref="ArgumentException">The length is no multiple of F, or a value is not finite.</exception>
    public void Add(ReadOnlySpan<float> features)
    {
        int rows = Math.DivRem(features.Length, FeatureCount, out int remainder);
        if (remainder != 0)
            throw new ArgumentException($"{features.Length} values given, which is no multiple of the {FeatureCount} features.", nameof(features));
        for (int i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
                throw new ArgumentException($"Feature {i % FeatureCount} of vector {i / FeatureCount} is {features[i]}.", nameof(features));
        }
        for (int first = 0; first < rows; first += BlockRows)
        {
            int n = Math.Min(BlockRows, rows - first);
            AddBlock(features.Slice(first * FeatureCount, n * FeatureCount), n);
        }
    }

    /// <summary>Adds all that another one has gathered.</summary>
    /// <exception cref="ArgumentException">Another number of features.</exception>
    public void Merge(GaussianStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.FeatureCount != FeatureCount)
            throw new ArgumentException($"{other.FeatureCount} features cannot join {FeatureCount}.", nameof(other));
        for (int i = 0; i < scatter.Length; i++) scatter[i] += other.scatter[i];
        Join(other.mean, other.Count);
    }

    /// <summary>The unbiased covariance (divided by <see cref="Count"/> - 1), symmetric, row-major [F, F].</summary>
    /// <exception cref="InvalidOperationException">Fewer than two vectors.</exception>
    public double[] Covariance()
    {
        if (Count < 2) throw new InvalidOperationException($"A covariance needs two vectors or more; {Count} added.");
        var covariance = new double[scatter.Length];
        for (int i = 0; i < FeatureCount; i++)
        {
            for (int j = 0; j <= i; j++)
                covariance[i * FeatureCount + j] = covariance[j * FeatureCount + i] = scatter[i * FeatureCount + j] / (Count - 1);
        }
        return covariance;
    }

    private void AddBlock(ReadOnlySpan<float> block, int rows)
    {
        // Transposed, a feature's deviations lie in a row and two features' products are sums along rows.
        var blockMean = new double[FeatureCount];
        var deviations = new double[FeatureCount * rows];
        for (int f = 0; f < FeatureCount; f++)
        {
            double sum = 0;
            for (int r = 0; r < rows; r++) sum += block[r * FeatureCount + f];
            blockMean[f] = sum / rows;
            for (int r = 0; r < rows; r++) deviations[f * rows + r] = block[r * FeatureCount + f] - blockMean[f];
        }
        Parallel.For(0, FeatureCount, i =>
        {
            ReadOnlySpan<double> row = deviations.AsSpan(i * rows, rows);
            for (int j = 0; j <= i; j++) scatter[i * FeatureCount + j] += TensorPrimitives.Dot(row, deviations.AsSpan(j * rows, rows));
        });
        Join(blockMean, rows);
    }

    // The scatter of two groups together is the sum of theirs and that of their two means.
    private void Join(double[] otherMean, long otherCount)
    {
        if (otherCount == 0) return;
        double total = Count + otherCount, weight = Count * (otherCount / total);
        var shift = new double[FeatureCount];
        for (int i = 0; i < FeatureCount; i++) shift[i] = otherMean[i] - mean[i];
        for (int i = 0; i < FeatureCount; i++)
        {
            for (int j = 0; j <= i; j++) scatter[i * FeatureCount + j] += weight * shift[i] * shift[j];
            mean[i] += shift[i] * (otherCount / total);
        }
        Count += otherCount;
    }
}
