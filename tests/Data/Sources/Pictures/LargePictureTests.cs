using System.Buffers.Binary;
using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Pictures above <see cref="PictureDecoder.MostAtOnce"/> pixels are read in pieces, and look as small ones do.</summary>
public sealed class LargePictureTests : IDisposable
{
    private const int Width = 4200, Height = 3900, Size = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png", 70_000_000)]
    [InlineData("interlaced.png", 70_000_000)]
    [InlineData("a.jpg", 8_000_000)]
    [InlineData("a.bmp", 8_000_000)]
    [InlineData("a.webp", 70_000_000)]
    public void A_large_picture_is_read_in_pieces(string name, long memory)
    {
        using (var image = Slopes(Width, Height))
        {
            image.Metadata.HorizontalResolution = image.Metadata.VerticalResolution = 72;
            if (name == "interlaced.png") image.SaveAsPng(_folder[name], new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7 });
            else if (name == "a.webp") image.SaveAsWebp(_folder[name], new WebpEncoder { Method = WebpEncodingMethod.Fastest });
            else image.Save(_folder[name]);
        }
        using (var image = Slopes(Width / 10, Height / 10)) image.SaveAsPng(_folder["small.png"]);
        byte[] large = new byte[3 * Size * Size], small = new byte[large.Length];
        // Crops of a picture's size cut nothing, but keep JPEG and WebP from being decoded smaller.
        var options = new DataOptions { Kind = "folder", Path = _folder.Path, Size = Size, Fit = "stretch" };
        if (name == "a.jpg") options = options with { Crop = Width };
        using var source = DataSets.Open(options); // reads the first
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(source.TryRead(0, large));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before - new FileInfo(_folder[name]).Length, -1e9, memory);
        Assert.True(source.TryRead(1, small));
        Assert.All(large.Zip(small), p => Assert.InRange(p.First - p.Second, -4, 4)); // of JPEG and WebP; a row's shift would make it 20
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(7)]
    public void Large_and_small_pictures_are_turned_alike(byte orientation)
    {
        // Widths that are odd, so that the middle lies between two pixels.
        _folder.Put("large.png", Gray(5401, 3000, orientation));
        _folder.Put("small.png", Gray(541, 300, orientation));
        foreach (var fit in (string[])["crop", "pad", "stretch"])
        {
            var (large, small) = (Read("large.png", fit), Read("small.png", fit));
            Assert.All(large.Zip(small), p => Assert.InRange(p.First - p.Second, -2, 2));
        }
    }

    private byte[] Read(string name, string fit)
    {
        var pixels = new byte[Size * Size];
        Assert.Null(new PictureReader(Size, 1, fit).Read(_folder[name], pixels));
        return pixels;
    }

    // Red grows to the right, green to the bottom; both ways differ.
    private static Image<Rgb24> Slopes(int width, int height)
    {
        var image = new Image<Rgb24>(width, height);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < width; x++) row[x] = new((byte)(250 * x / width), (byte)(250 * y / height), 100);
            }
        });
        return image;
    }

    /// <summary>A PNG in gray that grows to the right and to the bottom, with an orientation.</summary>
    private static byte[] Gray(int width, int height, byte orientation)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[width + 1];
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++) row[x + 1] = (byte)(60 * x / width + 150 * y / height);
                stream.Write(row);
            }
        }
        var header = PictureSourceTests.HugePng(width, height).AsSpan(8, 25).ToArray();
        (header[16], header[17]) = (8, 0);
        byte[] exif = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        return [0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header.AsSpan(8, 13)), .. Chunk("eXIf"u8, exif),
            .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), PictureSourceTests.Crc32(chunk.AsSpan(4..^4)));
        return chunk;
    }
}
