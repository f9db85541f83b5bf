using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>Metrics of fidelity and diversity from nearest neighbours in a feature space.</summary>
/// <param name="Precision">The share of generated images within the real images' balls: fidelity (Kynkaanniemi et al. 2019, section
/// 2).</param>
/// <param name="Recall">The share of real images within the generated images' balls: diversity (the same).</param>
/// <param name="Density">The average number of real balls that hold a generated image, divided by k: fidelity, can exceed 1 (Naeem et al.
/// 2020, section 3).</param>
/// <param name="Coverage">The share of real images whose ball holds a generated one: diversity (the same).</param>
public sealed record NeighbourMetrics(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Their standard errors; null where they were not computed.</summary>
    public NeighbourErrors? Errors { get; init; }

    /// <summary>Compares two sets. The ball of a vector reaches to its k-th nearest neighbour in its own set.</summary>
    /// <remarks>
    /// Every distance is computed: time grows with the product of the sets' sizes (10,000 with 10,000 vectors of 128: seconds). Memory
    /// does not.
    /// </remarks>
    /// <param name="real">Row-major [n, F].</param>
    /// <param name="generated">Row-major [m, F].</param>
    /// <param name="featureCount">F.</param>
    /// <param name="neighbours">k: 3 in the first paper, 5 in the second. Metrics of different k cannot be compared.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <exception cref="ArgumentException">Lengths that are not multiples of F, or a set with k vectors or fewer.</exception>
    public static NeighbourMetrics Compute(
        ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated, int featureCount, int neighbours = 5,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neighbours);
        var realSet = new VectorSet(real, featureCount, neighbours, nameof(real));
        var generatedSet = new VectorSet(generated, featureCount, neighbours, nameof(generated));
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        float[] realRadii = realSet.Radii(neighbours, parallel), generatedRadii = generatedSet.Radii(neighbours, parallel);

        // Each distance is computed once. In how many real balls a generated vector lies is kept for it.
        var realBalls = new int[generatedSet.Count];
        long covered = 0, recalled = 0;
        Parallel.For(0, realSet.Count, parallel, r =>
        {
            bool isCovered = false, isRecalled = false;
            for (var g = 0; g < generatedSet.Count; g++)
            {
                var distance = TensorPrimitives.Distance(realSet[r], generatedSet[g]);
                if (distance <= realRadii[r])
                {
                    isCovered = true;
                    Interlocked.Increment(ref realBalls[g]);
                }
                isRecalled |= distance <= generatedRadii[g];
            }
            if (isCovered) Interlocked.Increment(ref covered);
            if (isRecalled) Interlocked.Increment(ref recalled);
        });
        double n = realSet.Count, m = generatedSet.Count;
        double precision = realBalls.Count(balls => balls > 0) / m, recall = recalled / n, coverage = covered / n;
        var density = realBalls.Average() / neighbours;
        var spread = Math.Sqrt(realBalls.Sum(balls => Math.Pow((double)balls / neighbours - density, 2)) / (m - 1));
        return new NeighbourMetrics(precision, recall, density, coverage)
        {
            Errors = new(OfShare(precision, m), OfShare(recall, n), spread / Math.Sqrt(m), OfShare(coverage, n)),
        };
    }

    private static double OfShare(double share, double count) => Math.Sqrt(share * (1 - share) / count);

    private sealed class VectorSet
    {
        private readonly ReadOnlyMemory<float> _values;
        private readonly int _featureCount;

        public VectorSet(ReadOnlyMemory<float> values, int featureCount, int neighbours, string parameter)
        {
            if (values.Length % featureCount != 0)
                throw new ArgumentException($"{values.Length} values given, which is not a multiple of the {featureCount} features.",
                    parameter);
            _values = values;
            _featureCount = featureCount;
            Count = values.Length / featureCount;
            if (Count <= neighbours) throw new ArgumentException($"{Count} vectors do not have {neighbours} neighbours each.", parameter);
        }

        public int Count { get; }

        public ReadOnlySpan<float> this[int index] => _values.Span.Slice(index * _featureCount, _featureCount);

        /// <summary>The distance of each vector to its k-th nearest neighbour in the set, not counting itself.</summary>
        public float[] Radii(int neighbours, ParallelOptions parallel)
        {
            var radii = new float[Count];
            Parallel.For(0, Count, parallel, i =>
            {
                var nearest = new float[neighbours]; // ascending
                nearest.AsSpan().Fill(float.PositiveInfinity);
                for (var j = 0; j < Count; j++)
                {
                    if (j == i) continue;
                    var distance = TensorPrimitives.Distance(this[i], this[j]);
                    if (distance >= nearest[^1]) continue;
                    var place = neighbours - 1;
                    for (; place > 0 && nearest[place - 1] > distance; place--) nearest[place] = nearest[place - 1];
                    nearest[place] = distance;
                }
                radii[i] = nearest[^1];
            });
            return radii;
        }
    }
}

/// <summary>
/// Standard errors of <see cref="NeighbourMetrics"/>: of a mean over the images that it is taken over, with the balls as they are. Other
/// balls, of other images, would change it too.
/// </summary>
/// <param name="Precision">Over generated images: binomial.</param>
/// <param name="Recall">Over real images: binomial.</param>
/// <param name="Density">Over generated images.</param>
/// <param name="Coverage">Over real images: binomial.</param>
public sealed record NeighbourErrors(double Precision, double Recall, double Density, double Coverage);
