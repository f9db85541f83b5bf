namespace GanPipeline.Studio.Tests;

/// <summary>The divergences against what follows from their definitions.</summary>
public class LabGridTests
{
    // All in one place, so that one cell has all of the data.
    private static readonly LabData _point = new(LabShape.Drawn, [0.03f, 0.03f]);
    private static readonly LabData _ring = new(LabShape.Ring, []);

    [Fact]
    public void Equal_distributions_have_next_to_no_divergence()
    {
        var grid = new LabGrid(_ring);
        var points = _ring.Sample(seed: 77, 4096);
        // What counting alone costs: 260 of the 577 cells have data, each of which adds 1 / (8 n) to the one, 0.008, and 1 / (2 n) to the
        // other, 0.032, which the half points that lie elsewhere double. Twenty draws gave 0.0075 and 0.063 +- 0.003.
        Assert.InRange(grid.KullbackLeibler(points), 0, 0.1);
        Assert.InRange(grid.JensenShannon(points), 0, 0.01);
    }

    [Fact]
    public void Distributions_without_a_cell_in_common_have_the_largest_divergence()
    {
        var grid = new LabGrid(_ring);
        float[] middle = [.. Enumerable.Repeat(0f, 8000)];
        Assert.Equal(Math.Log(2), grid.JensenShannon(middle), 1e-9);
        // Points that are outside the square, or no numbers, count as well.
        Assert.Equal(Math.Log(2), grid.JensenShannon([.. Enumerable.Repeat(5f, 8000)]), 1e-4);
        Assert.Equal(Math.Log(2), grid.JensenShannon([.. Enumerable.Repeat(float.NaN, 8000)]), 1e-4);
        Assert.True(grid.KullbackLeibler(middle) > 3);
    }

    [Fact]
    public void Half_of_the_points_in_the_right_place_have_the_divergence_that_the_definition_gives()
    {
        var grid = new LabGrid(_point);
        var data = _point.Sample(seed: 5, 20_000);
        // The other half far away. P is the data, Q = P / 2 + F / 2: KL(P, Q) = log 2;
        // JS = (log(1 / 0.75) + 0.5 log(0.5 / 0.75) + 0.5 log 2) / 2.
        float[] points = [.. data, .. Enumerable.Repeat(-0.9f, 40_000)];
        // Counting, as above: next to nothing with so many points in so few cells, and the half points, 577 / 2 / 40,000.
        Assert.Equal(Math.Log(2), grid.KullbackLeibler(points), 0.02);
        Assert.Equal((Math.Log(4 / 3.0) + 0.5 * Math.Log(2 / 3.0) + 0.5 * Math.Log(2)) / 2, grid.JensenShannon(points), 0.005);
    }
}
