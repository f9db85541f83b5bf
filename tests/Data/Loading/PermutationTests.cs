namespace GanPipeline.Data.Tests;

public class PermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(60_000)]
    public void Each_number_comes_once(int count)
    {
        var order = new Permutation(7, 3, count);
        Assert.Equal(Enumerable.Range(0, count), Enumerable.Range(0, count).Select(order.At).Order());
    }

    [Fact]
    public void Epochs_and_seeds_differ()
    {
        int[] Order(long seed, long epoch) => [.. Enumerable.Range(0, 100).Select(new Permutation(seed, epoch, 100).At)];
        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
    }

    [Fact]
    public void Small_sets_come_in_every_order_equally_often()
    {
        // The 6 orders of 3 in 6,000 epochs: 1,000 each, within five standard deviations of the binomial (28.9).
        var counts = Enumerable.Range(0, 6000)
            .Select(epoch => new Permutation(5, epoch, 3))
            .GroupBy(p => (p.At(0), p.At(1), p.At(2)))
            .Select(g => g.Count()).ToList();
        Assert.Equal(6, counts.Count);
        Assert.All(counts, c => Assert.InRange(c, 1000 - 145, 1000 + 145));
    }
}
