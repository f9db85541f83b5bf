using System.Buffers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data;

/// <summary>Turns a file's bytes into a picture of the data set's shape, or says why that cannot be.</summary>
internal sealed class PictureDecoder(ImageShape shape, Resizer resizer, long maxPixels)
{
    // A small animation can hold more frames than there is memory.
    private static readonly DecoderOptions FirstFrame = new() { MaxFrames = 1 };

    /// <summary>Null when <paramref name="pixels"/> is written; else the reason why the file is left out.</summary>
    public string? Decode(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        if (PictureFormats.Problem(file) is { } problem) return problem;
        try
        {
            // The header alone first: a small file can promise more pixels than there is memory.
            var info = Image.Identify(file);
            if ((long)info.Width * info.Height > maxPixels)
                return $"it has {info.Width} x {info.Height} pixels, more than the {maxPixels} allowed";
            using var image = Image.Load<Rgba32>(FirstFrame, file);
            Convert(image, PictureFormats.Orientation(file), pixels);
            return null;
        }
        catch (UnknownImageFormatException)
        {
            return "its format is not one that is read";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a decoder throws on bytes that somebody found on the internet is a property of these bytes.
            return $"it does not decode: {e.Message}";
        }
    }

    private void Convert(Image<Rgba32> image, int orientation, Span<byte> pixels)
    {
        var area = image.Width * image.Height;
        var buffer = ArrayPool<byte>.Shared.Rent(area * (4 + shape.Channels));
        try
        {
            var rgba = buffer.AsSpan(0, 4 * area);
            var planes = buffer.AsSpan(4 * area, shape.Channels * area);
            image.CopyPixelDataTo(rgba);
            Planes.FromRgba(rgba, planes, area);
            if (orientation == 1)
            {
                resizer.Resize(planes, image.Width, image.Height, pixels);
                return;
            }
            var upright = rgba[..planes.Length];
            var (width, height) = Planes.Upright(planes, image.Width, image.Height, orientation, upright);
            resizer.Resize(upright, width, height, pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
