namespace GanPipeline.Evaluation.Tests;

public class TwoSampleAccuracyTests
{
    [Fact]
    public void A_small_case_by_hand()
    {
        // On a line: real 0, 1, 10, generated 0.9, 11, 50. The nearest to 0 is 0.9, to 1 is 0.9, to 10 is 11; to 0.9 is 1, to 11 is 10,
        // to 50 is 11: one of six is told right.
        var found = TwoSampleAccuracy.Compute(new float[] { 0, 1, 10 }, new[] { 0.9f, 11, 50 }, 1);
        Assert.Equal((0, 1.0 / 3, 3), (found.Real, found.Generated, found.Images));
        Assert.Equal(1.0 / 6, found.Accuracy, 12);
        Assert.Equal(Math.Sqrt(5.0 / 36 / 6), found.Error, 12);
    }

    [Fact]
    public void Equal_distributions_are_at_half_distant_ones_at_one_and_copies_at_zero()
    {
        const int f = 8, n = 1000;
        float[] real = Latents.Normal(1, 0, n, f), same = Latents.Normal(2, 0, n, f), far = [.. same.Select(x => x + 20)];
        var fair = TwoSampleAccuracy.Compute(real, same, f);
        // Neighbours are often mutual, which raises the deviation above the binomial one by up to the root of 2 (Henze 1988).
        Assert.InRange(fair.Accuracy, 0.5 - 4 * 1.42 * fair.Error, 0.5 + 4 * 1.42 * fair.Error);
        Assert.Equal(1, TwoSampleAccuracy.Compute(real, far, f).Accuracy);
        Assert.Equal(0, TwoSampleAccuracy.Compute(real, real, f).Accuracy);
        // A generator of one image, a real one, which is the only other near it.
        var collapsed = TwoSampleAccuracy.Compute(real, (float[])[.. same.Select((x, i) => real[i % f] + 0.001f * x)], f);
        Assert.InRange(collapsed.Generated, 0.99, 1);
    }

    [Fact]
    public void Of_the_larger_set_as_many_are_taken()
    {
        Assert.Equal(3, TwoSampleAccuracy.Compute(new float[12], new float[6], 2).Images);
        Assert.Equal(2, TwoSampleAccuracy.Compute(new float[12], new float[6], 2, most: 2).Images);
        Assert.Contains("needs 2 vectors of each set; 1 given",
            Assert.Throws<ArgumentException>(() => TwoSampleAccuracy.Compute(new float[4], new float[2], 2)).Message,
            StringComparison.Ordinal);
    }
}
