using System.Numerics;

namespace GanPipeline.Data;

/// <summary>A part of a data set that represents the whole.</summary>
internal static class Spread
{
    /// <summary>
    /// Different indices below <paramref name="total"/>, spread evenly. The step between two of them is the golden section of the total,
    /// and indices wrap around at its end. The step has no factor in common with the total, so that it meets every class of a data set
    /// whose classes alternate.
    /// </summary>
    /// <param name="count">How many; at most <paramref name="total"/> are returned.</param>
    /// <param name="total">Pictures in the data set.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static IEnumerable<int> Indices(int count, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        return Walk(Math.Min(count, total), total);
    }

    private static IEnumerable<int> Walk(int count, int total)
    {
        var distance = Math.Max(1, (long)(total * 0.618034));
        while (BigInteger.GreatestCommonDivisor(distance, total) != 1) distance++;
        for (long i = 0; i < count; i++) yield return (int)(i * distance % total);
    }
}
