using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Compat.Tests.ImageSharp;

/// <summary>Pictures that the tests make, and what they do with them.</summary>
internal static class Pictures
{
    public static Image<TPixel> Noise<TPixel>(int width, int height, int seed = 1) where TPixel : unmanaged, IPixel<TPixel>
    {
        var bytes = new byte[width * height * System.Runtime.CompilerServices.Unsafe.SizeOf<TPixel>()];
        new Random(seed).NextBytes(bytes);
        return Image.LoadPixelData<TPixel>(bytes, width, height);
    }

    /// <summary>Slow waves, as in photographs: lossy formats keep them.</summary>
    public static Image<Rgb24> Smooth(int width, int height)
    {
        return Of(width, height, (x, y) => new Rgb24(Wave(x, width), Wave(y, height), Wave(x + y, width + height)));

        static byte Wave(int i, int n) => (byte)(128 + 100 * Math.Sin(2 * Math.PI * i / n));
    }

    public static Image<TPixel> Of<TPixel>(int width, int height, Func<int, int, TPixel> pixel) where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = Noise<TPixel>(width, height);
        for (var y = 0; y < height; y++) for (var x = 0; x < width; x++) image[x, y] = pixel(x, y);
        return image;
    }

    public static byte[] Encoded(this Image image, SixLabors.ImageSharp.Formats.IImageEncoder encoder)
    {
        using var stream = new MemoryStream();
        image.Save(stream, encoder);
        return stream.ToArray();
    }

    public static TPixel[] Pixels<TPixel>(this Image<TPixel> image) where TPixel : unmanaged, IPixel<TPixel>
    {
        var pixels = new TPixel[image.Width * image.Height];
        image.CopyPixelDataTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()));
        return pixels;
    }

    public static double MeanDifference(Image<Rgb24> a, Image<Rgb24> b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return a.Pixels().Zip(b.Pixels(), (p, q) => (Math.Abs(p.R - q.R) + Math.Abs(p.G - q.G) + Math.Abs(p.B - q.B)) / 3.0).Average();
    }
}
