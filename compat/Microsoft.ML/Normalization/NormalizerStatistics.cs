namespace Microsoft.ML.Transforms;

/// <summary>
/// Collects, slot by slot, what the scale and offset of a normalised column follow from. Missing values (NaN) are left out.
/// </summary>
internal abstract class NormalizerStatistics
{
    /// <summary>Adds a row, or for a scalar column its one value.</summary>
    internal abstract void Add(ReadOnlySpan<float> values);

    /// <summary>The scale and offset of each slot: a value becomes (value - offset) * scale. A slot without spread becomes 0.</summary>
    /// <param name="fixZero">Whether 0 stays 0, so that there is no offset.</param>
    internal abstract (float[] Scale, float[] Offset) Finish(bool fixZero);
}

/// <summary>The smallest and largest value: to [0, 1], or with 0 fixed to [-1, 1] by the larger magnitude.</summary>
internal sealed class MinMaxStatistics : NormalizerStatistics
{
    private readonly float[] smallest;
    private readonly float[] largest;

    internal MinMaxStatistics(int slots)
    {
        (smallest, largest) = (new float[slots], new float[slots]);
        Array.Fill(smallest, float.PositiveInfinity);
        Array.Fill(largest, float.NegativeInfinity);
    }

    internal override void Add(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < smallest[i]) smallest[i] = values[i];
            if (values[i] > largest[i]) largest[i] = values[i];
        }
    }

    internal override (float[] Scale, float[] Offset) Finish(bool fixZero)
    {
        float[] scale = new float[smallest.Length], offset = new float[smallest.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            var range = fixZero ? Math.Max(Math.Abs(smallest[i]), Math.Abs(largest[i])) : largest[i] - smallest[i];
            if (!(range > 0) || float.IsInfinity(range)) continue;
            scale[i] = 1 / range;
            if (!fixZero) offset[i] = smallest[i];
        }
        return (scale, offset);
    }
}

/// <summary>Mean and variance: to mean 0 and variance 1, or with 0 fixed to a mean square of 1.</summary>
/// <remarks>Sums are of differences to the first value, so that a spread that is small beside the mean keeps its digits.</remarks>
internal sealed class MeanVarianceStatistics(int slots) : NormalizerStatistics
{
    private readonly float[] origin = CreateMissing(slots);
    private readonly double[] sum = new double[slots];
    private readonly double[] squares = new double[slots];
    private readonly long[] missing = new long[slots];
    private long rows;

    internal override void Add(ReadOnlySpan<float> values)
    {
        rows++;
        for (var i = 0; i < values.Length; i++)
        {
            double difference = values[i] - origin[i];
            if (double.IsNaN(difference))
            {
                if (float.IsNaN(values[i]))
                {
                    missing[i]++;
                    continue;
                }
                (origin[i], difference) = (values[i], 0);
            }
            sum[i] += difference;
            squares[i] += difference * difference;
        }
    }

    internal override (float[] Scale, float[] Offset) Finish(bool fixZero)
    {
        float[] scale = new float[sum.Length], offset = new float[sum.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            double count = rows - missing[i], shift = sum[i] / count, mean = origin[i] + shift;
            var variance = Math.Max(0, squares[i] / count - shift * shift);
            var spread = Math.Sqrt(fixZero ? variance + mean * mean : variance);
            if (!(spread > 0) || double.IsInfinity(spread)) continue;
            scale[i] = (float)(1 / spread);
            if (!fixZero) offset[i] = (float)mean;
        }
        return (scale, offset);
    }

    private static float[] CreateMissing(int slots)
    {
        var values = new float[slots];
        Array.Fill(values, float.NaN);
        return values;
    }
}
