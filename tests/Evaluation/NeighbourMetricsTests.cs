namespace GanPipeline.Evaluation.Tests;

public class NeighbourMetricsTests
{
    [Fact]
    public void A_small_case_by_hand()
    {
        // On a line, k = 1. Real 0, 1, 3, 10 have the radii 1, 1, 2, 7; generated 0.5, 2, 50 have 1.5, 1.5, 48.
        var m = NeighbourMetrics.Compute(new float[] { 0, 1, 3, 10 }, new[] { 0.5f, 2, 50 }, 1, neighbours: 1);
        Assert.Equal(2.0 / 3, m.Precision, 12); // 50 lies in no ball
        Assert.Equal(1, m.Recall, 12); // the outlier's ball of 48 holds 10, as the paper's critics say
        // 0.5 is in the balls of 0 and 1; 2 in those of 1 and 3 (and 10's reaches to 3 only): 4 over 3 images.
        Assert.Equal(4.0 / 3, m.Density, 12);
        Assert.Equal(3.0 / 4, m.Coverage, 12);
        // Of shares, the root of p (1 - p) / n; of the density, the deviation of 2, 2, 0 balls over the root of 3.
        Assert.Equal(Math.Sqrt(2.0 / 9 / 3), m.Errors!.Precision, 12);
        Assert.Equal(0, m.Errors.Recall, 12);
        Assert.Equal(Math.Sqrt((2 * 4.0 / 9 + 16.0 / 9) / 2 / 3), m.Errors.Density, 12);
        Assert.Equal(Math.Sqrt(3.0 / 16 / 4), m.Errors.Coverage, 12);
    }

    [Fact]
    public void The_same_distribution_scores_high_and_collapse_and_noise_show()
    {
        const int f = 19, n = 400; // more than whole vectors of lanes, with a rest
        float[] real = Latents.Normal(1, 0, n, f), fair = Latents.Normal(2, 0, n, f);
        float[] collapsed = [.. fair.Select((x, i) => real[i % f] + 0.01f * x)], far = [.. fair.Select(x => x + 20)];
        // Under equal distributions, coverage is about 1 - 2^-k (Naeem et al., section 3.2): 0.97 for k = 5.
        var same = NeighbourMetrics.Compute(real, fair, f);
        Assert.InRange(same.Coverage, 0.9, 1);
        Assert.InRange(same.Density, 0.8, 1.2);
        Assert.InRange(same.Precision, 0.8, 1);
        Assert.InRange(same.Recall, 0.8, 1);
        var one = NeighbourMetrics.Compute(real, collapsed, f);
        Assert.Equal(1, one.Precision);
        Assert.InRange(one.Coverage, 0, 0.2);
        Assert.InRange(one.Recall, 0, 0.05);
        Assert.Equal(new NeighbourMetrics(0, 0, 0, 0) { Errors = new(0, 0, 0, 0) }, NeighbourMetrics.Compute(real, far, f));
    }

    [Fact]
    public void Too_few_vectors_are_refused()
    {
        Assert.Contains("5 vectors do not have 5 neighbours each",
            Assert.Throws<ArgumentException>(() => NeighbourMetrics.Compute(new float[5], new float[10], 1)).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NeighbourMetrics.Compute(new float[21], new float[20], 2));
    }
}
