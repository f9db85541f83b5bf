using System.IO.Compression;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

public class JpegTests
{
    // At quality 75 luminance is quantised in steps of 6 to 60, the coarse ones for detail that this picture has none of, and colour
    // is halved in resolution: the mean error stays below 2.
    [Fact]
    public void A_smooth_picture_comes_back_nearly()
    {
        using var image = Pictures.Smooth(96, 64);
        var jpeg = image.Encoded(new JpegEncoder());
        Assert.InRange(jpeg.Length, 500, 96 * 64);
        using var read = Image.Load<Rgb24>(jpeg);
        Assert.InRange(Pictures.MeanDifference(image, read), 0, 2);
    }

    [Fact]
    public void Gray_pictures_stay_gray()
    {
        using var image = Pictures.Of(40, 40, (x, y) => new L8((byte)(3 * x + 2 * y)));
        var jpeg = image.Encoded(new JpegEncoder());
        using var colour = Image.Load<Rgb24>(jpeg);
        Assert.All(colour.Pixels(), p => Assert.True(Math.Abs(p.R - p.G) <= 1 && Math.Abs(p.G - p.B) <= 1));
        using var gray = Image.Load<L8>(jpeg);
        Assert.All(gray.Pixels().Zip(image.Pixels()), p => Assert.InRange(p.First.PackedValue - p.Second.PackedValue, -8, 8));
    }

    [Fact]
    public void The_header_tells_the_size_behind_other_segments()
    {
        using var image = Pictures.Smooth(33, 17);
        var jpeg = image.Encoded(new JpegEncoder());
        byte[] exif = [0xff, 0xe1, 0x40, 0x02, .. new byte[0x4000]];
        byte[] longer = [.. jpeg[..2], .. exif, 0xff, .. jpeg[2..]];
        var info = Image.Identify(longer);
        Assert.Equal((33, 17), (info.Width, info.Height));
        using var read = Image.Load<Rgb24>(longer);
        Assert.Equal(33, read.Width);
    }

    [Fact]
    public void A_picture_cut_in_its_header_is_invalid()
    {
        using var image = Pictures.Smooth(64, 64);
        var jpeg = image.Encoded(new JpegEncoder());
        for (var length = 4; length < 300; length += 7)
            Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(jpeg.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void A_picture_cut_in_its_data_is_invalid(int missing)
    {
        using var image = Pictures.Smooth(64, 64);
        var jpeg = image.Encoded(new JpegEncoder());
        Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(jpeg.AsSpan(0, jpeg.Length - missing)));
    }

    [Fact]
    public void A_picture_of_noise_bytes_behind_a_header_does_no_harm()
    {
        var random = new Random(3);
        using var image = Pictures.Smooth(64, 64);
        var jpeg = image.Encoded(new JpegEncoder());
        for (var i = 0; i < 300; i++)
        {
            var damaged = jpeg.ToArray();
            for (var k = 0; k < 5; k++) damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            try
            {
                Image.Load<Rgb24>(damaged).Dispose();
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    [Fact]
    public void Many_threads_decode_at_once()
    {
        var encoded = Enumerable.Range(1, 16).Select(i =>
        {
            using var image = Pictures.Smooth(8 + 5 * i, 16 + 3 * i);
            return image.Encoded(new JpegEncoder());
        }).ToArray();
        var expected = encoded.Select(e => Image.Load<Rgb24>(e).Pixels()).ToArray();
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            using var image = Image.Load<Rgb24>(encoded[i % 16]);
            Assert.Equal(expected[i % 16], image.Pixels());
            if (i % 10 == 0) Assert.Throws<InvalidImageContentException>(() => Image.Load<Rgb24>(encoded[i % 16].AsSpan(0, 200)));
        });
    }

    [SharedFact("data/cifar10-images.zip")]
    public void The_pictures_of_CIFAR10_decode()
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Repository.Shared, "data/cifar10-images.zip"));
        var entries = archive.Entries.Where(e => e.Length > 0 && e.Name.EndsWith(".jpg", StringComparison.Ordinal)).Take(500).ToList();
        Assert.Equal(500, entries.Count);
        foreach (var entry in entries)
        {
            using var stream = entry.Open();
            using var file = new MemoryStream();
            stream.CopyTo(file);
            using var image = Image.Load<Rgb24>(file.ToArray());
            Assert.Equal((32, 32), (image.Width, image.Height));
            Assert.True(image.Pixels().Distinct().Count() > 10, entry.FullName);
        }
    }
}
