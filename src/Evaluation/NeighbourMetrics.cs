using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>Metrics of fidelity and diversity from nearest neighbours in a feature space.</summary>
/// <param name="Precision">The share of generated images within the real images' balls: fidelity (Kynkaanniemi et al. 2019, section 2).</param>
/// <param name="Recall">The share of real images within the generated images' balls: diversity (the same).</param>
/// <param name="Density">How many real balls a generated image lies in on average, over k: fidelity, can exceed 1 (Naeem et al. 2020, section 3).</param>
/// <param name="Coverage">The share of real images whose ball holds a generated one: diversity (the same).</param>
public sealed record NeighbourMetrics(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Compares two sets; a vector's ball reaches to its k-th nearest neighbour in its own set.</summary>
    /// <remarks>Every distance is computed: time grows with the product of the sets' sizes (10,000 with 10,000 vectors of 128: seconds). Memory does not.</remarks>
    /// <param name="real">Row-major [n, F].</param>
    /// <param name="generated">Row-major [m, F].</param>
    /// <param name="featureCount">F.</param>
    /// <param name="neighbours">k: 3 in the first paper, 5 in the second. Metrics of different k do not compare.</param>
    /// <exception cref="ArgumentException">Lengths that are no multiples of F, or a set with no more than k vectors.</exception>
    public static NeighbourMetrics Compute(ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated, int featureCount, int neighbours = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neighbours);
        var realSet = new VectorSet(real, featureCount, neighbours, nameof(real));
        var generatedSet = new VectorSet(generated, featureCount, neighbours, nameof(generated));
        float[] realRadii = realSet.Radii(neighbours), generatedRadii = generatedSet.Radii(neighbours);

        // By real vector: the pairs' distances are needed once, and whether a generated vector lies in any ball is remembered for it.
        var inAnyRealBall = new bool[generatedSet.Count];
        long ballsEntered = 0, covered = 0, recalled = 0;
        Parallel.For(0, realSet.Count, r =>
        {
            long entered = 0;
            bool isRecalled = false;
            for (int g = 0; g < generatedSet.Count; g++)
            {
                float distance = TensorPrimitives.Distance(realSet[r], generatedSet[g]);
                if (distance <= realRadii[r])
                {
                    entered++;
                    inAnyRealBall[g] = true;
                }
                isRecalled |= distance <= generatedRadii[g];
            }
            Interlocked.Add(ref ballsEntered, entered);
            if (entered > 0) Interlocked.Increment(ref covered);
            if (isRecalled) Interlocked.Increment(ref recalled);
        });
        return new NeighbourMetrics(
            (double)inAnyRealBall.Count(inside => inside) / generatedSet.Count,
            (double)recalled / realSet.Count,
            (double)ballsEntered / neighbours / generatedSet.Count,
            (double)covered / realSet.Count);
    }

    private sealed class VectorSet
    {
        private readonly ReadOnlyMemory<float> values;
        private readonly int featureCount;

        public VectorSet(ReadOnlyMemory<float> values, int featureCount, int neighbours, string parameter)
        {
            if (values.Length % featureCount != 0)
                throw new ArgumentException($"{values.Length} values given, which is no multiple of the {featureCount} features.", parameter);
            this.values = values;
            this.featureCount = featureCount;
            Count = values.Length / featureCount;
            if (Count <= neighbours) throw new ArgumentException($"{Count} vectors have no {neighbours} neighbours each.", parameter);
        }

        public int Count { get; }

        public ReadOnlySpan<float> this[int index] => values.Span.Slice(index * featureCount, featureCount);

        /// <summary>Distance of each vector to its k-th nearest neighbour in the set, itself not counted.</summary>
        public float[] Radii(int neighbours)
        {
            var radii = new float[Count];
            Parallel.For(0, Count, i =>
            {
                var nearest = new float[neighbours]; // ascending
                nearest.AsSpan().Fill(float.PositiveInfinity);
                for (int j = 0; j < Count; j++)
                {
                    if (j == i) continue;
                    float distance = TensorPrimitives.Distance(this[i], this[j]);
                    if (distance >= nearest[^1]) continue;
                    int place = neighbours - 1;
                    for (; place > 0 && nearest[place - 1] > distance; place--) nearest[place] = nearest[place - 1];
                    nearest[place] = distance;
                }
                radii[i] = nearest[^1];
            });
            return radii;
        }
    }
}
