using MathNet.Numerics.Distributions;

namespace GanPipeline.ML;

/// <summary>A 95 % confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The share of a distribution that lies below the upper end.</summary>
    private const double Upper = 0.975;

    /// <summary>
    /// Of a share: Wilson's score interval (Wilson 1927), which stays within [0, 1] and holds near its ends, as that of an accuracy of 99
    /// %.
    /// </summary>
    /// <param name="right">Successes, from 0 to <paramref name="total"/>.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No trial, or successes outside their range.</exception>
    public static Interval Wilson(long right, long total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, total);
        var z = Normal.InvCDF(0, 1, Upper);
        double n = total, share = right / n;
        var middle = (share + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return new Interval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Of the mean of a few independent values: Student's t with n - 1 degrees of freedom.</summary>
    /// <param name="values">At least two.</param>
    /// <exception cref="ArgumentException">Fewer than two values, from which no spread can be told.</exception>
    public static Interval OfMean(IReadOnlyCollection<double> values) => Around(values, n => StudentT.InvCDF(0, 1, n - 1, Upper));

    /// <summary>
    /// Of the mean of many independent values, normal by the central limit theorem. For differences of 1, 0 and -1, one classifier's
    /// right answers against another's on the same images, this is Wald's interval that goes with McNemar's test.
    /// </summary>
    /// <param name="values">At least two; dozens for the normal distribution to be near.</param>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public static Interval OfMeanOfMany(IReadOnlyCollection<double> values) => Around(values, _ => Normal.InvCDF(0, 1, Upper));

    private static Interval Around(IReadOnlyCollection<double> values, Func<int, double> quantile)
    {
        ArgumentNullException.ThrowIfNull(values);
        var n = values.Count;
        if (n < 2) throw new ArgumentException($"An interval of a mean needs at least 2 values; {n} given.", nameof(values));
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (n - 1);
        var half = quantile(n) * Math.Sqrt(variance / n);
        return new Interval(mean - half, mean + half);
    }
}
