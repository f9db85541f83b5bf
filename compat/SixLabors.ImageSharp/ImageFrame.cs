using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Memory;
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

    public int Width { get; private protected set; }

    public int Height { get; private protected set; }

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

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        processPixels(new PixelAccessor<TPixel>(pixels, Width, Height));
    }

    public void CopyPixelDataTo(Span<TPixel> destination)
    {
        if (destination.Length < pixels.Length)
            throw new ArgumentException($"The picture has {pixels.Length} pixels, but the destination holds {destination.Length}.", nameof(destination));
        pixels.CopyTo(destination);
    }

    public void CopyPixelDataTo(Span<byte> destination) => CopyPixelDataTo(MemoryMarshal.Cast<byte, TPixel>(destination));

    protected override void Dispose(bool disposing) => pixels = [];

    internal Span<TPixel> Row(int y) => pixels.AsSpan(y * Width, Width);

    internal void Replace(TPixel[] newPixels, int width, int height)
    {
        pixels = newPixels;
        Width = width;
        Height = height;
    }

    internal ImageFrame<TPixel2> Convert<TPixel2>() where TPixel2 : unmanaged, IPixel<TPixel2>
    {
        var copy = Allocation.Pixels<TPixel2>(Width, Height, clear: false);
        PixelConversion.Convert<TPixel, TPixel2>(pixels, copy);
        return new ImageFrame<TPixel2>(copy, Width, Height, Metadata.DeepClone());
    }

    private int Offset(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return y * Width + x;
    }
}
