using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

public class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 64)]
    [InlineData(301, 200)]
    public void Every_pixel_type_comes_back_exactly(int width, int height)
    {
        ComesBack<L8>(width, height);
        ComesBack<Rgb24>(width, height);
        ComesBack<Rgba32>(width, height);
    }

    private static void ComesBack<TPixel>(int width, int height) where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = Pictures.Noise<TPixel>(width, height);
        var png = image.Encoded(new PngEncoder());
        using var read = Image.Load<TPixel>(png);
        Assert.Equal(image.Pixels(), read.Pixels());
        var info = Image.Identify(png);
        Assert.Equal((width, height), (info.Width, info.Height));
    }

    [Fact]
    public void Smooth_pictures_are_filtered_well()
    {
        using var image = Pictures.Smooth(256, 256);
        var png = image.Encoded(new PngEncoder());
        Assert.InRange(png.Length, 1, 256 * 256 * 3 / 4);
        using var read = Image.Load<Rgb24>(png);
        Assert.Equal(image.Pixels(), read.Pixels());
    }

    [Fact]
    public void Gray_values_are_kept_whatever_pixel_type_reads_them()
    {
        var grays = Enumerable.Range(0, 256).Select(v => new L8((byte)v)).ToArray();
        using var image = Pictures.Of(16, 16, (x, y) => grays[16 * y + x]);
        using var colour = Image.Load<Rgb24>(image.Encoded(new PngEncoder()));
        Assert.Equal(grays.Select(g => new Rgb24(g.PackedValue, g.PackedValue, g.PackedValue)), colour.Pixels());
        using var gray = Image.Load<L8>(colour.Encoded(new PngEncoder()));
        Assert.Equal(grays, gray.Pixels());
    }

    [Fact]
    public void Colours_become_gray_by_BT709()
    {
        using var image = Pictures.Of(3, 1, (x, _) => new Rgb24((byte)(x == 0 ? 255 : 0), (byte)(x == 1 ? 255 : 0), (byte)(x == 2 ? 255 : 0)));
        using var gray = Image.Load<L8>(image.Encoded(new PngEncoder()));
        Assert.Equal([new L8(54), new L8(182), new L8(18)], gray.Pixels());
    }

    // Each row: colour type, bit depth, samples of 4 x 1 pixels as bytes, palette, transparency, expected RGBA.
    public static TheoryData<int, int, byte[], byte[]?, byte[]?, byte[]> Kinds => new()
    {
        { 0, 1, [0b1010_0000], null, null, [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255] },
        { 0, 2, [0b00_01_10_11], null, null, [0, 0, 0, 255, 85, 85, 85, 255, 170, 170, 170, 255, 255, 255, 255, 255] },
        { 0, 4, [0x0f, 0x37], null, [0, 3], [0, 0, 0, 255, 255, 255, 255, 255, 51, 51, 51, 0, 119, 119, 119, 255] },
        { 0, 16, [0, 0, 255, 255, 128, 0, 0, 129], null, null, [0, 0, 0, 255, 255, 255, 255, 255, 128, 128, 128, 255, 1, 1, 1, 255] },
        { 2, 8, [1, 2, 3, 4, 5, 6, 1, 2, 3, 7, 8, 9], null, [0, 1, 0, 2, 0, 3], [1, 2, 3, 0, 4, 5, 6, 255, 1, 2, 3, 0, 7, 8, 9, 255] },
        { 3, 2, [0b00_01_10_01], [9, 8, 7, 6, 5, 4, 3, 2, 1], [0, 128], [9, 8, 7, 0, 6, 5, 4, 128, 3, 2, 1, 255, 6, 5, 4, 128] },
        { 3, 8, [2, 1, 0, 1], [9, 8, 7, 6, 5, 4, 3, 2, 1], null, [3, 2, 1, 255, 6, 5, 4, 255, 9, 8, 7, 255, 6, 5, 4, 255] },
        { 4, 8, [10, 20, 30, 40, 50, 60, 70, 80], null, null, [10, 10, 10, 20, 30, 30, 30, 40, 50, 50, 50, 60, 70, 70, 70, 80] },
        { 6, 16, [1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 0, 0, 9, 0, 0, 0, 128, 128], null, null,
            [1, 2, 3, 4, 0, 0, 0, 255, 255, 0, 0, 255, 0, 9, 0, 128] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_colour_type_and_depth_is_read(int colorType, int depth, byte[] row, byte[]? palette, byte[]? transparency, byte[] expected)
    {
        var png = PngFile.Make(4, 1, depth, colorType, [0, .. row], palette, transparency);
        using var image = Image.Load<Rgba32>(png);
        var bytes = new byte[16];
        image.CopyPixelDataTo(bytes);
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Interlaced_pictures_are_put_together()
    {
        // 8 x 8 grays numbered row by row, sent in Adam7's order (ISO/IEC 15948, 8.2).
        const string Order = "1646264677777777565656567777777736463646777777775656565677777777";
        var rows = new List<byte>();
        for (var pass = 1; pass <= 7; pass++)
            for (var y = 0; y < 8; y++)
            {
                var samples = Enumerable.Range(0, 8).Where(x => Order[8 * y + x] == '0' + pass).Select(x => (byte)(8 * y + x)).ToArray();
                if (samples.Length > 0) rows.AddRange([0, .. samples]);
            }
        using var image = Image.Load<L8>(PngFile.Make(8, 8, 8, 0, [.. rows], null, null, interlaced: true));
        Assert.Equal(Enumerable.Range(0, 64).Select(v => new L8((byte)v)), image.Pixels());
    }

    [Fact]
    public void A_huge_picture_is_refused_by_its_header()
    {
        var png = PngFile.Make(100_000, 100_000, 8, 2, [0, 1, 2, 3], null, null);
        Assert.Equal(100_000, Image.Identify(png).Width);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png));
        Assert.Contains("100000 x 100000", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_picture_that_cannot_be_in_so_few_bytes_is_refused_before_memory_is_spent()
    {
        var png = PngFile.Make(20_000, 20_000, 8, 2, [0, 1, 2, 3], null, null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_picture_cut_anywhere_is_invalid()
    {
        using var image = Pictures.Noise<Rgb24>(20, 20);
        var png = image.Encoded(new PngEncoder());
        for (var length = 12; length < png.Length; length++)
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(png.AsSpan(0, length)));
    }

    [Fact]
    public void Damage_anywhere_behind_the_header_is_noticed_or_harmless()
    {
        using var image = Pictures.Noise<Rgb24>(12, 12);
        var png = image.Encoded(new PngEncoder());
        for (var i = 8; i < png.Length; i++)
        {
            var damaged = png.ToArray();
            damaged[i] ^= 0x40;
            try
            {
                using var read = Image.Load<Rgb24>(damaged);
                Assert.Equal(image.Pixels(), read.Pixels());
            }
            catch (InvalidImageContentException)
            {
            }
        }
    }

}
