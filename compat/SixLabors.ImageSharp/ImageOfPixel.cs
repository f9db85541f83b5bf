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

    public Image(int width, int height) : this(Allocation.Pixels<TPixel>(width, height, clear: true), width, height, new ImageMetadata()) { }

    public Image(int width, int height, TPixel backgroundColor)
        : this(Allocation.Pixels<TPixel>(width, height, clear: false), width, height, new ImageMetadata()) =>
        Frames.RootFrame.Pixels.Fill(backgroundColor);

    internal Image(TPixel[] pixels, int width, int height, ImageMetadata metadata) : base(width, height, metadata) =>
        Frames = new ImageFrameCollection<TPixel>(new ImageFrame<TPixel>(pixels, width, height, new ImageFrameMetadata()));

    private Image(ImageFrameCollection<TPixel> frames, int width, int height, ImageMetadata metadata) : base(width, height, metadata) =>
        Frames = frames;

    public new ImageFrameCollection<TPixel> Frames { get; }

    public TPixel this[int x, int y]
    {
        get => Frames.RootFrame[x, y];
        set => Frames.RootFrame[x, y] = value;
    }

    private protected override ImageFrameCollection NonGenericFrameCollection => Frames;

    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        EnsureNotDisposed();
        Frames.RootFrame.ProcessPixelRows(processPixels);
    }

    public void CopyPixelDataTo(Span<TPixel> destination)
    {
        EnsureNotDisposed();
        Frames.RootFrame.CopyPixelDataTo(destination);
    }

    public void CopyPixelDataTo(Span<byte> destination)
    {
        EnsureNotDisposed();
        Frames.RootFrame.CopyPixelDataTo(destination);
    }

    public Image<TPixel> Clone() => Convert<TPixel>();

    internal override void EnsureNotDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    /// <summary>Takes over what an operation made of the frames.</summary>
    internal void Replace(int width, int height)
    {
        Width = width;
        Height = height;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposed) return;
        disposed = true;
        Frames.Dispose();
    }

    private protected override Image<TPixel2> Convert<TPixel2>()
    {
        EnsureNotDisposed();
        var frames = new ImageFrameCollection<TPixel2>(Frames.RootFrame.Convert<TPixel2>());
        for (var i = 1; i < Frames.Count; i++) frames.Adopt(Frames[i].Convert<TPixel2>());
        return new Image<TPixel2>(frames, Width, Height, Metadata.DeepClone());
    }

    private protected override void EncodeWith(IImageEncoder encoder, Stream stream) => encoder.Encode(this, stream);

    internal static Image<TPixel> FromPixels(ReadOnlySpan<TPixel> data, int width, int height)
    {
        var pixels = Allocation.Pixels<TPixel>(width, height, clear: false);
        if (data.Length < pixels.Length)
            throw new ArgumentException($"{width} x {height} pixels are {pixels.Length}, but the data holds {data.Length}.", nameof(data));
        data[..pixels.Length].CopyTo(pixels);
        return new Image<TPixel>(pixels, width, height, new ImageMetadata());
    }

    internal static Image<TPixel> FromPixels(ReadOnlySpan<byte> data, int width, int height) =>
        FromPixels(MemoryMarshal.Cast<byte, TPixel>(data), width, height);
}
