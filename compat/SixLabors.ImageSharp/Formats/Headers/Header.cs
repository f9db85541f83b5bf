namespace SixLabors.ImageSharp.Formats.Headers;

/// <summary>The format of a picture and its dimensions, as its first bytes say.</summary>
internal readonly record struct Header(ImageFormat Format, int Width, int Height)
{
    public static Header Read(ReadOnlySpan<byte> data)
    {
        var format = Detect(data) ?? throw new UnknownImageFormatException(data.IsEmpty
            ? "There are no data to read a picture from."
            : "The data are of no known picture format (PNG, JPEG, GIF, BMP, WebP, TIFF); " +
              $"they begin with {Convert.ToHexString(data[..Math.Min(data.Length, 12)])}.");
        var reader = new SpanReader(data);
        try
        {
            var (width, height) = Dimensions(format, ref reader);
            if (width is <= 0 or > int.MaxValue || height is <= 0 or > int.MaxValue)
                throw new InvalidImageContentException($"The {format} picture's header gives it {width} x {height} pixels.");
            return new Header(format, (int)width, (int)height);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidImageContentException($"The {format} picture ends within its header, after {reader.Position} bytes.", e);
        }
    }

    private static ImageFormat? Detect(ReadOnlySpan<byte> data) => data switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => ImageFormat.Png,
        [0xff, 0xd8, 0xff, ..] => ImageFormat.Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageFormat.Tiff,
        _ => null,
    };

    private static (long Width, long Height) Dimensions(ImageFormat format, ref SpanReader reader) => format switch
    {
        ImageFormat.Png => DimensionReaders.Png(ref reader),
        ImageFormat.Jpeg => DimensionReaders.Jpeg(ref reader),
        ImageFormat.Gif => DimensionReaders.Gif(ref reader),
        ImageFormat.Bmp => DimensionReaders.Bmp(ref reader),
        ImageFormat.WebP => DimensionReaders.WebP(ref reader),
        _ => DimensionReaders.Tiff(ref reader),
    };
}
