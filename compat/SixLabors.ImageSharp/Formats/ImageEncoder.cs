using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>Writes pictures in one format.</summary>
public interface IImageEncoder
{
    void Encode<TPixel>(Image<TPixel> image, Stream stream) where TPixel : unmanaged, IPixel<TPixel>;
}

/// <summary>Writes pictures in one format.</summary>
public abstract class ImageEncoder : IImageEncoder
{
    private protected ImageEncoder() { }

    public void Encode<TPixel>(Image<TPixel> image, Stream stream) where TPixel : unmanaged, IPixel<TPixel> =>
        Encode(image, stream, CancellationToken.None);

    protected abstract void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>;
}
