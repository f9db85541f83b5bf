using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Files of two pictures beside each other, as the Pix2Pix data sets have them.</summary>
public sealed class SideBySideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_left_half_is_the_input_unless_the_direction_is_turned()
    {
        using (var image = Halves(16, 8)) image.SaveAsPng(_folder["1.png"]);
        using var pairs = DataSets.Open(Options with { Size = 8 });
        Assert.Equal((new ImageShape(6, 8, 8), 3), (pairs.Shape, pairs.ConditionChannels));
        var pixels = pairs.Read(0);
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal((i % 8, i / 8, 50), (pixels[i], pixels[64 + i], pixels[128 + i]));
            Assert.Equal((8 + i % 8, i / 8, 50), (pixels[192 + i], pixels[256 + i], pixels[320 + i]));
        }
        using var turned = DataSets.Open(Options with { Size = 8, Direction = "b-to-a" });
        Assert.Equal([.. pixels[192..], .. pixels[..192]], turned.Read(0));
        Assert.NotEqual(pairs.Fingerprint, turned.Fingerprint);

        // Each side has its channels: gray is that of pictures by themselves.
        using var gray = DataSets.Open(Options with { Size = 8, ConditionChannels = 1 });
        Assert.Equal((new ImageShape(4, 8, 8), 1), (gray.Shape, gray.ConditionChannels));
        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => Planes.Gray(pixels[i], pixels[64 + i], pixels[128 + i])), .. pixels[192..]],
            gray.Read(0));
        using var toGray = DataSets.Open(Options with { Size = 8, Direction = "b-to-a", Channels = 1 });
        Assert.Equal([.. pixels[192..], .. gray.Read(0)[..64]], toGray.Read(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Halves_are_those_that_are_seen_however_the_file_is_stored(ushort orientation)
    {
        // What is seen is left red 0 to 7, right 8 to 15; stored as a camera that was held otherwise stores it.
        using var seen = Halves(16, 8);
        var turned = orientation >= 5;
        using var stored = new Image<Rgb24>(turned ? 8 : 16, turned ? 16 : 8);
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 16; x++)
            {
                var (column, row) = orientation switch // by Exif's table: where the 0th row and the 0th column are seen
                {
                    1 => (x, y), 2 => (15 - x, y), 3 => (15 - x, 7 - y), 4 => (x, 7 - y),
                    5 => (y, x), 6 => (y, 15 - x), 7 => (7 - y, 15 - x), _ => (7 - y, x),
                };
                stored[column, row] = seen[x, y];
            }
        }
        stored.Metadata.ExifProfile = new ExifProfile();
        stored.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        stored.SaveAsPng(_folder["1.png"]);
        using var pairs = DataSets.Open(Options with { Size = 8 });
        var pixels = pairs.Read(0);
        for (var i = 0; i < 64; i++) Assert.Equal((i % 8, i / 8, 8 + i % 8), (pixels[i], pixels[64 + i], pixels[192 + i]));
    }

    [Fact]
    public void Each_half_is_cropped_fitted_and_resized_as_a_picture_by_itself()
    {
        using var wide = Halves(80, 20);
        wide.SaveAsPng(_folder["1.png"]);
        foreach (var options in (DataOptions[])[Options, Options with { Fit = "pad" }, Options with { Fit = "stretch" },
            Options with { Crop = 12 }])
        {
            using var pairs = DataSets.Open(options);
            var size = pairs.Shape.Size / 2;
            for (var half = 0; half < 2; half++)
            {
                using var alone = new Image<Rgb24>(40, 20);
                for (var i = 0; i < 800; i++) alone[i % 40, i / 40] = wide[40 * half + i % 40, i / 40];
                using var folder = new TemporaryFolder();
                alone.SaveAsPng(folder["1.png"]);
                using var single = DataSets.Open(options with { Pair = "none", Path = folder.Path });
                Assert.Equal(single.Read(0), pairs.Read(0)[(half * size)..((half + 1) * size)]);
            }
        }
    }

    [Fact]
    public void A_large_JPEG_that_is_decoded_small_keeps_its_halves_apart()
    {
        // Halves of 520 pixels: eighths would be 65, the border between two blocks of 8; of 516, the border lies within a block.
        foreach (var half in (int[])[520, 516])
        {
            using var image = new Image<Rgb24>(2 * half, half);
            for (var y = 0; y < half; y++)
                for (var x = 0; x < 2 * half; x++) image[x, y] = x < half ? new Rgb24(0, 0, 0) : new Rgb24(255, 255, 255);
            using var stream = new MemoryStream();
            image.SaveAsJpeg(stream, new() { Quality = 100 });
            _folder.Put("1.jpg", stream.ToArray());
            using var pairs = DataSets.Open(Options with { Channels = 1, ConditionChannels = 1, Size = 32 });
            var pixels = pairs.Read(0);
            // Of the block on the border the cosines ring a little; the sixteen pixels that are averaged there leave less of it.
            Assert.All(pixels[..1024], p => Assert.InRange(p, 0, 4));
            Assert.All(pixels[1024..], p => Assert.InRange(p, 251, 255));
        }
    }

    [Fact]
    public void Odd_widths_are_skipped_with_the_reason()
    {
        using (var image = Halves(16, 8)) image.SaveAsPng(_folder["good.png"]);
        _folder.Put("odd.png", Reading.Png(15, 8, 1, 2, 3));
        _folder.Put("thin.png", Reading.Png(1, 8, 1, 2, 3));
        _folder.Put("odd.tif", TiffFile.Bytes(3, 4, new byte[12]));
        using var pairs = DataSets.Open(Options);
        Assert.Equal([true, false, false, false], Enumerable.Range(0, 4).Select(i => pairs.TryRead(i, new byte[pairs.Shape.Size])));
        Assert.Equal([
            ("odd.png", "its 15 x 8 pixels are not two pictures of one width beside each other"),
            ("odd.tif", "its 3 x 4 pixels are not two pictures of one width beside each other"),
            ("thin.png", "its 1 x 8 pixels are not two pictures of one width beside each other"),
        ], pairs.SkippedImages.Select(s => (s.File, s.Reason)));
        File.Delete(_folder["good.png"]);
        Assert.Contains("None of the 3 pictures", Reading.Fails(Options).Message);
    }

    [Fact]
    public void Splits_classes_and_archives_work_as_for_single_pictures()
    {
        foreach (var file in (string[])["train/a/1.png", "train/b/2.png", "test/a/3.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder["set/" + file])!);
            using var image = Halves(16, 8);
            image.SaveAsPng(_folder["set/" + file]);
        }
        ZipFile.CreateFromDirectory(_folder["set"], _folder["set.zip"]);
        var options = Options with { Path = _folder["set"], Size = 8 };
        using var folder = DataSets.Open(options);
        using var zip = DataSets.Open(options with { Path = _folder["set.zip"] });
        using var test = DataSets.Open(options with { Path = _folder["set.zip"], Split = "test" });
        using var some = DataSets.Open(options with { Classes = ["b"] });
        Assert.Equal((2, 2, 1, 1), (folder.Count, zip.Count, test.Count, some.Count));
        Assert.Equal(["a", "b"], zip.Classes);
        Assert.Equal(folder.ReadAll(), zip.ReadAll());
        Assert.Equal(3, some.ConditionChannels);
    }

    [Fact]
    public void What_PictureFolder_writes_is_read_back()
    {
        var options = new DataOptions { Count = 60, Size = 16, Pair = "classes", Channels = 3 };
        using var bricks = DataSets.Open(options);
        PictureFolder.Write(_folder["set"], [("train", bricks)]);
        using var pairs = DataSets.Open(Options with { Path = _folder["set"], Size = 16, Classes = ["plate 2x4"] });
        var first = Enumerable.Range(0, 60).First(i => bricks.Classes[bricks.Label(i)] == "plate 2x4");
        Assert.Equal(bricks.Read(first), pairs.Read(0));
    }

    private DataOptions Options => new() { Kind = "folder", Path = _folder.Path, Size = 16, Pair = "side-by-side" };

    /// <summary>A picture whose red is the column and whose green is the row.</summary>
    private static Image<Rgb24> Halves(int width, int height)
    {
        var image = new Image<Rgb24>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) image[x, y] = new Rgb24((byte)x, (byte)y, 50);
        return image;
    }
}
