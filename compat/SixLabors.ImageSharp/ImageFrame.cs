using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>One frame of a picture, whatever its pixel type.</summary>
public abstract class ImageFrame : IDisposable
{
    private protected ImageFrame(int width, int height, ImageFrameMetadata metadata)
    {
        Width = width;
        Height = height;
        Metadata = metadata;
    }

    public int Width { get; }

    public int Height { get; }

    public ImageFrameMetadata Metadata { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>One frame of a picture: its pixels, row after row in one array.</summary>
public sealed class ImageFrame<TPixel> : ImageFrame where TPixel : unmanaged, IPixel<TPixel>
{
    private TPixel[] pixels;

    internal ImageFrame(TPixel[] pixels, int width, int height, ImageFrameMetadata metadata) : base(width, height, metadata) =>
        this.pixels = pixels;

    internal Span<TPixel> Pixels => pixels;

    public TPixel this[int x, int y]
    {
        get => pixels[Offset(x, y)];
        set => pixels[Offset(x, y)] = value;
    }

    protected override void Dispose(bool disposing) => pixels = [];

    internal Span<TPixel> Row(int y) => pixels.AsSpan(y * Width, Width);

    internal ImageFrame<TPixel> Copy() => new([.. pixels], Width, Height, Metadata.Copy());

    private int Offset(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return y * Width + x;
    }
}
