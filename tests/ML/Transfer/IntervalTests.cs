namespace GanPipeline.ML.Tests;

/// <summary>Against values of R: prop.test(correct = FALSE), t.test, and qnorm by hand; to the digits written here.</summary>
public class IntervalTests
{
    [Theory]
    [InlineData(81, 263, 0.25526, 0.36618)] // Newcombe 1998, table I, method 3: 0.2553, 0.3662.
    [InlineData(0, 20, 0, 0.16113)]         // The same: 0.0000, 0.1611.
    [InlineData(15, 148, 0.06238, 0.16055)] // The same: 0.0624, 0.1605.
    [InlineData(20, 20, 0.83887, 1)]
    public void Of_a_share(long right, long total, double low, double high)
    {
        var interval = Interval.Wilson(right, total);
        Assert.Equal(low, interval.Low, 2e-4);
        Assert.Equal(high, interval.High, 2e-4);
    }

    [Fact]
    public void Of_a_mean()
    {
        // Mean 3, standard deviation sqrt(2.5); t(0.975, 4) = 2.776445.
        var interval = Interval.OfMean([1, 2, 3, 4, 5]);
        Assert.Equal(3 - 2.776445 * Math.Sqrt(2.5 / 5), interval.Low, 1e-5);
        Assert.Equal(3 + 2.776445 * Math.Sqrt(2.5 / 5), interval.High, 1e-5);
        Assert.Throws<ArgumentException>(() => Interval.OfMean([1]));
    }

    [Fact]
    public void Of_paired_answers()
    {
        // 15 images only the first got right, 5 only the second, 80 alike: difference 0.1, McNemar's discordant pairs 20.
        double[] differences = [.. Enumerable.Repeat(1.0, 15), .. Enumerable.Repeat(-1.0, 5), .. Enumerable.Repeat(0.0, 80)];
        var interval = Interval.OfMeanOfMany(differences);
        var half = 1.959964 * Math.Sqrt((20 - 100 * 0.01) / 99 / 100);
        Assert.Equal(0.1 - half, interval.Low, 1e-6);
        Assert.Equal(0.1 + half, interval.High, 1e-6);
    }
}
