using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Inference.Tests;

public sealed class PicturesTests : IDisposable
{
    private const byte Line = 128;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_grid_has_every_pixel_where_it_belongs()
    {
        var images = Numbered(5, 3, 2, 3);
        Pictures.SaveGrid(images, _folder["grid.png"], columns: 3, scale: 2);
        using var grid = Image.Load<Rgb24>(_folder["grid.png"]);
        // 3 columns and 2 rows of cells, with lines of 2 around each.
        Assert.Equal((3 * (3 * 2 + 2) + 2, 2 * (2 * 2 + 2) + 2), (grid.Width, grid.Height));
        var pixels = new byte[5, images.ImageSize];
        for (var i = 0; i < 5; i++)
        {
            var one = new byte[images.ImageSize];
            images.CopyPixels(i, one);
            for (var k = 0; k < one.Length; k++) pixels[i, k] = one[k];
        }
        for (var y = 0; y < grid.Height; y++)
        {
            for (var x = 0; x < grid.Width; x++)
            {
                int row = y / 6, column = x / 8, cellY = y % 6 - 2, cellX = x % 8 - 2, index = row * 3 + column;
                Rgb24 p = grid[x, y], expected = new(Line, Line, Line);
                if (cellY >= 0 && cellX >= 0 && row < 2 && column < 3 && index < 5)
                {
                    var k = (cellY / 2 * 3 + cellX / 2) * 3;
                    expected = new(pixels[index, k], pixels[index, k + 1], pixels[index, k + 2]);
                }
                Assert.Equal(expected, p);
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 1, 1 * 10 + 2, 1 * 10 + 2)]
    [InlineData(10, 0, 1, 4 * 10 + 2, 3 * 10 + 2)] // about square
    [InlineData(10, 5, 3, 5 * 26 + 2, 2 * 26 + 2)]
    [InlineData(3, 8, 1, 3 * 10 + 2, 1 * 10 + 2)] // no empty columns
    [InlineData(1, 0, 0, 66 + 2, 66 + 2)] // 8 pixels are brought to 64
    public void A_grids_size_follows_from_count_columns_and_scale(int count, int columns, int scale, int width, int height)
    {
        var info = Image.Identify(Pictures.EncodeGrid(Numbered(count, 1, 8, 8), columns, scale));
        Assert.Equal((width, height), (info.Width, info.Height));
    }

    [Fact]
    public void Gray_and_colour_come_back_from_png()
    {
        foreach (var channels in new[] { 1, 3 })
        {
            var images = Numbered(4, channels, 5, 7);
            var file = _folder[$"{channels}.png"];
            Pictures.SavePng(images, 2, file);
            var expected = new byte[images.ImageSize];
            images.CopyPixels(2, expected);
            using var picture = Image.Load<Rgb24>(file);
            for (var i = 0; i < 35; i++)
            {
                var p = picture[i % 7, i / 7];
                Assert.Equal(channels == 1 ? new(expected[i], expected[i], expected[i])
                    : new(expected[3 * i], expected[3 * i + 1], expected[3 * i + 2]), p);
            }
            // The header's colour type: 0 is gray, 2 red, green, blue.
            Assert.Equal(channels == 1 ? 0 : 2, File.ReadAllBytes(file)[25]);
        }
    }

    [Fact]
    public void Numbered_files_are_in_order()
    {
        var images = Numbered(20, 1, 4, 4);
        var paths = Pictures.SavePngs(images, _folder["many"], first: 999_990);
        Assert.Equal("999990.png", Path.GetFileName(paths[0]));
        Assert.Equal("1000009.png", Path.GetFileName(paths[19]));
        Pictures.SavePng(images, 7, _folder["7.png"]);
        Assert.Equal(File.ReadAllBytes(_folder["7.png"]), File.ReadAllBytes(paths[7]));
        Assert.Equal(20, Directory.GetFileSystemEntries(_folder["many"]).Length);
    }

    [Fact]
    public void Wrong_requests_are_refused_and_leave_no_file()
    {
        ImageTensor two = Numbered(1, 2, 4, 4), gray = Numbered(1, 1, 4, 4);
        Assert.Contains("1 channel (gray) or 3", Assert.Throws<ArgumentException>(() => Pictures.SaveGrid(two, _folder["x.png"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Pictures.SavePng(two, 0, _folder["x.png"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.SavePng(gray, 1, _folder["x.png"]));
        Assert.Throws<ArgumentException>(() => Pictures.SaveGrid(new ImageTensor(0, 1, 4, 4), _folder["x.png"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.SaveGrid(gray, _folder["x.png"], scale: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.SavePngs(gray, _folder.Path, first: -1));
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<IOException>(() => Pictures.SavePngs(gray, _folder["file"]));
        Assert.Equal([_folder["file"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Values that differ between images, channels and places.</summary>
    internal static ImageTensor Numbered(int count, int channels, int height, int width)
    {
        var images = new ImageTensor(count, channels, height, width);
        for (var i = 0; i < images.Values.Length; i++) images.Values[i] = i * 37 % 256 / 127.5f - 1;
        return images;
    }
}
