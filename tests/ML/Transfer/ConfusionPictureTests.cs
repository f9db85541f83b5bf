using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.ML.Tests.Transfer;

public sealed class ConfusionPictureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void RightIsBlueWrongIsOrangeAndNothingIsPale()
    {
        ConfusionPicture.SavePng([[80, 20], [0, 100]], folder["c.png"]);
        using var image = Image.Load<Rgb24>(folder["c.png"]);
        Assert.Equal((86, 86), (image.Width, image.Height));
        // A corner of each cell, where no digit is.
        var (right, wrong, none, all) = (image[4, 4], image[46, 4], image[4, 46], image[46, 46]);
        Assert.True(right.B > right.R + 50, right.ToString());
        Assert.True(wrong.R > wrong.B + 50, wrong.ToString());
        Assert.True(none is { R: > 240, G: > 240, B: > 235 }, none.ToString());
        Assert.True(all.R < right.R, "the fuller cell is the darker one");
        // The share stands in the cell: some of its middle is of another colour than its corner.
        Assert.Contains(Enumerable.Range(10, 25), x => !image[x, 22].Equals(right));
    }

    [Fact]
    public void ManyClassesStillMakeAPicture()
    {
        long[][] counts = [.. Enumerable.Range(0, 100).Select(i => Enumerable.Range(0, 100).Select(j => i == j ? 5L : 0).ToArray())];
        ConfusionPicture.SavePng(counts, folder["c.png"]);
        using var image = Image.Load<Rgb24>(folder["c.png"]);
        Assert.InRange(image.Width, 800, 1400);
        Assert.Throws<ArgumentException>(() => ConfusionPicture.SavePng([[1, 2]], folder["d.png"]));
    }
}
