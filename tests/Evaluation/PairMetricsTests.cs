namespace GanPipeline.Evaluation.Tests;

public class PairMetricsTests
{
    private static ImageTensor Random(int seed, int count = 6, int channels = 3, int side = 16)
    {
        var random = new Random(seed);
        var images = new ImageTensor(count, channels, side, side);
        for (var i = 0; i < images.Values.Length; i++) images.Values[i] = random.NextSingle() * 2 - 1;
        return images;
    }

    private static ImageTensor Of(Func<int, float> value, int count = 6) =>
        new([.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat(value(i), 3 * 16 * 16))], count, 3, 16, 16);

    [Fact]
    public void Equal_images_are_as_near_as_can_be()
    {
        var metrics = PairMetrics.Compute(Random(1), Random(1));
        Assert.Equal((6, 0, 0), (metrics.Images, metrics.L1, metrics.L1Error));
        Assert.Equal(double.PositiveInfinity, metrics.Psnr);
        Assert.Equal(1, metrics.Ssim!.Value, 1e-12);
        Assert.Null(metrics.Features);
    }

    /// <summary>Even gray images that lie 0.1 and 0.3 of the range from black, in turn.</summary>
    [Fact]
    public void Known_differences_have_known_metrics()
    {
        var metrics = PairMetrics.Compute(Of(i => i % 2 == 0 ? -0.8f : -0.4f), Of(_ => -1));
        // The floats that lie nearest to these values are 3e-8 away.
        Assert.Equal(0.2, metrics.L1, 1e-7);
        // The deviation of three 0.1 and three 0.3 is 0.1 sqrt(6 / 5).
        Assert.Equal(0.1 * Math.Sqrt(6.0 / 5 / 6), metrics.L1Error, 1e-7);
        Assert.Equal(-10 * Math.Log10((0.01 + 0.09) / 2), metrics.Psnr, 1e-5);
        var error = 0.04 * Math.Sqrt(6.0 / 5 / 6);
        Assert.Equal(10 / Math.Log(10) * error / 0.05, metrics.PsnrError, 1e-5);
        // Of even images SSIM is its term of luminance, with means from -1 to 1 as StructuralSimilarity takes them.
        const double C1 = 0.02 * 0.02;
        double Luminance(double x, double y) => (2 * x * y + C1) / (x * x + y * y + C1);
        Assert.Equal((Luminance(-0.8, -1) + Luminance(-0.4, -1)) / 2, metrics.Ssim!.Value, 1e-6);
    }

    /// <summary>Images of 16 pixels have room for one scale, so that both similarities are one.</summary>
    [Fact]
    public void Similarity_is_the_multi_scale_one_of_a_single_scale()
    {
        ImageTensor a = Random(1), b = Random(2);
        for (var i = 0; i < a.Values.Length; i++) b.Values[i] = 0.8f * a.Values[i] + 0.2f * b.Values[i];
        var expected = Enumerable.Range(0, a.Count).Average(i => StructuralSimilarity.MultiScale(a.Image(i), b.Image(i), 3, 16, 16));
        Assert.Equal(expected, PairMetrics.Compute(a, b).Ssim!.Value, 1e-12);
        Assert.InRange(expected, 0.5, 0.999);
    }

    [Fact]
    public void Features_are_compared_by_direction()
    {
        using var evaluator = Evaluator.OfPixels(3);
        var images = Random(3);
        var brighter = new ImageTensor([.. images.Values.Select(x => 0.5f * x)], images.Count, 3, 16, 16);
        Assert.Equal(0, PairMetrics.Compute(brighter, images, evaluator).Features!.Value, 1e-6);
        var opposite = new ImageTensor([.. images.Values.Select(x => -x)], images.Count, 3, 16, 16);
        Assert.Equal(4, PairMetrics.Compute(opposite, images, evaluator).Features!.Value, 1e-6);
    }

    [Fact]
    public void Small_images_have_no_similarity() => Assert.Null(PairMetrics.Compute(Random(1, side: 8), Random(2, side: 8)).Ssim);

    [Fact]
    public void Sets_that_cannot_be_compared_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PairMetrics.Compute(Random(1), Random(1, count: 5)));
        Assert.Throws<ArgumentException>(() => PairMetrics.Compute(Random(1), Random(1, channels: 1)));
        Assert.Throws<ArgumentException>(() => PairMetrics.Compute(Random(1, count: 1), Random(1, count: 1)));
    }
}
