using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>A picture of one or more frames of one size.</summary>
public sealed class Image<TPixel> : Image where TPixel : unmanaged, IPixel<TPixel>
{
    private bool disposed;

    public Image(int width, int height, TPixel backgroundColor)
        : this(Allocation.Pixels<TPixel>(width, height), width, height, new ImageMetadata()) => Frames.RootFrame.Pixels.Fill(backgroundColor);

    internal Image(TPixel[] pixels, int width, int height, ImageMetadata metadata) : base(width, height, metadata) =>
        Frames = new ImageFrameCollection<TPixel>(new ImageFrame<TPixel>(pixels, width, height, new ImageFrameMetadata()));

    public ImageFrameCollection<TPixel> Frames { get; }

    public TPixel this[int x, int y]
    {
        get => Frames.RootFrame[x, y];
        set => Frames.RootFrame[x, y] = value;
    }

    public void CopyPixelDataTo(Span<byte> destination)
    {
        EnsureNotDisposed();
        var pixels = MemoryMarshal.AsBytes(Frames.RootFrame.Pixels);
        if (destination.Length < pixels.Length)
            throw new ArgumentException($"The picture has {pixels.Length} bytes, but the destination holds {destination.Length}.", nameof(destination));
        pixels.CopyTo(destination);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposed) return;
        disposed = true;
        foreach (var frame in Frames) frame.Dispose();
    }

    private protected override void EncodeWith(IImageEncoder encoder, Stream stream)
    {
        EnsureNotDisposed();
        encoder.Encode(this, stream);
    }

    internal static Image<TPixel> FromBytes(ReadOnlySpan<byte> data, int width, int height)
    {
        var pixels = Allocation.Pixels<TPixel>(width, height);
        var bytes = MemoryMarshal.AsBytes(pixels.AsSpan());
        if (data.Length < bytes.Length)
            throw new ArgumentException($"{width} x {height} pixels are {bytes.Length} bytes, but the data hold {data.Length}.", nameof(data));
        data[..bytes.Length].CopyTo(bytes);
        return new Image<TPixel>(pixels, width, height, new ImageMetadata());
    }

    private void EnsureNotDisposed() => ObjectDisposedException.ThrowIf(disposed, this);
}
