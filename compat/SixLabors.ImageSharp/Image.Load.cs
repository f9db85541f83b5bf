using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>Pictures from files, streams and memory.</summary>
public abstract partial class Image
{
    public static ImageInfo Identify(string path)
    {
        using var stream = OpenFile(path);
        return Decoding.Identify(stream);
    }

    public static ImageInfo Identify(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decoding.Identify(stream);
    }

    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => Decoding.Identify(buffer);

    public static Image<TPixel> Load<TPixel>(string path) where TPixel : unmanaged, IPixel<TPixel>
    {
        using var stream = OpenFile(path);
        return Load<TPixel>(stream);
    }

    public static Image<TPixel> Load<TPixel>(Stream stream) where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = EncodedContent.Read(stream);
        return Decoding.Decode<TPixel>(content.Span);
    }

    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel> => Decoding.Decode<TPixel>(data);

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height) where TPixel : unmanaged, IPixel<TPixel> =>
        Image<TPixel>.FromPixels(data, width, height);

    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height) where TPixel : unmanaged, IPixel<TPixel> =>
        Image<TPixel>.FromPixels(data, width, height);

    private static FileStream OpenFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }
}
