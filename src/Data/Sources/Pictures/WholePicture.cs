using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Advanced;
using SkiaSharp;

namespace GanPipeline.Data;

/// <summary>A decoded picture of its own size, upright, as bytes [C, H, W].</summary>
internal sealed record WholePicture(byte[] Pixels, int Width, int Height)
{
    /// <summary>Decodes a file; or says why it cannot.</summary>
    public static unsafe (WholePicture? Picture, string? Problem) Decode(ReadOnlySpan<byte> file, int channels, long maxPixels)
    {
        if (PictureFormats.Problem(file) is { } problem) return (null, problem);
        if (PictureFormats.IsTiff(file)) return DecodeTiff(file, channels, maxPixels);
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out var result);
            if (codec is null) return (null, PictureDecoder.Reason(result));
            if (PictureDecoder.Problem(codec, file, maxPixels) is { } unusable) return (null, unusable);
            var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888,
                codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            using var rgba = new PooledBytes(info.BytesSize);
            fixed (byte* pixels = rgba.Span) result = codec.GetPixels(info, (nint)pixels);
            return result == SKCodecResult.Success
                ? (Upright(rgba.Span, info.Width, info.Height, channels, ExifOrientation.Of(file)), null)
                : (null, PictureDecoder.Reason(result));
        }
    }

    private static (WholePicture? Picture, string? Problem) DecodeTiff(ReadOnlySpan<byte> file, int channels, long maxPixels)
    {
        if (TiffPicture.Size(file) is not var (width, height)) return (null, "it does not decode: its header is damaged");
        if (PictureDecoder.TooLarge(width, height, file, maxPixels) is { } tooLarge) return (null, tooLarge);
        var (image, problem) = TiffPicture.Decode(file);
        if (image is null) return (null, problem);
        using (image)
        using (var rgba = new PooledBytes(checked(4 * image.Width * image.Height)))
        {
            for (var y = 0; y < image.Height; y++)
                MemoryMarshal.AsBytes(image.DangerousGetPixelRowMemory(y).Span).CopyTo(rgba.Span[(4 * y * image.Width)..]);
            return (Upright(rgba.Span, image.Width, image.Height, channels, ExifOrientation.Of(file)), null);
        }
    }

    private static WholePicture Upright(ReadOnlySpan<byte> rgba, int width, int height, int channels, int orientation)
    {
        var planes = new byte[checked(channels * width * height)];
        Planes.FromRgba(rgba, planes, width * height);
        if (orientation == 1) return new WholePicture(planes, width, height);
        var upright = new byte[planes.Length];
        (width, height) = Planes.Upright(planes, width, height, orientation, upright);
        return new WholePicture(upright, width, height);
    }
}
