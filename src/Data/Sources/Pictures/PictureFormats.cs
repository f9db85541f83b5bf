using System.Buffers.Binary;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;

namespace GanPipeline.Data;

/// <summary>What the bytes of a file tell that its decoder does not.</summary>
internal static class PictureFormats
{
    private const int PngSignatureLength = 8;

    /// <summary>Null when the file is of a format that is read (PNG, JPEG, BMP, GIF, WebP, TIFF); else what is wrong.</summary>
    public static string? Problem(ReadOnlySpan<byte> file) => file switch
    {
        // For a JPEG whose end is missing, the decoder fills the rest with gray and reports success.
        [0xFF, 0xD8, 0xFF, ..] => EndsJpeg(file) ? null : "the JPEG is cut short: it has no end marker",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => null,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => null,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => null,
        [(byte)'B', (byte)'M', ..] => null,
        _ when IsTiff(file) => null,
        _ => "its format is not one that is read (PNG, JPEG, BMP, GIF, WebP, TIFF)",
    };

    public static bool IsTiff(ReadOnlySpan<byte> file) =>
        file is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..];

    /// <summary>The Exif orientation in a PNG's eXIf chunk (PNG, third edition, 11.3.4.5), 1 to 8; 1, upright, if there is none.</summary>
    public static int PngOrientation(ReadOnlySpan<byte> file)
    {
        for (long at = PngSignatureLength; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("eXIf"u8) && length <= chunk.Length - 12)
                return Orientation(new ExifProfile(chunk.Slice(8, (int)length).ToArray()));
            at += 12L + length;
        }
        return 1;
    }

    /// <summary>The orientation in Exif data, 1 to 8; 1, upright, if there is none or the data are damaged.</summary>
    public static int Orientation(ExifProfile exif)
    {
        try
        {
            return exif.GetValue(ExifTag.Orientation)?.Value is { } value and >= 1 and <= 8 ? value : 1;
        }
        // The reader throws various exceptions on damaged data. The picture is still a picture.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return 1;
        }
    }

    // Coded data never contain FF D9, and thumbnails lie before the first scan: in a whole file the last end marker follows the last scan.
    private static bool EndsJpeg(ReadOnlySpan<byte> file) =>
        file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
}
