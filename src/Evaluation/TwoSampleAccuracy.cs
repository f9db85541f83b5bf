using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>
/// How often the nearest neighbour of an image, among all other images of two sets, is of its own set (Lopez-Paz and Oquab 2017; for
/// generators Xu et al. 2018, section 2): 0.5 if the sets have the same distribution, 1 if they lie apart, 0 if the images of one are
/// copies of the other's.
/// </summary>
/// <param name="Accuracy">Of all images: the mean of the two below.</param>
/// <param name="Real">Of real images. Low: generated images lie among them.</param>
/// <param name="Generated">Of generated images. High: they lie near each other, as where modes collapse.</param>
/// <param name="Error">The standard error of <paramref name="Accuracy"/>, as if images were told independently: binomial.</param>
/// <param name="Images">The images of each set.</param>
public sealed record TwoSampleAccuracy(double Accuracy, double Real, double Generated, double Error, int Images)
{
    /// <summary>The fewest images of a set.</summary>
    public const int LeastImages = 2;

    /// <summary>The images of a set that are compared by default: the error is half a percent then.</summary>
    public const int MostImages = 5000;

    // Images compared at once. They stay in the cache while all others are read once for them.
    private const int Together = 32;

    /// <summary>Compares as many vectors of either set, the first ones.</summary>
    /// <remarks>Every distance is computed: 5,000 with 5,000 vectors of 128 take about two seconds. Memory does not grow.</remarks>
    /// <param name="real">Row-major [n, F].</param>
    /// <param name="generated">Row-major [m, F].</param>
    /// <param name="featureCount">F.</param>
    /// <param name="most">The most vectors of a set.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <exception cref="ArgumentException">Lengths that are not multiples of F, or a set of fewer than 2 vectors.</exception>
    public static TwoSampleAccuracy Compute(
        ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated, int featureCount, int most = MostImages,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, LeastImages);
        var count = Math.Min(most, Math.Min(CountOf(real, nameof(real)), CountOf(generated, nameof(generated))));
        int[] right = [0, 0];
        var chunks = Enumerable.Range(0, 2 * count).Chunk(Together);
        Parallel.ForEach(chunks, new ParallelOptions { CancellationToken = cancellationToken }, rows =>
        {
            Span<float> nearest = stackalloc float[Together];
            Span<int> sets = stackalloc int[Together];
            nearest.Fill(float.PositiveInfinity);
            for (var other = 0; other < 2 * count; other++)
            {
                var vector = Vector(other);
                for (var i = 0; i < rows.Length; i++)
                {
                    if (rows[i] == other) continue;
                    var distance = TensorPrimitives.Distance(Vector(rows[i]), vector);
                    if (distance < nearest[i]) (nearest[i], sets[i]) = (distance, SetOf(other));
                }
            }
            for (var i = 0; i < rows.Length; i++)
                if (sets[i] == SetOf(rows[i])) Interlocked.Increment(ref right[sets[i]]);
        });
        double ofReal = (double)right[0] / count, ofGenerated = (double)right[1] / count, accuracy = (ofReal + ofGenerated) / 2;
        return new(accuracy, ofReal, ofGenerated, Math.Sqrt(accuracy * (1 - accuracy) / (2 * count)), count);

        // The sets alternate, so that neither is favoured where distances are equal.
        static int SetOf(int row) => row & 1;

        ReadOnlySpan<float> Vector(int row) =>
            (SetOf(row) == 0 ? real : generated).Span.Slice((row >> 1) * featureCount, featureCount);

        int CountOf(ReadOnlyMemory<float> values, string parameter)
        {
            var n = Math.DivRem(values.Length, featureCount, out var remainder);
            if (remainder != 0)
                throw new ArgumentException($"{values.Length} values given, which is not a multiple of the {featureCount} features.",
                    parameter);
            return n >= LeastImages ? n
                : throw new ArgumentException($"A two-sample accuracy needs {LeastImages} vectors of each set; {n} given.", parameter);
        }
    }
}
