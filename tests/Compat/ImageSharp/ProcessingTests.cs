using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace GanPipeline.Compat.Tests.ImageSharp;

public class ProcessingTests
{
    public static TheoryData<string> Samplers => ["Bicubic", "Box", "Lanczos3", "NearestNeighbor", "Triangle"];

    private static IResampler Sampler(string name) => name switch
    {
        "Bicubic" => KnownResamplers.Bicubic,
        "Box" => KnownResamplers.Box,
        "Lanczos3" => KnownResamplers.Lanczos3,
        "NearestNeighbor" => KnownResamplers.NearestNeighbor,
        _ => KnownResamplers.Triangle,
    };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void One_colour_stays_that_colour(string sampler)
    {
        using var image = new Image<Rgb24>(37, 23, new Rgb24(10, 128, 250));
        foreach (var (width, height) in new[] { (64, 64), (5, 7), (100, 3), (1, 1) })
        {
            using var resized = image.Clone(c => c.Resize(width, height, Sampler(sampler)));
            Assert.Equal(new Size(width, height), resized.Size);
            Assert.All(resized.Pixels(), p => Assert.Equal(new Rgb24(10, 128, 250), p));
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void The_same_size_changes_nothing(string sampler)
    {
        using var image = Pictures.Noise<Rgba32>(13, 9);
        using var resized = image.Clone(c => c.Resize(13, 9, Sampler(sampler)));
        Assert.Equal(image.Pixels(), resized.Pixels());
    }

    [Fact]
    public void Half_the_size_with_a_box_is_the_mean_of_four()
    {
        using var image = Pictures.Noise<Rgb24>(16, 12);
        using var resized = image.Clone(c => c.Resize(8, 6, KnownResamplers.Box));
        for (var y = 0; y < 6; y++)
            for (var x = 0; x < 8; x++)
            {
                var sum = image[2 * x, 2 * y].R + image[2 * x + 1, 2 * y].R + image[2 * x, 2 * y + 1].R + image[2 * x + 1, 2 * y + 1].R;
                Assert.Equal((int)(sum / 4f + 0.5f), resized[x, y].R);
            }
    }

    [Fact]
    public void A_linear_ramp_stays_linear()
    {
        // Bicubic and triangle reproduce straight lines, away from the edges, where they have no neighbours to the one side.
        using var image = new Image<L8>(32, 1);
        for (var x = 0; x < 32; x++) image[x, 0] = new L8((byte)(8 * x));
        foreach (var sampler in new[] { KnownResamplers.Bicubic, KnownResamplers.Triangle })
        {
            using var resized = image.Clone(c => c.Resize(64, 1, sampler));
            for (var x = 8; x < 56; x++) Assert.InRange(resized[x, 0].PackedValue - (4 * x - 2), -1, 1);
        }
    }

    [Fact]
    public void Nearest_neighbour_repeats_pixels()
    {
        using var image = Pictures.Noise<Rgb24>(5, 4);
        using var resized = image.Clone(c => c.Resize(15, 12, KnownResamplers.NearestNeighbor));
        for (var y = 0; y < 12; y++) for (var x = 0; x < 15; x++) Assert.Equal(image[x / 3, y / 3], resized[x, y]);
    }

    [Fact]
    public void Fine_stripes_do_not_alias_when_they_shrink()
    {
        using var image = new Image<L8>(256, 8);
        for (var y = 0; y < 8; y++) for (var x = 0; x < 256; x += 2) image[x, y] = new L8(255);
        using var resized = image.Clone(c => c.Resize(60, 8));
        Assert.All(resized.Pixels(), p => Assert.InRange(p.PackedValue, 118, 138));
    }

    [Fact]
    public void Transparent_pixels_do_not_bleed_their_colour()
    {
        using var image = new Image<Rgba32>(8, 8, new Rgba32(255, 0, 0, 0));
        for (var y = 0; y < 8; y++) for (var x = 0; x < 4; x++) image[x, y] = new Rgba32(0, 0, 255, 255);
        using var resized = image.Clone(c => c.Resize(4, 4, KnownResamplers.Triangle));
        Assert.All(resized.Pixels().Where(p => p.A > 0), p => Assert.Equal((0, 0, 255), (p.R, p.G, p.B)));
    }

    [Fact]
    public void Crop_mode_covers_and_cuts_both_sides()
    {
        using var image = new Image<L8>(60, 20); // thirds: black, white, black
        for (var y = 0; y < 20; y++) for (var x = 20; x < 40; x++) image[x, y] = new L8(255);
        using var resized = image.Clone(c => c.Resize(new ResizeOptions { Size = new Size(10, 10), Mode = ResizeMode.Crop, Sampler = KnownResamplers.Box }));
        Assert.Equal(new Size(10, 10), resized.Size);
        Assert.All(resized.Pixels(), p => Assert.Equal(255, p.PackedValue));
    }

    [Fact]
    public void Pad_mode_fits_and_fills()
    {
        using var image = new Image<L8>(40, 20, new L8(200));
        using var resized = image.Clone(c => c.Resize(new ResizeOptions { Size = new Size(10, 10), Mode = ResizeMode.Pad }));
        for (var y = 0; y < 10; y++)
            for (var x = 0; x < 10; x++) Assert.Equal(y is >= 2 and < 7 ? 200 : 0, resized[x, y].PackedValue);
    }

    [Fact]
    public void Max_mode_keeps_proportions()
    {
        using var image = new Image<L8>(40, 20);
        image.Mutate(c => c.Resize(new ResizeOptions { Size = new Size(10, 10), Mode = ResizeMode.Max }));
        Assert.Equal(new Size(10, 5), image.Size);
    }

    [Fact]
    public void Crop_takes_the_part()
    {
        using var image = Pictures.Noise<Rgb24>(10, 8);
        using var part = image.Clone(c => c.Crop(new Rectangle(3, 2, 4, 5)));
        for (var y = 0; y < 5; y++) for (var x = 0; x < 4; x++) Assert.Equal(image[3 + x, 2 + y], part[x, y]);
        Assert.ThrowsAny<Exception>(() => image.Mutate(c => c.Crop(new Rectangle(8, 0, 4, 4))));
    }

    [Fact]
    public void Grayscale_takes_the_colour_out()
    {
        using var image = Pictures.Noise<Rgb24>(10, 8);
        using var gray = image.Clone(c => c.Grayscale());
        using var direct = image.CloneAs<L8>();
        Assert.All(gray.Pixels().Zip(direct.Pixels()), p =>
        {
            Assert.True(p.First.R == p.First.G && p.First.G == p.First.B);
            Assert.InRange(p.First.R - p.Second.PackedValue, -1, 1);
        });
    }

    [Fact]
    public void Rows_are_given_and_taken()
    {
        using var image = new Image<Rgb24>(6, 5);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                Assert.Equal(6, row.Length);
                for (var x = 0; x < row.Length; x++) row[x] = new Rgb24((byte)x, (byte)y, 9);
            }
        });
        Assert.Equal(new Rgb24(4, 3, 9), image[4, 3]);
        Assert.ThrowsAny<Exception>(() => image[6, 0]);
        Assert.ThrowsAny<ArgumentException>(() => image.CopyPixelDataTo(new Rgb24[29]));
    }

    [Fact]
    public void A_disposed_picture_is_told_as_such()
    {
        var image = new Image<L8>(2, 2);
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.Mutate(c => c.Grayscale()));
        Assert.Throws<ObjectDisposedException>(() => image.CopyPixelDataTo(new L8[4]));
    }
}
