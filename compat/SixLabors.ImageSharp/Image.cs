using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>A picture of one or more frames, whatever its pixel type.</summary>
public abstract class Image : IDisposable
{
    private protected Image(int width, int height, ImageMetadata metadata)
    {
        Width = width;
        Height = height;
        Metadata = metadata;
    }

    public int Width { get; }

    public int Height { get; }

    public ImageMetadata Metadata { get; }

    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => Decoding.Identify(buffer);

    public static Image<TPixel> Load<TPixel>(string path) where TPixel : unmanaged, IPixel<TPixel> =>
        Decoding.Decode<TPixel>(new DecoderOptions(), File.ReadAllBytes(path));

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel> =>
        Decoding.Decode<TPixel>(new DecoderOptions(), data);

    public static Image<TPixel> Load<TPixel>(DecoderOptions options, ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        return Decoding.Decode<TPixel>(options, data);
    }

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height) where TPixel : unmanaged, IPixel<TPixel> =>
        Image<TPixel>.FromBytes(data, width, height);

    public void Save(Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(encoder);
        EncodeWith(encoder, stream);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private protected abstract void EncodeWith(IImageEncoder encoder, Stream stream);
}
