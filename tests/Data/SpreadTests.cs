namespace GanPipeline.Data.Tests;

public class SpreadTests
{
    [Theory]
    [InlineData(10_000, 20_000)]
    [InlineData(10_000, 40_000)]
    [InlineData(100, 77)]
    [InlineData(1, 1)]
    [InlineData(5, 0)]
    public void A_part_of_a_data_set_meets_every_class_alike(int count, int total)
    {
        var indices = Spread.Indices(count, total).ToArray();
        Assert.Equal(Math.Min(count, total), indices.Distinct().Count());
        Assert.All(indices, i => Assert.InRange(i, 0, total - 1));
        // The bricks' 50 classes take turns.
        if (total % 50 == 0) Assert.All(indices.GroupBy(i => i % 50), c => Assert.Equal(count / 50, c.Count()));
    }

    [Fact]
    public void Negative_numbers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Spread.Indices(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Spread.Indices(3, -1));
    }
}
