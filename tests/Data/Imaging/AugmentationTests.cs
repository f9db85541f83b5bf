namespace GanPipeline.Data.Tests;

public class AugmentationTests
{
    [Theory]
    [InlineData(0, 0, "abcd", "efgh")]
    [InlineData(1, 0, "bcdc", "fghg")]
    [InlineData(-2, 0, "cbab", "gfef")]
    [InlineData(0, 1, "efgh", "abcd")]
    [InlineData(3, -1, "hgfe", "dcba")]
    public void Beyond_an_edge_a_window_shows_the_mirrored_picture(int x, int y, string first, string second)
    {
        var planes = "abcdefghABCDEFGH".Select(c => (byte)c).ToArray();
        Augmentation.Window(planes, 4, 2, x, y, new byte[16]);
        var expected = first + second;
        Assert.Equal(expected + expected.ToUpperInvariant(), string.Concat(planes.Select(b => (char)b)));
    }
}
