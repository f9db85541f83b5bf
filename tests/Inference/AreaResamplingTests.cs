namespace GanPipeline.Inference.Tests;

/// <summary>Images of another size than the classifier's.</summary>
public sealed class AreaResamplingTests
{
    private static ImageTensor Image(int size, Func<int, int, float> value) =>
        new([.. Enumerable.Range(0, size * size).Select(i => value(i / size, i % size))], 1, 1, size, size);

    [Fact]
    public void A_multiple_is_averaged() =>
        Assert.Equal([0.5f, 2.5f, 8.5f, 10.5f], AreaResampling.Resize(Image(4, (y, x) => y * 4 + x - 2), 2, 2).Values);

    [Fact]
    public void A_fraction_is_repeated() =>
        Assert.Equal([0f, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], AreaResampling.Resize(Image(2, (y, x) => y * 2 + x), 4, 4).Values);

    [Fact]
    public void Any_other_size_keeps_each_value_s_share()
    {
        // 3 to 2: each new value covers one and a half old ones.
        var fitted = AreaResampling.Resize(Image(3, (_, x) => x * 3), 2, 2).Values;
        Assert.Equal([1f, 5, 1, 5], fitted.Select(v => MathF.Round(v, 5))); // (0 + 3 / 2) / 1.5 and (3 / 2 + 6) / 1.5
    }

    [Fact]
    public void A_flat_picture_stays_flat_between_28_and_32() =>
        Assert.All(AreaResampling.Resize(Image(32, (_, _) => -1), 28, 28).Values, v => Assert.Equal(-1, v, 1e-5f)); // seven float roundings
}
