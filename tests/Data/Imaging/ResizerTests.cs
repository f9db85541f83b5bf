namespace GanPipeline.Data.Tests;

public class ResizerTests
{
    [Theory]
    [InlineData("crop", 10, 10)]
    [InlineData("crop", 100, 37)]
    [InlineData("stretch", 3, 200)]
    [InlineData("pad", 50, 50)]
    public void A_plain_colour_stays(string fit, int width, int height)
    {
        byte[] planes = [.. Enumerable.Repeat((byte)70, width * height), .. Enumerable.Repeat((byte)71, width * height), .. Enumerable
            .Repeat((byte)255, width * height)];
        var result = Resize(planes, width, height, 16, fit);
        Assert.Equal([.. Enumerable.Repeat((byte)70, 256), .. Enumerable.Repeat((byte)71, 256), .. Enumerable.Repeat((byte)255, 256)],
            result);
    }

    [Fact]
    public void Shrinking_leaves_nothing_out()
    {
        // One row in sixteen is white: picking rows would find all or nothing, antialiasing keeps the mean.
        const int Side = 256;
        var planes = new byte[Side * Side];
        for (var y = 0; y < Side; y += 16) planes.AsSpan(y * Side, Side).Fill(255);
        var result = Resize(planes, Side, Side, 16, "stretch");
        Assert.All(result, p => Assert.InRange(p, 8, 24)); // 255 / 16, give or take what the borders cut off
        Assert.Equal(255 / 16.0, result.Average(p => (double)p), 1.0);
    }

    [Fact]
    public void Cropping_takes_the_middle()
    {
        byte[] row = [.. Enumerable.Repeat((byte)255, 4), .. Enumerable.Repeat((byte)50, 4), .. Enumerable.Repeat((byte)255, 4)];
        Assert.All(Resize([.. row, .. row, .. row, .. row], 12, 4, 4, "crop"), p => Assert.Equal(50, p));
    }

    [Theory]
    [InlineData("crop")]
    [InlineData("stretch")]
    [InlineData("pad")]
    public void What_is_cut_from_the_middle_first_is_all_that_is_resized(string fit)
    {
        var planes = Enumerable.Repeat((byte)255, 12 * 10).ToArray();
        for (var y = 3; y < 7; y++) planes.AsSpan(y * 12 + 4, 4).Fill(50);
        var result = new byte[8 * 8];
        new Resizer(8, fit, crop: 4).Resize(planes, 12, 10, result);
        Assert.All(result, p => Assert.Equal(50, p));
        new Resizer(12, "stretch", crop: 40).Resize(planes, 12, 10, result = new byte[144]); // larger than the picture: nothing is cut
        Assert.Contains((byte)255, result);
    }

    [Fact]
    public void Padding_is_white_and_keeps_proportions()
    {
        var result = Resize(new byte[8 * 4], 8, 4, 8, "pad");
        for (var y = 0; y < 8; y++)
            for (var x = 0; x < 8; x++) Assert.Equal(y is >= 2 and < 6 ? 0 : 255, result[y * 8 + x]);
    }

    [Fact]
    public void Enlarging_is_linear_between_pixels()
    {
        // Middles of pixels at 0.25 steps between two values, held at the ends.
        Assert.Equal([0, 25, 75, 100], Resize([0, 100, 0, 100], 2, 2, 4, "stretch")[..4]);
    }

    private static byte[] Resize(byte[] planes, int width, int height, int side, string fit)
    {
        var result = new byte[planes.Length / (width * height) * side * side];
        new Resizer(side, fit).Resize(planes, width, height, result);
        return result;
    }
}
