using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Advanced;
using SkiaSharp;

namespace GanPipeline.Data;

/// <summary>Decodes a file into a picture of the data set's shape, or says why it cannot.</summary>
/// <remarks>
/// Skia decodes, because it reads only the first frame of an animation, reports a file that is cut short, and ends on every input that was
/// tried. TIFF, which Skia does not read, goes to ImageSharp.
/// </remarks>
/// <param name="shape">The data set's shape.</param>
/// <param name="resizer">Makes the squares.</param>
/// <param name="maxPixels">The most pixels of a file.</param>
/// <param name="pair">Of files of two pictures beside each other, what they are.</param>
internal sealed class PictureDecoder(ImageShape shape, Resizer resizer, long maxPixels, PairForm? pair = null)
{
    /// <summary>A picture with more pixels is read in pieces of so many where its format allows, and never two at a time.</summary>
    public const int MostAtOnce = 16_000_000;

    // Only PNG, BMP and TIFF can say more than this for a side, and a picture that does is not one to train on.
    private const int LongestSide = 65_535;

    private static readonly Lock _oneLarge = new();

    /// <summary>What a file's header says; null where it cannot be read.</summary>
    public static unsafe PictureFile? Header(string name, ReadOnlySpan<byte> file)
    {
        if (PictureFormats.Problem(file) is not null) return null;
        if (PictureFormats.IsTiff(file))
            return TiffPicture.Size(file) is var (width, height)
                ? new(name, width, height, (new TiffDirectory(file).First(TiffDirectory.SamplesPerPixel) ?? 1) < 3) : null;
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out _);
            return codec is null ? null : new(name, codec.Info.Width, codec.Info.Height, codec.Info.ColorType == SKColorType.Gray8);
        }
    }

    /// <summary>The width and height that a file's header says, turned upright; null where it cannot be read.</summary>
    public static (int Width, int Height)? Size(ReadOnlySpan<byte> file) =>
        Header("", file) is { } header ? Seen(header.Width, header.Height, ExifOrientation.Of(file)) : null;

    /// <summary>Null when <paramref name="pixels"/> is written; else the reason why the file is left out.</summary>
    public string? Decode(ReadOnlySpan<byte> file, Span<byte> pixels) => Decode(file, pixels, out _);

    /// <summary>Null when <paramref name="pixels"/> is written; else the reason why the file is left out.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="pixels">Receives the picture.</param>
    /// <param name="seen">The width and height of the file's picture, turned upright.</param>
    public unsafe string? Decode(ReadOnlySpan<byte> file, Span<byte> pixels, out (int Width, int Height) seen)
    {
        seen = default;
        if (PictureFormats.Problem(file) is { } problem) return problem;
        if (PictureFormats.IsTiff(file)) return DecodeTiff(file, pixels, out seen);
        fixed (byte* start = file)
        {
            using var data = SKData.Create((nint)start, file.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out var result);
            if (codec is null) return Reason(result);
            if (Problem(codec, file, maxPixels) is { } unusable) return unusable;
            var orientation = ExifOrientation.Of(file);
            seen = Seen(codec.Info.Width, codec.Info.Height, orientation);
            if (NoPair(seen) is { } noPair) return noPair;
            var size = DecodedSize(codec, orientation);
            var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888,
                codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            if (Area(size) <= MostAtOnce) return DecodeWhole(codec, info, orientation, pixels);
            lock (_oneLarge)
            {
                return codec.EncodedFormat switch
                {
                    SKEncodedImageFormat.Png => DecodeParts(codec, info, orientation, pixels),
                    SKEncodedImageFormat.Jpeg => DecodeLines(codec, info, orientation, pixels),
                    // It has no orientation of its own, and most are stored upside down.
                    SKEncodedImageFormat.Bmp => DecodeLines(codec, info,
                        codec.ScanlineOrder == SKCodecScanlineOrder.BottomUp ? 4 : 1, pixels),
                    _ => DecodeWhole(codec, info, orientation, pixels),
                };
            }
        }
    }

    // A JPEG is decoded at a half, a quarter or an eighth where that leaves at least one and a half times the side that is asked for.
    // Averaged blocks and a triangle filter differ from a triangle filter alone by 1 % of white in a collage of tiny pictures, by a fifth
    // of that in soft ones. A WebP, whose decoder scales to any size, is decoded smaller only where it would be too large.
    // Two pictures beside each other stay apart: where they meet is a border of a block.
    private SKSizeI DecodedSize(SKCodec codec, int orientation)
    {
        if (resizer.Crops) return codec.Info.Size;
        ReadOnlySpan<float> scales = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Jpeg => [1 / 8f, 1 / 4f, 1 / 2f],
            SKEncodedImageFormat.Webp when pair is null && Area(codec.Info.Size) > MostAtOnce && codec.FrameCount <= 1
                => [MathF.Sqrt(0.99f * MostAtOnce / Area(codec.Info.Size))],
            _ => [],
        };
        foreach (var scale in scales)
        {
            var size = codec.GetScaledDimensions(scale);
            var (width, height) = Seen(size.Width, size.Height, orientation);
            if (pair is not null)
            {
                if (Seen(codec.Info.Width, codec.Info.Height, orientation).Width % (int)(2 / scale) != 0) continue;
                width /= 2;
            }
            if (Math.Min(width, height) >= 3 * shape.Width / 2) return size;
        }
        return codec.Info.Size;
    }

    private unsafe string? DecodeWhole(SKCodec codec, SKImageInfo info, int orientation, Span<byte> pixels)
    {
        using var rgba = new PooledBytes(info.BytesSize);
        fixed (byte* start = rgba.Span)
        {
            var result = codec.GetPixels(info, (nint)start);
            if (result != SKCodecResult.Success) return Reason(result);
        }
        using var picture = new DecodedRows(shape, pair, resizer, info.Width, info.Height, orientation);
        picture.Add(rgba.Span);
        picture.Finish(pixels);
        return null;
    }

    /// <summary>Decodes some rows at a time, each time from the start, because a PNG cannot be entered in its middle.</summary>
    private unsafe string? DecodeParts(SKCodec codec, SKImageInfo info, int orientation, Span<byte> pixels)
    {
        var most = MostAtOnce / info.Width;
        using var rgba = new PooledBytes(most * info.RowBytes);
        using var picture = new DecodedRows(shape, pair, resizer, info.Width, info.Height, orientation);
        for (var top = 0; top < info.Height; top += most)
        {
            var count = Math.Min(most, info.Height - top);
            fixed (byte* start = rgba.Span)
            {
                var part = new SKCodecOptions(new SKRectI(0, top, info.Width, top + count));
                var result = codec.StartIncrementalDecode(info, (nint)start, info.RowBytes, part);
                if (result == SKCodecResult.Success) result = codec.IncrementalDecode();
                if (result != SKCodecResult.Success) return Reason(result);
            }
            picture.Add(rgba.Span[..(count * info.RowBytes)]);
        }
        picture.Finish(pixels);
        return null;
    }

    private unsafe string? DecodeLines(SKCodec codec, SKImageInfo info, int orientation, Span<byte> pixels)
    {
        var most = Math.Max(1, MostAtOnce / 16 / info.Width);
        using var rgba = new PooledBytes(most * info.RowBytes);
        using var picture = new DecodedRows(shape, pair, resizer, info.Width, info.Height, orientation);
        var result = codec.StartScanlineDecode(info);
        if (result != SKCodecResult.Success) return Reason(result);
        for (var top = 0; top < info.Height; top += most)
        {
            var count = Math.Min(most, info.Height - top);
            fixed (byte* start = rgba.Span)
                if (codec.GetScanlines((nint)start, count, info.RowBytes) < count) return Reason(SKCodecResult.IncompleteInput);
            picture.Add(rgba.Span[..(count * info.RowBytes)]);
        }
        picture.Finish(pixels);
        return null;
    }

    private string? DecodeTiff(ReadOnlySpan<byte> file, Span<byte> pixels, out (int Width, int Height) seen)
    {
        seen = default;
        if (TiffPicture.Size(file) is not var (width, height)) return "it does not decode: its header is damaged";
        if (TooLarge(width, height, file, maxPixels) is { } tooLarge) return tooLarge;
        var orientation = ExifOrientation.Of(file);
        seen = Seen(width, height, orientation);
        if (NoPair(seen) is { } noPair) return noPair;
        if ((long)width * height <= MostAtOnce) return DecodeTiff(file, orientation, pixels);
        lock (_oneLarge) return DecodeTiff(file, orientation, pixels);
    }

    private string? DecodeTiff(ReadOnlySpan<byte> file, int orientation, Span<byte> pixels)
    {
        var (image, problem) = TiffPicture.Decode(file);
        if (image is null) return problem;
        using (image)
        using (var picture = new DecodedRows(shape, pair, resizer, image.Width, image.Height, orientation))
        {
            for (var y = 0; y < image.Height; y++) picture.Add(MemoryMarshal.AsBytes(image.DangerousGetPixelRowMemory(y).Span));
            picture.Finish(pixels);
            return null;
        }
    }

    /// <summary>What is wrong with a file by its header; null where nothing is.</summary>
    public static string? Problem(SKCodec codec, ReadOnlySpan<byte> file, long maxPixels) =>
        TooLarge(codec.Info.Width, codec.Info.Height, file, maxPixels)
        ?? (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && !PictureFormats.EndsJpeg(file)
            ? "the JPEG is cut short: it has no end marker" : null);

    /// <summary>What is wrong with a file of such sides; null where nothing is.</summary>
    public static string? TooLarge(int width, int height, ReadOnlySpan<byte> file, long maxPixels)
    {
        if ((long)width * height > maxPixels) return $"it has {width} x {height} pixels, more than the {maxPixels} allowed";
        if (Math.Max(width, height) > LongestSide) return $"it has {width} x {height} pixels; a side may have {LongestSide}";
        return PictureBounds.Problem(file, width, height);
    }

    private string? NoPair((int Width, int Height) seen) => pair is null || seen.Width % 2 == 0 ? null
        : $"its {seen.Width} x {seen.Height} pixels are not two pictures of one width beside each other";

    private static (int Width, int Height) Seen(int width, int height, int orientation) =>
        orientation >= 5 ? (height, width) : (width, height);

    private static long Area(SKSizeI size) => (long)size.Width * size.Height;

    /// <summary>Why a file does not decode.</summary>
    public static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it is cut short",
        SKCodecResult.ErrorInInput => "it does not decode: its data are damaged",
        SKCodecResult.Unimplemented => Reasons.NoPicture,
        _ => $"it does not decode: {result}",
    };
}
