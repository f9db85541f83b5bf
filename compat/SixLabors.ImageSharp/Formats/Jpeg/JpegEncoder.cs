using SixLabors.ImageSharp.Formats.Gd;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes JPEG files of quality 75, through libgd.</summary>
public sealed class JpegEncoder : ImageEncoder
{
    private const int Quality = 75;

    protected override unsafe void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        GdLibrary.Initialise();
        var gd = GdLibrary.CreateTrueColor(image.Width, image.Height);
        if (gd is null) throw new ImageProcessingException($"libgd has no memory for a picture of {image.Width} x {image.Height} pixels.");
        byte* encoded = null;
        try
        {
            Rgba32 rgba = default;
            for (var y = 0; y < image.Height; y++)
            {
                var source = image.Frames.RootFrame.Row(y);
                var row = new Span<int>(gd->TrueColorPixels[y], source.Length);
                for (var x = 0; x < source.Length; x++)
                {
                    source[x].ToRgba32(ref rgba);
                    row[x] = rgba.R << 16 | rgba.G << 8 | rgba.B;
                }
            }
            GdLibrary.TakeMessage();
            encoded = GdLibrary.WriteJpeg(gd, out var size, Quality);
            if (encoded is null) throw new ImageProcessingException($"The picture cannot be written as JPEG: {GdLibrary.TakeMessage()}.");
            stream.Write(new ReadOnlySpan<byte>(encoded, size));
        }
        finally
        {
            if (encoded is not null) GdLibrary.Free(encoded);
            GdLibrary.Destroy(gd);
        }
    }
}
