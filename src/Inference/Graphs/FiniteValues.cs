using System.Numerics;

namespace GanPipeline.Inference;

/// <summary>Whether numbers are numbers.</summary>
internal static class FiniteValues
{
    /// <summary>Whether none is NaN or infinite.</summary>
    public static bool Are(ReadOnlySpan<float> values)
    {
        // x - x is 0 for every finite x and NaN for all others, and NaN stays in a sum.
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = new Vector<float>(values[i..]);
            sums += x - x;
        }
        var sum = Vector.Sum(sums);
        for (; i < values.Length; i++) sum += values[i] - values[i];
        return sum == 0;
    }
}
