namespace GanPipeline.Studio.Tests;

public class LabDataTests
{
    private static readonly float[] _drawn = [-0.5f, -0.5f, 0.25f, 0.75f];

    public static TheoryData<string> Shapes => [.. Enum.GetNames<LabShape>()];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Points_are_a_function_of_the_seed_and_lie_in_the_square(string name)
    {
        var data = new LabData(Enum.Parse<LabShape>(name), _drawn);
        var points = data.Sample(seed: 3, 2000);
        Assert.Equal(4000, points.Length);
        Assert.Equal(points, data.Sample(seed: 3, 2000));
        Assert.Equal(points[..200], data.Sample(seed: 3, 100));
        Assert.NotEqual(points, data.Sample(seed: 4, 2000));
        // Noise of at most 0.07 around centres within 0.8 of the middle.
        Assert.All(points, x => Assert.InRange(x, -1.1f, 1.1f));
    }

    [Fact]
    public void A_ring_is_round_and_of_one_radius()
    {
        var points = new LabData(LabShape.Ring, []).Sample(0, 10_000);
        var radii = Enumerable.Range(0, 10_000).Select(i => float.Hypot(points[2 * i], points[2 * i + 1]));
        // The radius is 0.65 with a deviation of 0.05; the mean of 10,000 is known to 0.0005, and the bend adds 0.002.
        Assert.InRange(radii.Average(), 0.647, 0.657);
        // The same number in each quadrant: 2,500 with a deviation of 43.
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => points[2 * i] > 0 && points[2 * i + 1] > 0), 2300, 2700);
    }

    [Fact]
    public void Eight_clusters_have_the_same_share_each()
    {
        var points = new LabData(LabShape.Gaussians, []).Sample(0, 8000);
        var counts = Enumerable.Range(0, 8000)
            .Select(i => ((int)Math.Round(Math.Atan2(points[2 * i + 1], points[2 * i]) / (Math.PI / 4)) + 8) % 8)
            .CountBy(cluster => cluster).Select(pair => pair.Value).ToArray();
        Assert.Equal(8, counts.Length);
        // 1,000 with a deviation of 30.
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Drawn_points_are_where_they_were_drawn()
    {
        var points = new LabData(LabShape.Drawn, _drawn).Sample(0, 1000);
        for (var i = 0; i < 1000; i++)
        {
            var isFirst = points[2 * i] < -0.1f;
            Assert.InRange(points[2 * i] - (isFirst ? -0.5f : 0.25f), -0.35f, 0.35f);
            Assert.InRange(points[2 * i + 1] - (isFirst ? -0.5f : 0.75f), -0.35f, 0.35f);
        }
    }
}
