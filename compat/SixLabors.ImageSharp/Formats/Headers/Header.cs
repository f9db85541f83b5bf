namespace SixLabors.ImageSharp.Formats.Headers;

/// <summary>The format of a picture and its dimensions, as its first bytes say.</summary>
internal readonly record struct Header(ImageFormat Format, int Width, int Height)
{
    private const int PrefixLength = 12;

    public static unsafe Header Read(ReadOnlySpan<byte> data)
    {
        fixed (byte* p = data)
        {
            using Stream stream = p is null ? new MemoryStream() : new UnmanagedMemoryStream(p, data.Length);
            return Read(stream);
        }
    }

    public static Header Read(Stream stream)
    {
        var prefix = new byte[PrefixLength];
        var length = stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false);
        Array.Resize(ref prefix, length);

        var format = Detect(prefix) ?? throw new UnknownImageFormatException(length == 0
            ? "There are no data to read a picture from."
            : $"The data are of no known picture format (PNG, JPEG, GIF, BMP, WebP, TIFF); they begin with {Convert.ToHexString(prefix)}.");
        var reader = new ForwardReader(stream, prefix);
        try
        {
            var (width, height) = Dimensions(format, reader);
            if (width is <= 0 or > int.MaxValue || height is <= 0 or > int.MaxValue)
                throw new InvalidImageContentException($"The {format.Name} picture's header gives it {width} x {height} pixels.");
            return new Header(format, (int)width, (int)height);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidImageContentException($"The {format.Name} picture ends within its header, after {reader.Position} bytes.", e);
        }
    }

    private static ImageFormat? Detect(ReadOnlySpan<byte> prefix) => prefix switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageFormat.Png,
        [0xff, 0xd8, 0xff, ..] => ImageFormat.Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageFormat.Tiff,
        _ => null,
    };

    private static (long Width, long Height) Dimensions(ImageFormat format, ForwardReader reader) => format.Name switch
    {
        "PNG" => DimensionReaders.Png(reader),
        "JPEG" => DimensionReaders.Jpeg(reader),
        "GIF" => DimensionReaders.Gif(reader),
        "BMP" => DimensionReaders.Bmp(reader),
        "WEBP" => DimensionReaders.WebP(reader),
        _ => DimensionReaders.Tiff(reader),
    };
}
