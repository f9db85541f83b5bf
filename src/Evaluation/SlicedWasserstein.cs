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

    // Groups of a jackknife, each left out once.
    private const int Groups = 10;

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
        CancellationToken cancellationToken = default) => Distances(a, b, size, directions, seed, 0, cancellationToken)[0];

    /// <summary>The distance and its standard error over other vectors of both sets: the jackknife over ten groups of each.</summary>
    /// <returns>No error, not a number, of fewer than 20 vectors.</returns>
    /// <inheritdoc cref="Between" path="/param|/exception"/>
    public static (double Distance, double Error) WithError(
        ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, int size, int directions = 256, long seed = 0,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (Math.Min(a.Length, b.Length) / size < 2 * Groups)
            return (Between(a, b, size, directions, seed, cancellationToken), double.NaN);
        var distances = Distances(a, b, size, directions, seed, Groups, cancellationToken);
        var mean = distances.Skip(1).Average();
        return (distances[0], Math.Sqrt((Groups - 1.0) / Groups * distances.Skip(1).Sum(d => (d - mean) * (d - mean))));
    }

    /// <summary>The distance of all vectors, then those without each group.</summary>
    private static double[] Distances(
        ReadOnlyMemory<float> a, ReadOnlyMemory<float> b, int size, int directions, long seed, int groups,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(directions);
        var count = Math.Min(CountOf(a, size, nameof(a)), CountOf(b, size, nameof(b)));
        var squares = new double[groups + 1][];
        for (var g = 0; g <= groups; g++) squares[g] = new double[directions];
        Parallel.For(0, directions, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var direction = Latents.Normal(seed, i, 1, size);
            TensorPrimitives.Divide(direction, TensorPrimitives.Norm(direction), direction);
            float[] left = Projected(a, direction, count), right = Projected(b, direction, count);
            for (var g = 1; g <= groups; g++)
            {
                int first = (int)((long)count * (g - 1) / groups), end = (int)((long)count * g / groups);
                squares[g][i] = Square([.. left[..first], .. left[end..]], [.. right[..first], .. right[end..]]);
            }
            squares[0][i] = Square(left, right);
        });
        return [.. squares.Select(of => Math.Sqrt(of.Average()))];
    }

    private static double Square(float[] left, float[] right)
    {
        Array.Sort(left);
        Array.Sort(right);
        return Math.Pow(TensorPrimitives.Distance(left, right), 2) / left.Length;
    }

    private static float[] Projected(ReadOnlyMemory<float> vectors, float[] direction, int count)
    {
        var places = new float[count];
        for (var i = 0; i < count; i++)
            places[i] = TensorPrimitives.Dot(vectors.Span.Slice(i * direction.Length, direction.Length), direction);
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
