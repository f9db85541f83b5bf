using System.Buffers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SkiaSharp;

namespace GanPipeline.Data;

/// <summary>Decodes a file into a picture of the data set's shape, or says why it cannot.</summary>
/// <remarks>
/// Skia decodes, because it reads only the first frame of an animation, reports a file that is cut short, and ends on every input that was
/// tried. TIFF, which Skia does not read, goes to ImageSharp.
/// </remarks>
internal sealed class PictureDecoder(ImageShape shape, Resizer resizer, long maxPixels)
{
    // Only PNG, BMP and TIFF can say more than this for a side, and a picture that does is not one to train on.
    private const int LongestSide = 65_535;

    // Up to here a picture's memory matters little. Above, a file that has less than a byte for this many pixels is a decompression bomb:
    // photographs have one for about 10, scanned drawings one for about 200.
    private const long FewPixels = 16_000_000, MostPixelsPerByte = 1000;

    private static readonly TiffDecoder _firstPage = new() { DecodingMode = FrameDecodingMode.First };

    // A TIFF that keeps its decoder busy for longer than this is left out.
    private static readonly TimeSpan _tiffDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Null when <paramref name="pixels"/> is written; else the reason why the file is left out.</summary>
    public unsafe string? Decode(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        if (PictureFormats.Problem(file) is { } problem) return problem;
        fixed (byte* start = file)
        {
            if (PictureFormats.IsTiff(file)) return DecodeTiff(start, file.Length, pixels);
            using var data = SKData.Create((nint)start, file.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out var result);
            if (codec is null) return Reason(result);
            if (TooLarge(codec.Info.Width, codec.Info.Height, file.Length) is { } tooLarge) return tooLarge;
            var orientation = codec.EncodedFormat == SKEncodedImageFormat.Png ? PictureFormats.PngOrientation(file)
                : (int)codec.EncodedOrigin;
            return DecodeWithSkia(codec, orientation, pixels);
        }
    }

    private unsafe string? DecodeWithSkia(SKCodec codec, int orientation, Span<byte> pixels)
    {
        var size = DecodedSize(codec);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888,
            codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var rgba = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            fixed (byte* start = rgba)
            {
                var result = codec.GetPixels(info, (nint)start);
                if (result != SKCodecResult.Success) return Reason(result);
            }
            Convert(rgba.AsSpan(0, info.BytesSize), size.Width, size.Height, orientation, pixels);
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    // A JPEG is decoded at a half, a quarter or an eighth where that leaves at least one and a half times the side that is asked for.
    // Averaged blocks and a triangle filter differ from a triangle filter alone by 1 % of white in a collage of tiny pictures, by a fifth
    // of that in soft ones.
    private SKSizeI DecodedSize(SKCodec codec)
    {
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && !resizer.Crops)
        {
            foreach (var scale in (ReadOnlySpan<float>)[1 / 8f, 1 / 4f, 1 / 2f])
            {
                var size = codec.GetScaledDimensions(scale);
                if (Math.Min(size.Width, size.Height) >= 3 * shape.Width / 2) return size;
            }
        }
        return codec.Info.Size;
    }

    private unsafe string? DecodeTiff(byte* start, int length, Span<byte> pixels)
    {
        try
        {
            using var stream = new UnmanagedMemoryStream(start, length);
            // The header alone first: a small file can promise more pixels than there is memory.
            var info = Image.Identify(stream);
            if (info is null) return "it does not decode: its header is damaged";
            if (TooLarge(info.Width, info.Height, length) is { } tooLarge) return tooLarge;
            stream.Position = 0;
            using var deadline = new CancellationTokenSource(_tiffDeadline);
            using var image = Image.LoadAsync<Rgba32>(stream, _firstPage, deadline.Token).GetAwaiter().GetResult();
            // A TIFF's tags are those of its pages.
            var orientation = image.Frames.RootFrame.Metadata.ExifProfile is { } exif ? PictureFormats.Orientation(exif) : 1;
            var rgba = new byte[4 * image.Width * image.Height];
            image.CopyPixelDataTo(rgba);
            Convert(rgba, image.Width, image.Height, orientation, pixels);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"its decoder did not end within {_tiffDeadline.TotalSeconds:0} seconds";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever the decoder throws, the file is what is wrong.
            return $"it does not decode: {e.Message}";
        }
    }

    // Before memory is spent on it: what a header claims costs nothing to write.
    private string? TooLarge(int width, int height, long bytes)
    {
        var count = (long)width * height;
        if (count > maxPixels) return $"it has {width} x {height} pixels, more than the {maxPixels} allowed";
        if (Math.Max(width, height) > LongestSide) return $"it has {width} x {height} pixels; a side may have {LongestSide}";
        return count > FewPixels && count > bytes * MostPixelsPerByte
            ? $"its header says {width} x {height} pixels, which its {bytes} bytes cannot hold"
            : null;
    }

    private static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it is cut short",
        SKCodecResult.ErrorInInput => "it does not decode: its data are damaged",
        SKCodecResult.Unimplemented => "its format is not one that is read",
        _ => $"it does not decode: {result}",
    };

    private void Convert(Span<byte> rgba, int width, int height, int orientation, Span<byte> pixels)
    {
        var area = width * height;
        var buffer = ArrayPool<byte>.Shared.Rent(area * shape.Channels);
        try
        {
            var planes = buffer.AsSpan(0, area * shape.Channels);
            Planes.FromRgba(rgba, planes, area);
            if (orientation == 1)
            {
                resizer.Resize(planes, width, height, pixels);
                return;
            }
            var upright = rgba[..planes.Length];
            var (newWidth, newHeight) = Planes.Upright(planes, width, height, orientation, upright);
            resizer.Resize(upright, newWidth, newHeight, pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
