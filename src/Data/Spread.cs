using System.Numerics;

namespace GanPipeline.Data;

/// <summary>A part of a data set that stands for the whole.</summary>
public static class Spread
{
    /// <summary>
    /// Different indices below <paramref name="total"/>, spread over all of it. Equal distances would not do: where classes take turns, a
    /// distance that shares a factor with their number meets some of them only. So the distance is the golden section of the
    /// total, moved up to the next number without a common factor, and counted round and round.
    /// </summary>
    /// <param name="count">How many at most; not more than <paramref name="total"/> come.</param>
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
