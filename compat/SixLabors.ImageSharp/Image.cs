using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>A picture of one or more frames, whatever its pixel type.</summary>
public abstract partial class Image : IDisposable
{
    private protected Image(int width, int height, ImageMetadata metadata)
    {
        Width = width;
        Height = height;
        Metadata = metadata;
    }

    public int Width { get; private protected set; }

    public int Height { get; private protected set; }

    public Size Size => new(Width, Height);

    public Rectangle Bounds => new(0, 0, Width, Height);

    public ImageMetadata Metadata { get; }

    public ImageFrameCollection Frames => NonGenericFrameCollection;

    private protected abstract ImageFrameCollection NonGenericFrameCollection { get; }

    public Image<TPixel2> CloneAs<TPixel2>() where TPixel2 : unmanaged, IPixel<TPixel2> => Convert<TPixel2>();

    public void Save(Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(encoder);
        EnsureNotDisposed();
        EncodeWith(encoder, stream);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    internal abstract void EnsureNotDisposed();

    private protected abstract Image<TPixel2> Convert<TPixel2>() where TPixel2 : unmanaged, IPixel<TPixel2>;

    private protected abstract void EncodeWith(IImageEncoder encoder, Stream stream);
}
