namespace GanPipeline.Evaluation.Tests;

public sealed class PixelDistanceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(97)] // whole vectors and a rest
    [InlineData(1100)] // several parts
    public void It_is_the_sum_of_absolute_differences(int size)
    {
        var random = new Random(size);
        byte[] a = new byte[size], b = new byte[size];
        random.NextBytes(a);
        random.NextBytes(b);
        (a[^1], b[^1]) = (0, 255);
        var expected = a.Zip(b, (x, y) => Math.Abs(x - y)).Sum();
        Assert.Equal(expected, PixelDistance.Sum(a, b, long.MaxValue));
        Assert.Equal(expected, PixelDistance.Sum(b, a, expected));
        Assert.True(PixelDistance.Sum(a, b, 10) > 10);
    }
}
