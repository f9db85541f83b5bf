using SixLabors.ImageSharp.Formats.Gd;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Headers;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>From encoded bytes to a picture: the header first, then, if its dimensions are bearable, the pixels.</summary>
internal static class Decoding
{
    public static ImageInfo Identify(Stream stream) => Describe(Header.Read(stream));

    public static ImageInfo Identify(ReadOnlySpan<byte> data) => Describe(Header.Read(data));

    public static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel>
    {
        var header = Header.Read(data);
        if (!Allocation.Allows<Rgba32>(header.Width, header.Height)) throw TooLarge(header);
        var image = Decode<TPixel>(data, header);
        image.Metadata.DecodedImageFormat = header.Format;
        return image;
    }

    private static ImageInfo Describe(Header header) =>
        new(new Size(header.Width, header.Height), new ImageMetadata { DecodedImageFormat = header.Format });

    private static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> data, Header header) where TPixel : unmanaged, IPixel<TPixel>
    {
        if (header.Format == ImageFormat.Png) return PngReader.Read<TPixel>(data);
        if (header.Format == ImageFormat.Gif) return GifReader.Read<TPixel>(data);
        return GdDecoder.Read<TPixel>(data, header.Format);
    }

    private static InvalidImageContentException TooLarge(Header header)
    {
        var dimensions = $"{header.Width} x {header.Height}";
        return new InvalidImageContentException(
            $"The {header.Format.Name} picture says that it has {dimensions} pixels, which is too large to decode.",
            new InvalidMemoryOperationException($"{dimensions} pixels are over the limit that one picture may take."));
    }
}
