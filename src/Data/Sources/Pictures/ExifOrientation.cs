using System.Buffers.Binary;

namespace GanPipeline.Data;

/// <summary>How a picture is to be turned, as its Exif data say: 1 to 8, where 1 is upright.</summary>
/// <remarks>
/// Not the decoders' answer: Skia gives none for PNG and none for Exif data with a prefix in WebP, and ImageSharp follows directories that
/// point to themselves. Damaged data, and no data, mean upright: the picture is still a picture.
/// </remarks>
internal static class ExifOrientation
{
    private const int PngSignature = 8, WebPHeader = 12;

    public static int Of(ReadOnlySpan<byte> file) => In(file switch
    {
        [0xFF, 0xD8, ..] => InJpeg(file),
        [0x89, ..] => InPng(file),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => InWebP(file),
        _ when PictureFormats.IsTiff(file) => file,
        _ => [],
    });

    private static int In(ReadOnlySpan<byte> exif)
    {
        // Some programs write JPEG's prefix in other formats too.
        if (exif.StartsWith("Exif\0\0"u8)) exif = exif[6..];
        if (!PictureFormats.IsTiff(exif)) return 1;
        return new TiffDirectory(exif).First(TiffDirectory.Orientation) is { } value and >= 1 and <= 8 ? (int)value : 1;
    }

    /// <summary>The content of the first APP1 segment that holds Exif data (Exif 2.32, 4.7.2).</summary>
    private static ReadOnlySpan<byte> InJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker == 0xDA) break; // pixels
            if (marker == 0xFF)
            {
                at++; // padding
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || length > file.Length - at - 2) break;
            var content = file.Slice(at + 4, length - 2);
            if (marker == 0xE1 && content.StartsWith("Exif\0\0"u8)) return content;
            at += 2 + length;
        }
        return [];
    }

    /// <summary>The content of the eXIf chunk (PNG, third edition, 11.3.4.5).</summary>
    private static ReadOnlySpan<byte> InPng(ReadOnlySpan<byte> file)
    {
        for (long at = PngSignature; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("eXIf"u8)) return length <= chunk.Length - 12 ? chunk.Slice(8, (int)length) : [];
            at += 12L + length;
        }
        return [];
    }

    /// <summary>The content of the EXIF chunk (WebP container specification).</summary>
    private static ReadOnlySpan<byte> InWebP(ReadOnlySpan<byte> file)
    {
        for (long at = WebPHeader; at + 8 <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8)) return length <= chunk.Length - 8 ? chunk.Slice(8, (int)length) : [];
            at += 8L + length + length % 2;
        }
        return [];
    }
}
