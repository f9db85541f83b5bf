using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Files that are legal and unusual, and files that were made to hang or to fill memory.</summary>
public sealed class HostilePictureTests : IDisposable
{
    // 8 x 8, interlaced, and with too few pixels: ImageSharp 2.1 never returns from it.
    private const string EndlessPng = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAAE8ahlKAAAAC0lEQVR4nGNgAAMAAAcAAbKGrPQAAAAASUVORK5CYII=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void Exif_turns_a_picture_upright_in_every_format(string format)
    {
        // Stored with blue at the bottom left; orientation 6 is turned by a quarter, clockwise.
        using var image = Quarters(red: (0, 0), green: (1, 0), yellow: (1, 1), blue: (0, 1));
        image.Metadata.ExifProfile = new ExifProfile();
        image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
        image.Frames.RootFrame.Metadata.ExifProfile = image.Metadata.ExifProfile.DeepClone(); // where TIFF has it
        image.Save(_folder["a." + format]);
        AssertQuarters(Reading.Single(_folder, size: 16));
    }

    [SharedTheory("cases/02-orientation")]
    [InlineData("a-jpeg.jpg")]
    [InlineData("b-webp.webp")]
    [InlineData("c-png.png")]
    [InlineData("d-tiff.tif")]
    public void Files_of_other_programs_are_turned_upright(string file)
    {
        _folder.Put(file, Case("02-orientation/in/" + file));
        AssertQuarters(Reading.Single(_folder, size: 16));
    }

    [Fact]
    public void Damaged_Exif_does_not_make_a_picture_unusable()
    {
        var png = Reading.Png(4, 4, 9, 9, 9);
        byte[] chunk = [0, 0, 0, 6, .. "eXIfII*"u8, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), PictureSourceTests.Crc32(chunk.AsSpan(4..^4)));
        _folder.Put("a.png", [.. png[..33], .. chunk, .. png[33..]]);
        Assert.All(Reading.Single(_folder, size: 4), p => Assert.Equal(9, p));
    }

    [Fact]
    public void Of_an_animation_the_first_frame_is_read()
    {
        using var image = Reading.Plain(8, 8, 10, 10, 10);
        for (var i = 1; i < 50; i++)
        {
            using var frame = Reading.Plain(8, 8, (byte)(10 + 4 * i), 10, 10);
            image.Frames.AddFrame(frame.Frames.RootFrame);
        }
        image.SaveAsGif(_folder["a.gif"]);
        Assert.All(Reading.Single(_folder, size: 8), p => Assert.Equal(10, p));
        File.Delete(_folder["a.gif"]);
        image.SaveAsTiff(_folder["a.tif"]);
        Assert.All(Reading.Single(_folder, size: 8), p => Assert.Equal(10, p));
    }

    [SharedTheory("cases/11-animation")]
    [InlineData("11-animation/gif/400-frames.gif")]
    [InlineData("11-animation/webp/a.webp")]
    [InlineData("34-gif-bomb/gif-2000x2000-2000frames.gif")]
    public void Animations_of_other_programs_are_read(string file)
    {
        _folder.Put(Path.GetFileName(file), Case(file));
        Assert.NotEmpty(Reading.Single(_folder, size: 16));
    }

    [Fact]
    public void A_picture_that_hangs_a_decoder_is_left_out() => AssertLeftOut(Convert.FromBase64String(EndlessPng), "cut short");

    [Fact]
    public void A_header_that_promises_more_than_the_file_can_hold_is_not_believed()
    {
        AssertLeftOut(PictureSourceTests.HugePng(9999, 9999), "cannot hold");
        AssertLeftOut(PictureSourceTests.HugePng(10, 70_000), "a side may have 65535");
        AssertLeftOut(PictureSourceTests.HugePng(4001, 4001), "cannot hold");
    }

    [Fact]
    public void A_plain_picture_of_many_pixels_in_few_bytes_is_read_where_memory_allows()
    {
        using (var image = Reading.Plain(2000, 2000, 10, 10, 10)) image.SaveAsPng(_folder["a.png"]);
        Assert.InRange(new FileInfo(_folder["a.png"]).Length, 1, 2000 * 2000 / 50);
        Assert.All(Reading.Single(_folder, size: 8), p => Assert.Equal(10, p));
    }

    [SharedTheory("cases/35-bombs")]
    [InlineData("bmprle-9999.bmp", "9999 x 9999")]
    [InlineData("jpg-9999.jpg", "9999 x 9999")]
    [InlineData("png-1x99999999.png", "cut short")] // Skia's answer to a PNG with a side above a million
    [InlineData("png-9999x9999-empty.png", "9999 x 9999")]
    [InlineData("tif-9999.tif", "9999 x 9999")]
    public void Bombs_are_left_out_before_memory_is_spent(string file, string reason)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertLeftOut(Case("35-bombs/" + file), reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000); // a tenth of a byte a pixel
    }

    private static byte[] Case(string file) => File.ReadAllBytes(Path.Combine(Repository.Shared, "cases", file));

    private void AssertLeftOut(byte[] file, string reason)
    {
        _folder.Put("a.bin", file);
        var problem = new PictureReader(16, 3).Read(_folder["a.bin"], new byte[3 * 16 * 16]);
        Assert.Contains(reason, problem);
    }

    private static Image<Rgba32> Quarters((int X, int Y) red, (int X, int Y) green, (int X, int Y) yellow, (int X, int Y) blue)
    {
        var image = new Image<Rgba32>(64, 64);
        foreach (var ((x, y), color) in (((int, int), Rgba32)[])[(red, new(255, 0, 0)), (green, new(0, 255, 0)), (yellow, new(255, 255, 0)),
            (blue, new(0, 0, 255))])
            for (var i = 0; i < 32 * 32; i++) image[32 * x + i % 32, 32 * y + i / 32] = color;
        return image;
    }

    // Top left blue, top right red, bottom left yellow, bottom right green; JPEG and the files' own colours are near to these.
    private static void AssertQuarters(byte[] planes)
    {
        const int side = 16;
        (string Name, int Red, int Green, int Blue)[] colors = [("blue", 0, 0, 255), ("red", 255, 0, 0), ("yellow", 255, 255, 0),
            ("green", 0, 255, 0)];
        string At(int x, int y)
        {
            var at = y * side + x;
            int red = planes[at], green = planes[side * side + at], blue = planes[2 * side * side + at];
            return colors.MinBy(c => Math.Abs(c.Red - red) + Math.Abs(c.Green - green) + Math.Abs(c.Blue - blue)).Name;
        }
        Assert.Equal(("blue", "red", "yellow", "green"), (At(3, 3), At(12, 3), At(3, 12), At(12, 12)));
    }
}
