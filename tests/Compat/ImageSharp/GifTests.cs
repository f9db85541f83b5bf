using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

public class GifTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(200, 150)]
    public void Grays_come_back_exactly(int width, int height)
    {
        using var image = Pictures.Noise<L8>(width, height);
        using var read = Image.Load<L8>(image.Encoded(new GifEncoder()));
        Assert.Equal(image.Pixels(), read.Pixels());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(256)]
    public void As_many_colours_as_a_palette_holds_come_back_exactly(int count)
    {
        var random = new Random(7);
        var colours = Enumerable.Range(0, count).Select(i => new Rgb24((byte)i, (byte)(7 * i), (byte)(255 - i))).ToArray();
        using var image = Pictures.Of(64, 64, (_, _) => colours[random.Next(count)]);
        using var read = Image.Load<Rgb24>(image.Encoded(new GifEncoder()));
        Assert.Equal(image.Pixels(), read.Pixels());
    }

    // 256 colours for a whole colour wave: cells of about 8 steps a side, so errors of a few steps a channel in the mean.
    [Fact]
    public void More_colours_are_replaced_by_near_ones_without_a_shift()
    {
        using var image = Pictures.Smooth(128, 128);
        using var read = Image.Load<Rgb24>(image.Encoded(new GifEncoder()));
        Assert.InRange(Pictures.MeanDifference(image, read), 0, 8);
        // The error is diffused, so it cancels over any part of the picture.
        var (a, b) = (image.Pixels(), read.Pixels());
        Assert.InRange(a.Average(p => p.R) - b.Average(p => p.R), -0.5, 0.5);
        Assert.InRange(a.Average(p => p.G) - b.Average(p => p.G), -0.5, 0.5);
        Assert.InRange(a.Average(p => p.B) - b.Average(p => p.B), -0.5, 0.5);
    }

    [Fact]
    public void An_animation_keeps_frames_delays_and_repeats()
    {
        const int Count = 120;
        using var image = Pictures.Noise<L8>(40, 30);
        for (var i = 1; i < Count; i++)
        {
            using var next = Pictures.Noise<L8>(40, 30, seed: i);
            image.Frames.AddFrame(next.Frames.RootFrame);
        }
        image.Metadata.GetGifMetadata().RepeatCount = 0;
        for (var i = 0; i < Count; i++) image.Frames[i].Metadata.GetGifMetadata().FrameDelay = 5 + i % 3;

        using var read = Image.Load<L8>(image.Encoded(new GifEncoder()));
        Assert.Equal(Count, read.Frames.Count);
        Assert.Equal(0, read.Metadata.GetGifMetadata().RepeatCount);
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(5 + i % 3, read.Frames[i].Metadata.GetGifMetadata().FrameDelay);
            for (var y = 0; y < 30; y++) for (var x = 0; x < 40; x++) Assert.Equal(image.Frames[i][x, y], read.Frames[i][x, y]);
        }
    }

    [Fact]
    public void No_more_frames_are_decoded_than_wanted()
    {
        using var image = Pictures.Noise<L8>(8, 8);
        for (var i = 0; i < 9; i++) image.Frames.AddFrame(image.Frames.RootFrame);
        var gif = image.Encoded(new GifEncoder());
        using var all = Image.Load<L8>(gif);
        using var some = Image.Load<L8>(new DecoderOptions { MaxFrames = 1 }, gif);
        Assert.Equal((10, 1), (all.Frames.Count, some.Frames.Count));
    }

    [Fact]
    public void A_frame_of_another_size_is_refused()
    {
        using var image = Pictures.Noise<L8>(4, 4);
        using var other = Pictures.Noise<L8>(5, 4);
        Assert.Throws<ArgumentException>(() => image.Frames.AddFrame(other.Frames.RootFrame));
    }

    [Fact]
    public void Transparent_and_partial_frames_are_drawn_over_the_ones_before()
    {
        // 2 x 2, palette of black, red, green, blue. Frame 1 fills with red; frame 2 is one blue pixel at (1, 1), then removed;
        // frame 3 is green at (0, 0), the rest transparent.
        byte[] gif =
        [
            .. "GIF89a"u8, 2, 0, 2, 0, 0x81, 0, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255,
            0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, .. Lzw(1, 1, 1, 1),
            0x21, 0xf9, 4, 3 << 2, 9, 0, 0, 0, 0x2c, 1, 0, 1, 0, 1, 0, 1, 0, 0, .. Lzw(3),
            0x21, 0xf9, 4, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, .. Lzw(2, 0, 0, 0), 0x3b,
        ];
        using var image = Image.Load<Rgb24>(gif);
        Rgb24 red = new(255, 0, 0), green = new(0, 255, 0), blue = new(0, 0, 255);
        Assert.Equal([red, red, red, red], Frame(0));
        Assert.Equal([red, red, red, blue], Frame(1));
        Assert.Equal([green, red, red, red], Frame(2));

        Rgb24[] Frame(int index) => [image.Frames[index][0, 0], image.Frames[index][1, 0], image.Frames[index][0, 1], image.Frames[index][1, 1]];

        // Codes of 3 bits with a clear code (4) before every index, so that the table never grows, and the end (5).
        static byte[] Lzw(params int[] indices)
        {
            var (bits, count) = (0L, 0);
            foreach (var code in indices.SelectMany(i => new[] { 4, i }).Append(5))
            {
                bits |= (long)code << count;
                count += 3;
            }
            var bytes = BitConverter.GetBytes(bits)[..((count + 7) / 8)];
            return [2, (byte)bytes.Length, .. bytes, 0];
        }
    }

    [Fact]
    public void A_picture_cut_anywhere_is_invalid()
    {
        using var image = Pictures.Noise<L8>(20, 20);
        var gif = image.Encoded(new GifEncoder());
        for (var length = 7; length < gif.Length - 2; length++)
            Assert.Throws<InvalidImageContentException>(() => Image.Load<L8>(gif.AsSpan(0, length)));
    }
}
