using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Pictures of a folder in their own sizes.</summary>
public sealed class PictureFileListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("bmp")]
    [InlineData("tif")]
    public void Pixels_are_those_of_the_file(string ending)
    {
        var bytes = new byte[3 * 7 * 5];
        new Random(1).NextBytes(bytes);
        using (var image = Image.LoadPixelData<Rgb24>(bytes, 7, 5)) image.Save(_folder[$"a.{ending}"]);
        using var colour = PictureFileList.Open(_folder.Path);
        var read = colour.Read(0)!;
        Assert.Equal((1, 3, 5, 7), (read.Count, read.Channels, read.Height, read.Width));
        for (var i = 0; i < 35; i++)
            for (var c = 0; c < 3; c++) Assert.Equal(bytes[3 * i + c] / 127.5f - 1, read.Values[35 * c + i], 1e-6f);
        using var gray = PictureFileList.Open(_folder.Path, channels: 1);
        Assert.Equal(35, gray.Read(0)!.Values.Length);
        Assert.NotEqual(colour.Fingerprint, gray.Fingerprint);
    }

    /// <summary>Orientation 6 is turned by a quarter: what is stored as a row is seen as a column, from the right.</summary>
    [Fact]
    public void A_photograph_is_upright()
    {
        using (var image = new Image<Rgb24>(32, 16))
        {
            for (var y = 0; y < 16; y++)
                for (var x = 0; x < 32; x++) image[x, y] = x < 16 ? new Rgb24(255, 255, 255) : default;
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
            image.SaveAsJpeg(_folder["turned.jpg"]);
        }
        using var pictures = PictureFileList.Open(_folder.Path, channels: 1);
        Assert.Equal((16, 32), (pictures.FileOf(0)!.Width, pictures.FileOf(0)!.Height));
        var read = pictures.Read(0)!;
        Assert.Equal((32, 16), (read.Height, read.Width));
        // A JPEG of two halves is nearly exact within them.
        Assert.True(read.Values[3 * 16 + 8] > 0.9f && read.Values[28 * 16 + 8] < -0.9f);
    }

    [Fact]
    public void What_is_no_picture_is_told()
    {
        Assert.Contains("There are no pictures", Assert.Throws<DataSetException>(() => PictureFileList.Open(_folder.Path)).Message);
        Assert.Throws<DataSetException>(() => PictureFileList.Open(_folder["nowhere"]));
        Assert.Throws<ArgumentException>(() => PictureFileList.Open(_folder.Path, channels: 2));
        using (var image = new Image<Rgb24>(20, 20)) image.SaveAsPng(_folder["b.png"]);
        File.WriteAllText(_folder["a.png"], "no picture");
        File.WriteAllText(_folder["notes.txt"], "no picture");
        using var pictures = PictureFileList.Open(_folder.Path, maxPixels: 300);
        Assert.Equal((2, "notes.txt"), (pictures.Count, Assert.Single(pictures.LeftOutFiles).File));
        for (var i = 0; i < 4; i++) Assert.Null(pictures.Read(i % 2));
        Assert.Equal(["a.png", "b.png"], pictures.SkippedImages.Select(skipped => skipped.File));
        Assert.Contains("20 x 20 pixels, more than the 300 allowed", pictures.SkippedImages[1].Reason);
    }
}
