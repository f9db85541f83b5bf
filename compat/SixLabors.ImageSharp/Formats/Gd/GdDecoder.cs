using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Gd;

/// <summary>Pictures that libgd decodes: JPEG, WebP, BMP and TIFF.</summary>
internal static unsafe class GdDecoder
{
    public static Image<TPixel> Read<TPixel>(ReadOnlySpan<byte> data, ImageFormat format) where TPixel : unmanaged, IPixel<TPixel>
    {
        GdLibrary.Initialise();
        GdLibrary.TakeMessage();
        GdImage* image;
        fixed (byte* p = data) image = Decode(p, data.Length, format);
        var message = GdLibrary.TakeMessage();
        try
        {
            if (image is null || IsTruncated(message))
                throw new InvalidImageContentException($"The {format} picture does not decode: {message ?? "its content is damaged"}.");
            var pixels = Allocation.Pixels<TPixel>(image->Width, image->Height);
            for (var y = 0; y < image->Height; y++) CopyRow(image, y, pixels.AsSpan(y * image->Width, image->Width));
            return new Image<TPixel>(pixels, image->Width, image->Height, new ImageMetadata());
        }
        finally
        {
            if (image is not null) GdLibrary.Destroy(image);
        }
    }

    private static GdImage* Decode(byte* data, int length, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => GdLibrary.CreateFromJpeg(length, data, ignoreWarnings: 0),
        ImageFormat.WebP => GdLibrary.CreateFromWebP(length, data),
        ImageFormat.Bmp => GdLibrary.CreateFromBmp(length, data),
        _ => GdLibrary.CreateFromTiff(length, data),
    };

    /// <summary>libgd gives a picture, its rest gray, and says this beside, where a JPEG ends early.</summary>
    private static bool IsTruncated(string? message) =>
        message is not null && message.Contains("premature end", StringComparison.OrdinalIgnoreCase);

    private static void CopyRow<TPixel>(GdImage* image, int y, Span<TPixel> destination) where TPixel : unmanaged, IPixel<TPixel>
    {
        if (image->IsTrueColor != 0)
        {
            var row = new ReadOnlySpan<int>(image->TrueColorPixels[y], destination.Length);
            for (var x = 0; x < row.Length; x++)
            {
                var color = row[x];
                destination[x].FromRgba32(new Rgba32((byte)(color >> 16), (byte)(color >> 8), (byte)color, Opacity(color >> 24)));
            }
        }
        else
        {
            var row = new ReadOnlySpan<byte>(image->Pixels[y], destination.Length);
            for (var x = 0; x < row.Length; x++)
            {
                var i = row[x];
                destination[x].FromRgba32(new Rgba32((byte)image->Red[i], (byte)image->Green[i], (byte)image->Blue[i], Opacity(image->Alpha[i])));
            }
        }
    }

    /// <summary>libgd's alpha is 7 bits of transparency: 0 is opaque and 127 nothing.</summary>
    private static byte Opacity(int transparency)
    {
        transparency &= 0x7f;
        return (byte)(255 - (transparency << 1 | transparency >> 6));
    }
}
