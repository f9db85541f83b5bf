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

    [Fact]
    public void Jitter_enlarges_bilinearly_and_cuts_a_window()
    {
        // A row of 4 made 8: each pixel's quarter points, by hand; the row above counts a quarter or three where 2 rows are made 4.
        byte[] picture = [0, 40, 80, 120, 200, 240, 200, 240];
        float[] top = [0, 10, 30, 50, 70, 90, 110, 120], bottom = [200, 210, 230, 230, 210, 210, 230, 240];
        float[][] larger =
            [.. new[] { 1f, 0.75f, 0.25f, 0 }.Select(share => top.Zip(bottom, (t, b) => share * t + (1 - share) * b).ToArray())];
        for (var x = 0; x <= 4; x++)
        {
            for (var y = 0; y <= 2; y++)
            {
                byte[] planes = [.. picture, .. picture.Select(p => (byte)(255 - p))];
                Augmentation.Jitter(planes, new ResizeFilter(0, 4, 8), new ResizeFilter(0, 2, 4), 4, 2, x, y, new byte[16]);
                for (var i = 0; i < 8; i++)
                {
                    var expected = larger[y + i / 4][x + i % 4];
                    Assert.Equal(expected, planes[i], 0.5); // rounded
                    Assert.Equal(255 - expected, planes[8 + i], 0.5);
                }
            }
        }
    }
}
