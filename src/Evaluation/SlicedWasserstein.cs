using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>
/// The sliced Wasserstein distance (Bonneel et al. 2015) of two sets of vectors, such as pixels: the root of the mean, over random
/// directions, of the squared 2-Wasserstein distance of the projections, which sorting gives. Of whole images; not of the patches of a
/// Laplacian pyramid (Karras et al. 2018).
/// </summary>
/// <remarks>
/// It needs no network. Few vectors have a distance above 0 also if their distributions are equal: compare with real ones.
/// </remarks>
public static class SlicedWasserstein
{
    // 64 MB of float32.
    private const int MostValues = 1 << 24;

    /// <summary>The images to compare by default: 2,000, or fewer if they are large.</summary>
    /// <param name="size">Values of one image.</param>
    public static int MostImages(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return Math.Max(2, Math.Min(2000, MostValues / size));
    }

    /// <summary>The distance of two sets; of the larger one, as many vectors as the other has.</summary>
    /// <param name="a">Row-major [n, D].</param>
    /// <param name="b">Row-major [m, D].</param>
    /// <param name="size">D.</param>
    /// <param name="directions">How many directions.</param>
    /// <param name="seed">Decides the directions.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>0 or more, in units of the values.</returns>
    /// <exception cref="ArgumentException">Lengths that are not multiples of D, or a set of fewer than two vectors.</exception>
    public static double Between(
        ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, int size, int directions = 256, long seed = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(directions);
        var count = Math.Min(CountOf(a, size, nameof(a)), CountOf(b, size, nameof(b)));
        var squares = new double[directions];
        Parallel.For(0, directions, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var direction = Latents.Normal(seed, i, 1, size);
            TensorPrimitives.Divide(direction, TensorPrimitives.Norm(direction), direction);
            float[] left = Projected(a, direction, count), right = Projected(b, direction, count);
            squares[i] = Math.Pow(TensorPrimitives.Distance(left, right), 2) / count;
        });
        return Math.Sqrt(squares.Average());
    }

    private static float[] Projected(ReadOnlyMemory<float> vectors, float[] direction, int count)
    {
        var places = new float[count];
        for (var i = 0; i < count; i++)
            places[i] = TensorPrimitives.Dot(vectors.Span.Slice(i * direction.Length, direction.Length), direction);
        Array.Sort(places);
        return places;
    }

    private static int CountOf(ReadOnlyMemory<float> values, int size, string parameter)
    {
        var count = Math.DivRem(values.Length, size, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"{values.Length} values given, which is not a multiple of a vector's {size}.", parameter);
        return count >= 2 ? count
            : throw new ArgumentException($"A sliced distance needs 2 vectors of each set or more; {count} given.", parameter);
    }
}
