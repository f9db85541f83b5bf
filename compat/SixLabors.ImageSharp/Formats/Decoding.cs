using SixLabors.ImageSharp.Formats.Gd;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Headers;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>From encoded bytes to a picture: the header first, then, if its dimensions are bearable, the pixels.</summary>
internal static class Decoding
{
    public static ImageInfo Identify(ReadOnlySpan<byte> data)
    {
        var header = Header.Read(data);
        return new ImageInfo(header.Width, header.Height);
    }

    public static Image<TPixel> Decode<TPixel>(DecoderOptions options, ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel>
    {
        var header = Header.Read(data);
        if (!Allocation.Allows<Rgba32>(header.Width, header.Height)) throw TooLarge(header);
        return header.Format switch
        {
            ImageFormat.Png => PngReader.Read<TPixel>(data),
            ImageFormat.Gif => GifReader.Read<TPixel>(data, options.MaxFrames),
            _ => GdDecoder.Read<TPixel>(data, header.Format),
        };
    }

    private static InvalidImageContentException TooLarge(Header header)
    {
        var dimensions = $"{header.Width} x {header.Height}";
        return new InvalidImageContentException(
            $"The {header.Format} picture says that it has {dimensions} pixels, which is too large to decode.",
            new InvalidMemoryOperationException($"{dimensions} pixels are over the limit that one picture may take."));
    }
}
