using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

public class PixelTests
{
    [Fact]
    public void Pixels_are_given_by_column_and_row()
    {
        using var image = Image.LoadPixelData<Rgb24>(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 }, 3, 2);
        Assert.Equal(new Rgb24(16, 17, 18), image[2, 1]);
        image[0, 1] = new Rgb24(0, 0, 0);
        Assert.Equal(new Rgb24(0, 0, 0), image.Frames.RootFrame[0, 1]);
        Assert.ThrowsAny<Exception>(() => image[3, 0]);
        Assert.ThrowsAny<Exception>(() => image[0, 2]);
    }

    [Fact]
    public void Too_little_data_and_too_small_destinations_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Image.LoadPixelData<Rgb24>(new byte[17], 3, 2));
        using var image = Pictures.Noise<Rgb24>(3, 2);
        Assert.ThrowsAny<ArgumentException>(() => image.CopyPixelDataTo(new byte[17]));
    }

    [Fact]
    public void A_disposed_picture_is_told_as_such()
    {
        var image = Pictures.Noise<L8>(2, 2);
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.CopyPixelDataTo(new byte[4]));
        Assert.Throws<ObjectDisposedException>(() => image.SaveAsPng(Stream.Null));
    }
}
