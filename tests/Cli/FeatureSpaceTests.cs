using GanPipeline.Cli.Running;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Images of another size than the classifier's.</summary>
public sealed class FeatureSpaceTests
{
    private static ImageTensor Image(int size, Func<int, int, float> value) =>
        new([.. Enumerable.Range(0, size * size).Select(i => value(i / size, i % size))], 1, 1, size, size);

    [Fact]
    public void A_multiple_is_averaged() =>
        Assert.Equal([0.5f, 2.5f, 8.5f, 10.5f], FeatureSpace.Fit(Image(4, (y, x) => y * 4 + x - 2), 2, 2).Values);

    [Fact]
    public void A_fraction_is_repeated() =>
        Assert.Equal([0f, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], FeatureSpace.Fit(Image(2, (y, x) => y * 2 + x), 4, 4).Values);

    [Fact]
    public void MNIST_at_28_is_framed_to_32_and_cut_back()
    {
        var small = Image(28, (y, x) => (y * 28 + x) / 784f);
        var framed = FeatureSpace.Fit(small, 32, 32);
        Assert.Equal(-1, framed.Values[0]);
        Assert.Equal(small.Values[0], framed.Values[2 * 32 + 2]);
        Assert.Equal(small.Values, FeatureSpace.Fit(framed, 28, 28).Values);
    }
}
