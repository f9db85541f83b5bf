using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Inference;

/// <summary>A picture in memory, [H, W, C] bytes. The one place that encodes pictures.</summary>
internal sealed record PixelImage(byte[] Pixels, int Channels, int Height, int Width)
{
    /// <summary>The lines of a grid: gray, which differs from black and white backgrounds.</summary>
    public const byte GridColour = 128;

    private const int LegibleSide = 64;
    private const int JpegQuality = 95;

    /// <summary>One image of a tensor.</summary>
    public static PixelImage FromTensor(ImageTensor images, int index)
    {
        CheckChannels(images);
        var pixels = new byte[images.ImageSize];
        images.CopyPixels(index, pixels);
        return new PixelImage(pixels, images.Channels, images.Height, images.Width);
    }

    /// <summary>
    /// All images of a tensor, row by row: every pixel a square of <paramref name="scale"/>, lines of <paramref name="padding"/> between
    /// them.
    /// </summary>
    public static PixelImage Grid(ImageTensor images, int columns, int scale, int padding)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        CheckChannels(images);
        if (images.Count == 0) throw new ArgumentException("A grid needs at least one image.", nameof(images));
        if (columns == 0) columns = (int)Math.Ceiling(Math.Sqrt(images.Count));
        if (scale == 0) scale = Math.Max(1, LegibleSide / Math.Max(images.Height, images.Width));
        columns = Math.Min(columns, images.Count);
        var rows = (images.Count + columns - 1) / columns;
        int cellHeight = images.Height * scale + padding, cellWidth = images.Width * scale + padding;
        var grid = new PixelImage(new byte[checked((rows * cellHeight + padding) * (columns * cellWidth + padding) * images.Channels)],
            images.Channels, rows * cellHeight + padding, columns * cellWidth + padding);
        Array.Fill(grid.Pixels, GridColour);
        for (var i = 0; i < images.Count; i++)
            grid.Draw(FromTensor(images, i), padding + i / columns * cellHeight, padding + i % columns * cellWidth, scale);
        return grid;
    }

    public void WritePng(Stream stream) => Write(stream, new PngEncoder());

    /// <summary>As JPEG: smaller, and not exact.</summary>
    public void WriteJpeg(Stream stream) => Write(stream, new JpegEncoder { Quality = JpegQuality });

    /// <summary>As an ImageSharp image, in a pixel format with as many bytes as there are channels.</summary>
    public Image<TPixel> ToImage<TPixel>() where TPixel : unmanaged, IPixel<TPixel> => Image.LoadPixelData<TPixel>(Pixels, Width, Height);

    private void Write(Stream stream, IImageEncoder encoder)
    {
        if (Channels == 1) As<L8>();
        else As<Rgb24>();

        void As<TPixel>() where TPixel : unmanaged, IPixel<TPixel>
        {
            using var image = ToImage<TPixel>();
            image.Save(stream, encoder);
        }
    }

    private void Draw(PixelImage image, int top, int left, int scale)
    {
        var row = new byte[image.Width * scale * Channels];
        for (var y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> source = image.Pixels.AsSpan(y * image.Width * Channels, image.Width * Channels);
            for (var x = 0; x < image.Width * scale; x++)
                source.Slice(x / scale * Channels, Channels).CopyTo(row.AsSpan(x * Channels));
            for (var s = 0; s < scale; s++)
                row.CopyTo(Pixels, ((top + y * scale + s) * Width + left) * Channels);
        }
    }

    private static void CheckChannels(ImageTensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Channels is not (1 or 3))
            throw new ArgumentException($"A picture has 1 channel (gray) or 3 (red, green, blue); these images have {images.Channels}.",
                nameof(images));
    }
}
