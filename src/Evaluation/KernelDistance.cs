using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>
/// The squared maximum mean discrepancy of two sets of images in a feature space (Gretton et al. 2012) with the cubic polynomial kernel
/// k(x, y) = (x.y / F + 1)^3, by the unbiased estimator. With Inception's features it is called KID (Binkowski et al. 2018, section 4).
/// </summary>
/// <remarks>
/// Its expectation does not depend on the number of images, as that of <see cref="FrechetDistance"/> does, and it is 0 for equal
/// distributions; single estimates may be negative. It is taken over random subsets, each of different images, as in the paper.
/// </remarks>
public sealed record KernelDistance
{
    /// <summary>The fewest images of a set: two subsets of two.</summary>
    public const int LeastImages = 4;

    /// <summary>The mean of the subsets' estimates.</summary>
    public required double Mean { get; init; }

    /// <summary>
    /// The standard deviation of the subsets' estimates: what publications print behind KID. It is the spread of sets of
    /// <see cref="SubsetSize"/> images, not the error of <see cref="Mean"/>.
    /// </summary>
    public required double Deviation { get; init; }

    /// <summary>
    /// The standard error of <see cref="Mean"/> over other images of both distributions: the delete-d jackknife (Shao and Wu 1989), which
    /// scales the variance over subsets of m of n images by m / (n - m), and the subsets' own share of chance. Where the distributions
    /// are nearly alike the variance falls faster than 1 / n, and the error is too large, by up to the root of n / m.
    /// </summary>
    public required double Error { get; init; }

    /// <summary>The number of subsets.</summary>
    public required int Subsets { get; init; }

    /// <summary>m, the images of either set in a subset.</summary>
    public required int SubsetSize { get; init; }

    /// <summary>Compares two sets.</summary>
    /// <remarks>
    /// Every kernel value within a subset is computed: 100 subsets of 1000 vectors of 128 take about a second. The products are of float32,
    /// their powers and sums of float64.
    /// </remarks>
    /// <param name="real">Row-major [n, F].</param>
    /// <param name="generated">Row-major [n', F].</param>
    /// <param name="featureCount">F.</param>
    /// <param name="subsets">How many subsets, at least 2.</param>
    /// <param name="subsetSize">Vectors of each set in a subset; at most half of the smaller set are taken, so that subsets differ.</param>
    /// <param name="seed">Decides the subsets.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <exception cref="ArgumentException">Lengths that are not multiples of F, or a set of fewer than 4 vectors.</exception>
    public static KernelDistance Compute(
        ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated, int featureCount, int subsets = 100, int subsetSize = 1000,
        long seed = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsetSize, 2);
        int realCount = CountOf(real, featureCount, nameof(real)), generatedCount = CountOf(generated, featureCount, nameof(generated));
        var least = Math.Min(realCount, generatedCount);
        var size = Math.Min(subsetSize, least / 2);
        var estimates = new double[subsets];
        Parallel.For(0, subsets, new ParallelOptions { CancellationToken = cancellationToken },
            () => (X: new KernelBlock(size, featureCount), Y: new KernelBlock(size, featureCount)), (i, _, blocks) =>
            {
                blocks.X.Fill(real.Span, new Permutation(seed, 2L * i, realCount));
                blocks.Y.Fill(generated.Span, new Permutation(seed, 2L * i + 1, generatedCount));
                estimates[i] = KernelBlock.SquaredDiscrepancy(blocks.X, blocks.Y);
                return blocks;
            }, _ => { });
        var mean = estimates.Average();
        var variance = estimates.Sum(e => (e - mean) * (e - mean)) / (subsets - 1);
        return new()
        {
            Mean = mean,
            Deviation = Math.Sqrt(variance),
            Error = Math.Sqrt(variance * ((double)size / (least - size) + 1.0 / subsets)),
            Subsets = subsets,
            SubsetSize = size,
        };
    }

    private static int CountOf(ReadOnlyMemory<float> values, int featureCount, string parameter)
    {
        var count = Math.DivRem(values.Length, featureCount, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"{values.Length} values given, which is not a multiple of the {featureCount} features.",
                parameter);
        return count >= LeastImages ? count
            : throw new ArgumentException($"A kernel distance needs {LeastImages} vectors of each set or more; {count} given.", parameter);
    }
}

/// <summary>Vectors laid out for products with all vectors of another block.</summary>
internal sealed class KernelBlock
{
    // A tile of products, 4 x 16, stays in registers. What is added to fill the last tiles is zeros.
    private const int TileRows = 4, TileColumns = 16;

    private readonly int _count, _padded, _features;
    private readonly float[] _rows; // [padded, F]
    private readonly float[] _panels; // [padded / 16, F, 16]: 16 vectors side by side

    public KernelBlock(int count, int features)
    {
        (_count, _features) = (count, features);
        _padded = (count + TileColumns - 1) / TileColumns * TileColumns;
        _rows = new float[_padded * features];
        _panels = new float[_padded * features];
    }

    /// <summary>Takes the first vectors of a permutation.</summary>
    public void Fill(ReadOnlySpan<float> vectors, Permutation permutation)
    {
        for (var i = 0; i < _count; i++) Set(i, vectors.Slice(permutation.At(i) * _features, _features));
    }

    /// <summary>Takes vectors in their order.</summary>
    public void Fill(ReadOnlySpan<float> vectors)
    {
        for (var i = 0; i < _count; i++) Set(i, vectors.Slice(i * _features, _features));
    }

    /// <summary>
    /// The unbiased estimate of the squared discrepancy: the mean of k(x, x') over different vectors of the first block, that of the
    /// second one, less twice the mean of k(x, y).
    /// </summary>
    public static double SquaredDiscrepancy(KernelBlock x, KernelBlock y)
    {
        double n = x._count, m = y._count;
        return x.SumWithin() / (n * (n - 1)) + y.SumWithin() / (m * (m - 1)) - 2 * x.SumWith(y) / (n * m);
    }

    private void Set(int row, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(_rows.AsSpan(row * _features));
        var panel = _panels.AsSpan(row / TileColumns * TileColumns * _features + row % TileColumns);
        for (var f = 0; f < vector.Length; f++) panel[f * TileColumns] = vector[f];
    }

    // The kernel of a zero vector with any other is 1, so what the padding adds is a whole number.
    private double SumWith(KernelBlock other)
    {
        double sum = 0;
        for (var panel = 0; panel < other._padded; panel += TileColumns) sum += Tiles(other, panel, 0, _padded);
        return sum - ((double)_padded * other._padded - (double)_count * other._count);
    }

    private double SumWithin()
    {
        double sum = 0, own = 0;
        for (var panel = 0; panel < _padded; panel += TileColumns)
            sum += 2 * Tiles(this, panel, 0, panel) + Tiles(this, panel, panel, panel + TileColumns);
        for (var i = 0; i < _count; i++)
        {
            double square = 0;
            foreach (var v in _rows.AsSpan(i * _features, _features)) square += (double)v * v;
            var k = square / _features + 1;
            own += k * k * k;
        }
        return sum - ((double)_padded * _padded - (double)_count * _count) - own;
    }

    /// <summary>The sum of kernels of some rows with the 16 vectors of a panel.</summary>
    private double Tiles(KernelBlock other, int panel, int from, int to)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        ref var columns = ref MemoryMarshal.GetReference(other._panels.AsSpan(panel * _features, TileColumns * _features));
        var sum = Vector256<double>.Zero;
        var scale = Vector256.Create(1.0 / _features);
        for (var row = from; row < to; row += TileRows)
        {
            nuint r0 = (nuint)(row * _features), r1 = r0 + (nuint)_features, r2 = r1 + (nuint)_features, r3 = r2 + (nuint)_features;
            Vector256<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            for (nuint f = 0; f < (nuint)_features; f++)
            {
                var a = Vector256.LoadUnsafe(ref columns, f * TileColumns);
                var b = Vector256.LoadUnsafe(ref columns, f * TileColumns + 8);
                Add(ref a0, ref b0, a, b, At(ref rows, r0 + f));
                Add(ref a1, ref b1, a, b, At(ref rows, r1 + f));
                Add(ref a2, ref b2, a, b, At(ref rows, r2 + f));
                Add(ref a3, ref b3, a, b, At(ref rows, r3 + f));
            }
            sum += Cubes(a0, scale) + Cubes(b0, scale) + Cubes(a1, scale) + Cubes(b1, scale) + Cubes(a2, scale) + Cubes(b2, scale)
                + Cubes(a3, scale) + Cubes(b3, scale);
        }
        return Vector256.Sum(sum);
    }

    private static Vector256<float> At(ref float values, nuint index) =>
        Vector256.Create(Unsafe.Add(ref values, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref Vector256<float> left, ref Vector256<float> right, Vector256<float> a, Vector256<float> b, Vector256<float> value)
    {
        left = Vector256.MultiplyAddEstimate(a, value, left);
        right = Vector256.MultiplyAddEstimate(b, value, right);
    }

    private static Vector256<double> Cubes(Vector256<float> products, Vector256<double> scale)
    {
        var (low, high) = Vector256.Widen(products);
        low = low * scale + Vector256<double>.One;
        high = high * scale + Vector256<double>.One;
        return low * low * low + high * high * high;
    }
}
