using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

/// <summary>Every format that is read, by its bytes.</summary>
public class FormatTests
{
    // 4 x 3 pixels of (60 x, 100 y, 20 x + y), lossless.
    private const string WebP = "UklGRjoAAABXRUJQVlA4TC4AAAAvA4AAAF9AkG0zrAPV3+IOwyMQSOEpPP89SAF2F4AggEQphRSGW2GFUSP6H9Tl";

    private const string LossyWebP =
        "UklGRmwAAABXRUJQVlA4IGAAAAAwAwCdASoEAAMAAMASJbACdLcAlQDCAP4BZAH6AAwNGFnQAP7zZ92/+kH5PmzFXq//DskXIy3/4sWo8V5f/SVv" +
        "/RNf1T/y571F/5O/qmm4z3G5O7/7//Hrfyd/U3lMAAA=";

    private static Rgb24 Pixel(int x, int y) => new((byte)(60 * x), (byte)(100 * y), (byte)(20 * x + y));

    private static byte[] Bmp(bool topDown)
    {
        byte[] rows = [.. Enumerable.Range(0, 3).SelectMany(y => Enumerable.Range(0, 4)
            .Select(x => Pixel(x, topDown ? y : 2 - y)).SelectMany(p => new[] { p.B, p.G, p.R }))];
        byte height = topDown ? (byte)0xfd : (byte)3, sign = topDown ? (byte)0xff : (byte)0;
        return [(byte)'B', (byte)'M', 90, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 4, 0, 0, 0, height, sign, sign, sign,
            1, 0, 24, 0, 0, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. rows];
    }

    private static byte[] Tiff(bool bigEndian)
    {
        // Directory at 8: width, height, bits, compression, photometric, strip, samples, rows a strip, strip's bytes.
        (int Tag, int Type, int Count, int Value)[] entries =
            [(256, 3, 1, 4), (257, 3, 1, 3), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128), (277, 3, 1, 3), (278, 3, 1, 3), (279, 4, 1, 36)];
        List<byte> file = [(byte)(bigEndian ? 'M' : 'I'), (byte)(bigEndian ? 'M' : 'I')];
        Put(42, 2);
        Put(8, 4);
        Put(entries.Length, 2);
        foreach (var (tag, type, count, value) in entries)
        {
            Put(tag, 2);
            Put(type, 2);
            Put(count, 4);
            if (type == 3 && count == 1)
            {
                Put(value, 2);
                Put(0, 2);
            }
            else
            {
                Put(value, 4);
            }
        }
        Put(0, 4);
        for (var i = 0; i < 3; i++) Put(8, 2);
        for (var y = 0; y < 3; y++) for (var x = 0; x < 4; x++) file.AddRange([Pixel(x, y).R, Pixel(x, y).G, Pixel(x, y).B]);
        return [.. file];

        void Put(int value, int size)
        {
            for (var i = 0; i < size; i++) file.Add((byte)(value >> 8 * (bigEndian ? size - 1 - i : i)));
        }
    }

    private static byte[][] ExactFiles =>
        [Bmp(topDown: false), Bmp(topDown: true), Tiff(bigEndian: false), Tiff(bigEndian: true), Convert.FromBase64String(WebP)];

    public static TheoryData<byte[]> Exact => new(ExactFiles);

    [Theory]
    [MemberData(nameof(Exact))]
    public void Lossless_formats_are_read_exactly(byte[] file)
    {
        var info = Image.Identify(file);
        Assert.Equal((4, 3), (info.Width, info.Height));
        using var image = Image.Load<Rgb24>(file);
        for (var y = 0; y < 3; y++) for (var x = 0; x < 4; x++) Assert.Equal(Pixel(x, y), image[x, y]);
        using var transparent = Image.Load<Rgba32>(file);
        Assert.All(transparent.Pixels(), p => Assert.Equal(255, p.A));
    }

    [Fact]
    public void Lossy_WebP_is_read()
    {
        var file = Convert.FromBase64String(LossyWebP);
        Assert.Equal(4, Image.Identify(file).Width);
        using var image = Image.Load<Rgb24>(file);
        Assert.InRange(image[3, 0].R - image[0, 0].R, 90, 255); // the red wedge of Pixel, from 0 to 180
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("hello, world, this is no picture")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public void What_is_no_picture_is_of_unknown_format(string text)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Throws<UnknownImageFormatException>(() => Image.Identify(bytes));
        Assert.Throws<UnknownImageFormatException>(() => Image.Load<Rgb24>(bytes));
    }

    [Fact]
    public void Every_format_cut_in_its_header_is_invalid()
    {
        using var image = Pictures.Noise<Rgb24>(9, 9);
        byte[][] files = [.. ExactFiles, image.Encoded(new PngEncoder()), image.Encoded(new GifEncoder()), image.Encoded(new JpegEncoder())];
        foreach (var file in files)
        {
            var error = Assert.ThrowsAny<ImageFormatException>(() => Image.Load<Rgb24>(file.AsSpan(0, 13)));
            Assert.IsType<InvalidImageContentException>(error);
        }
    }

    [Fact]
    public void Random_bytes_behind_a_known_beginning_are_invalid_or_a_picture()
    {
        var random = new Random(5);
        foreach (var file in ExactFiles)
        {
            for (var i = 0; i < 100; i++)
            {
                var damaged = file.ToArray();
                random.NextBytes(damaged.AsSpan(random.Next(12, damaged.Length)));
                try
                {
                    Image.Load<Rgb24>(damaged).Dispose();
                }
                catch (ImageFormatException)
                {
                }
            }
        }
    }

    [Fact]
    public void Huge_pictures_of_other_formats_are_refused_by_their_headers()
    {
        var bmp = Bmp(topDown: false);
        BitConverter.TryWriteBytes(bmp.AsSpan(18), 100_000);
        BitConverter.TryWriteBytes(bmp.AsSpan(22), 100_000);
        Assert.Equal(100_000, Image.Identify(bmp).Height);
        var error = Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(bmp));
        Assert.Contains("100000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told_as_such() =>
        Assert.Throws<FileNotFoundException>(() => Image.Load<Rgb24>(Path.Combine(Path.GetTempPath(), "no-such-picture.png")));
}
