using System.Buffers.Binary;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>What a header may claim, by what the file's bytes can mean.</summary>
public class PictureBoundsTests
{
    [Theory]
    [InlineData(8, 2, 1000, true)] // a byte of a thousand
    [InlineData(8, 2, 1100, false)] // more than deflate can
    [InlineData(1, 0, 8000, true)] // of single bits eight times as many pixels
    [InlineData(16, 6, 1000, false)] // of 8 bytes a pixel an eighth
    public void A_png_holds_what_deflate_can_pack(byte depth, byte color, int pixelsPerByte, bool fits)
    {
        const int packed = 3000;
        byte[] png = [.. PictureSourceTests.HugePng(1, 1).AsSpan(0, 33), .. new byte[packed + 12]];
        (png[24], png[25]) = (depth, color);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(33), packed);
        "IDAT"u8.CopyTo(png.AsSpan(37));
        var samples = color switch { 2 => 3, 6 => 4, _ => 1 };
        Assert.Equal(fits, PictureBounds.Problem(png, 1000, packed * pixelsPerByte / samples / 1000) is null);
        Assert.NotNull(PictureBounds.Problem(png.AsSpan(0, 37), 1000, packed / 10)); // the data are not there
    }

    [Theory]
    [InlineData(0xC0, 1, 0x11, 2000, true)] // 250 x 250 blocks of two bits are 15,625 bytes
    [InlineData(0xC0, 1, 0x11, 2900, false)]
    [InlineData(0xC2, 1, 0x11, 2800, true)] // half of that where scans are parts
    [InlineData(0xC2, 1, 0x11, 4000, false)]
    [InlineData(0xC0, 3, 0x11, 2000, false)] // three components
    [InlineData(0xC0, 3, 0x22, 1600, true)] // two of them at half the size: one and a half
    public void A_jpeg_has_bits_for_each_block(byte marker, byte components, byte sampling, int side, bool fits)
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, marker, 0, (byte)(8 + 3 * components), 8, 0, 0, 0, 0, components,
            1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0, .. new byte[16_000]];
        Assert.Equal(fits, PictureBounds.Problem(jpeg, side, side) is null);
    }

    [Fact]
    public void A_jpeg_of_many_scans_would_take_minutes()
    {
        var jpeg = new byte[1_000_000];
        byte[] start = [0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0];
        start.CopyTo(jpeg, 0);
        for (var scan = 0; scan < 300; scan++) (jpeg[1000 + 20 * scan], jpeg[1001 + 20 * scan]) = (0xFF, 0xDA);
        Assert.Contains("300 scans", PictureBounds.Problem(jpeg, 9000, 9000));
        Assert.Null(PictureBounds.Problem(jpeg, 900, 900));
    }

    [Theory]
    [InlineData(0, 24, 100, 99, true)]
    [InlineData(0, 24, 100, 100, false)]
    [InlineData(0, 1, 800, 290, true)]
    [InlineData(1, 8, 1000, 1000, true)] // runs
    [InlineData(1, 8, 6000, 6000, false)]
    [InlineData(1, 8, 30_000, 1100, false)]
    public void A_bmp_holds_its_bytes_or_runs(byte compression, byte bits, int width, int height, bool fits)
    {
        var bmp = new byte[54 + 100 * 99 * 3];
        (bmp[0], bmp[1], bmp[14], bmp[28], bmp[30]) = ((byte)'B', (byte)'M', 40, bits, compression);
        Assert.Equal(fits, PictureBounds.Problem(bmp, width, height) is null);
    }

    [Theory]
    [InlineData("GIF89a", 1_000_000, true)]
    [InlineData("GIF89a", 10_000_000, false)]
    [InlineData("RIFF    WEBP", 9_000_000, true)]
    [InlineData("RIFF    WEBP", 11_000_000, false)]
    public void Animations_are_bounded_by_their_first_picture(string start, int pixels, bool fits)
    {
        var file = new byte[1000];
        System.Text.Encoding.Latin1.GetBytes(start, file);
        Assert.Equal(fits, PictureBounds.Problem(file, 1000, pixels / 1000) is null);
    }

    [Theory]
    [InlineData(1, 1000, true)] // as it is
    [InlineData(1, 1100, false)]
    [InlineData(5, 2_700_000, true)] // LZW
    [InlineData(5, 2_800_000, false)]
    [InlineData(8, 1_000_000, true)] // deflate
    [InlineData(8, 1_100_000, false)]
    [InlineData(32773, 64_000, true)] // PackBits
    [InlineData(32773, 65_000, false)]
    [InlineData(4, 1_000_000, true)] // fax: a line of any length may be a bit
    [InlineData(4, 4_000_000, false)]
    public void A_tiff_holds_what_its_compression_can_pack(int compression, int pixels, bool fits)
    {
        var tiff = TiffFile.Bytes(width: 100, height: pixels / 100, new byte[1000], compression: (uint)compression);
        Assert.Equal(fits, PictureBounds.Problem(tiff, 100, pixels / 100) is null);
    }

    [Fact]
    public void What_is_whole_is_never_refused()
    {
        // The most that deflate packs, on purpose: rows of zeros.
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(new byte[4000 * 4001]);
        byte[] png = [.. PictureSourceTests.HugePng(4000, 4000).AsSpan(0, 33), .. new byte[packed.Length + 12]];
        (png[24], png[25]) = (8, 0);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(33), (int)packed.Length);
        "IDAT"u8.CopyTo(png.AsSpan(37));
        Assert.Null(PictureBounds.Problem(png, 4000, 4000));
    }
}
