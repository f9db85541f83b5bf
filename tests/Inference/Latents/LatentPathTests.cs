namespace GanPipeline.Inference.Tests;

public class LatentPathTests
{
    [Fact]
    public void A_path_meets_its_latents_and_keeps_their_length_between()
    {
        const int size = 100;
        var latents = Latents.Normal(7, 0, 3, size);
        var path = LatentPath.Through(latents, size, 2 * 5 + 1);
        for (var k = 0; k < 3; k++)
            Assert.Equal(latents.AsSpan(k * size, size).ToArray(), path.AsSpan(5 * k * size, size).ToArray());
        // The lengths of normal latents differ by about a tenth; the middle of a straight line is a third shorter.
        Assert.All(Enumerable.Range(0, 11), i => Assert.InRange(LatentWorld.Length(path.AsSpan(i * size, size)), 8, 12));
        var straight = LatentPath.Through(latents, size, 2 * 4 + 1, LatentInterpolation.Linear);
        Assert.InRange(LatentWorld.Length(straight.AsSpan(2 * size, size)), 5.5, 8);
        for (var j = 0; j < size; j++)
            Assert.Equal((latents[j] + latents[size + j]) / 2, straight[2 * size + j], 5);
    }

    [Fact]
    public void The_arc_goes_by_equal_angles()
    {
        var path = LatentPath.Through([1, 0, 0, 2], 2, 4);
        for (var i = 0; i < 4; i++)
        {
            var angle = i * Math.PI / 6;
            Assert.Equal(Math.Cos(angle), path[2 * i], 5);
            Assert.Equal(2 * Math.Sin(angle), path[2 * i + 1], 5);
        }
    }

    [Fact]
    public void Latents_in_one_line_are_joined_by_it()
    {
        Assert.Equal([1f, 1, 2, 2, 3, 3], LatentPath.Through([1, 1, 3, 3], 2, 3));
        Assert.Equal([1f, 0, -1], LatentPath.Through([1, -1], 1, 3));
        Assert.Equal([0f, 0, 0.5f, 0.5f, 1, 1], LatentPath.Through([0, 0, 1, 1], 2, 3));
        Assert.Equal([4f, 4, 4], LatentPath.Through([4], 1, 3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_loop_meets_its_latents_closes_and_stays_standard_normal(int points)
    {
        const int size = 10_000, each = 7;
        var latents = Latents.Normal(3, 0, points, size);
        var loop = LatentPath.Loop(latents, size, points * each);
        var steps = new double[points * each];
        for (var i = 0; i < points * each; i++)
        {
            var point = loop.AsSpan(i * size, size).ToArray();
            if (i % each == 0)
                for (var j = 0; j < size; j++) Assert.Equal(latents[i / each * size + j], point[j], 4);
            // The standard error of the length of 10,000 normal numbers is 0.7 % of it; it is met with at most six.
            Assert.InRange(LatentWorld.Length(point), 96, 104);
            var next = loop.AsSpan((i + 1) % (points * each) * size, size).ToArray();
            steps[i] = LatentWorld.Length([.. point.Zip(next, (a, b) => b - a)]);
        }
        // The step from the last point to the first is like the others.
        Assert.InRange(steps[^1], 0.9 * steps[..^1].Min(), 1.1 * steps[..^1].Max());
    }

    [Fact]
    public void A_point_between_two_latents_is_that_of_their_path()
    {
        var latents = Latents.Normal(3, 0, 2, 10);
        foreach (var interpolation in Enum.GetValues<LatentInterpolation>())
        {
            var path = LatentPath.Through(latents, 10, 5, interpolation);
            for (var i = 0; i < 5; i++)
            {
                var point = LatentPath.Between(latents.AsSpan(0, 10), latents.AsSpan(10), i / 4.0, interpolation);
                Assert.All(point.Zip(path[(10 * i)..]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
            }
        }
    }

    [Fact]
    public void Wrong_latents_are_refused()
    {
        Assert.Contains("got 1 and 2", Assert.Throws<ArgumentException>(() => LatentPath.Between([1], [1, 2], 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentPath.Between([1], [1], double.NaN));
        Assert.Contains("3 values given", Assert.Throws<ArgumentException>(() => LatentPath.Through([1, 2, 3], 2, 5)).Message,
            StringComparison.Ordinal);
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => LatentPath.Loop([1, 2], 2, 5)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LatentPath.Through([], 2, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentPath.Through([1, 2], 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentPath.Loop([1, 2], 0, 5));
    }
}
