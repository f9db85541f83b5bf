using System.Buffers.Binary;

namespace GanPipeline.Data;

/// <summary>
/// Whether a file's bytes can mean the pixels that its header claims. What a header claims costs nothing to write, so this is asked before
/// memory is spent on it.
/// </summary>
internal static class PictureBounds
{
    // The most bytes of one packed byte. Deflate: 258 of two bits. LZW: 4,093 of a code of 12 bits. PackBits: 128 of two bytes.
    private const long Deflate = 1032, Lzw = 2729, PackBits = 64;

    // Formats without such a bound, above so many pixels. Photographs have about 10 for a byte, scanned drawings about 200, a WebP of one
    // colour 1,700.
    private const long FewPixels = 1_000_000, MostPixelsPerByte = 1000, MostWebPPixelsPerByte = 10_000;

    // Every scan of a JPEG passes over all its pixels, and may have two bytes. Ordinary ones have up to 12 scans.
    private const long FewScans = 16, MostScannedPixels = 2_000_000_000;

    /// <summary>Null, or what is wrong.</summary>
    public static string? Problem(ReadOnlySpan<byte> file, int width, int height)
    {
        var fits = file switch
        {
            [0x89, ..] => FitsPng(file, width, height),
            [0xFF, ..] => FitsJpeg(file, width, height),
            [(byte)'B', ..] => FitsBmp(file, width, height),
            [(byte)'G', ..] => (long)width * height <= file.Length * Lzw,
            _ when PictureFormats.IsTiff(file) => FitsTiff(file, width, height),
            // Above 16 million pixels, memory is worth more than a picture of one colour.
            _ => Ordinary(file.Length, width, height, MostWebPPixelsPerByte) && ((long)width * height <= PictureDecoder.MostAtOnce
                || Ordinary(file.Length, width, height, MostPixelsPerByte)),
        };
        if (!fits) return $"its header says {width} x {height} pixels, which its {file.Length} bytes cannot hold";
        if (file is not [0xFF, ..]) return null;
        var scans = file.Count((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return scans > FewScans && (long)width * height * scans > MostScannedPixels
            ? $"it has {scans} scans of {width} x {height} pixels, which would take minutes" : null;
    }

    private static bool FitsPng(ReadOnlySpan<byte> file, int width, int height)
    {
        if (file.Length < 26) return true; // the decoder will say what is wrong
        var samples = file[25] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        long packed = 0;
        for (long at = 8; at + 8 <= file.Length;)
        {
            var chunk = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("IDAT"u8)) packed += Math.Min(length, chunk.Length - 8);
            at += 12 + length;
        }
        return Raw(width, height, samples * file[24]) <= packed * Deflate;
    }

    /// <summary>A block of 8 x 8 values takes at least a bit, two where a scan has all of it.</summary>
    private static bool FitsJpeg(ReadOnlySpan<byte> file, int width, int height)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var (marker, length) = (file[at + 1], BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is >= 0xC0 and <= 0xC2 && at + 10 <= file.Length)
                return Blocks(file[(at + 10)..], file[at + 9], width, height) * (marker == 0xC2 ? 1 : 2) <= file.Length * 8L;
            at += 2 + length;
        }
        return true;
    }

    /// <summary>The blocks of all components. Of each there are an id, its sampling in two times four bits, and a table.</summary>
    private static long Blocks(ReadOnlySpan<byte> components, int count, int width, int height)
    {
        count = Math.Min(count, components.Length / 3);
        var (across, down) = (1, 1);
        for (var i = 0; i < count; i++)
            (across, down) = (Math.Max(across, components[3 * i + 1] >> 4), Math.Max(down, components[3 * i + 1] & 15));
        long blocks = 0;
        for (var i = 0; i < count; i++)
        {
            var sampling = components[3 * i + 1];
            blocks += ((long)width * (sampling >> 4) / across + 7) / 8 * (((long)height * (sampling & 15) / down + 7) / 8);
        }
        return blocks;
    }

    private static bool FitsBmp(ReadOnlySpan<byte> file, int width, int height)
    {
        if (file.Length < 34) return true;
        var old = file[14] == 12;
        if (!old && file[30] is 1 or 2) return Ordinary(file.Length, width, height, MostPixelsPerByte); // runs
        return Raw(width, height, BinaryPrimitives.ReadUInt16LittleEndian(file[(old ? 24 : 28)..])) <= file.Length;
    }

    private static bool FitsTiff(ReadOnlySpan<byte> file, int width, int height)
    {
        var tiff = new TiffDirectory(file);
        var bits = (long)(tiff.First(TiffDirectory.BitsPerSample) ?? 1) * (tiff.First(TiffDirectory.SamplesPerPixel) ?? 1);
        var packed = Math.Min(tiff.Sum(TiffDirectory.StripByteCounts), file.Length);
        var raw = Raw(width, height, bits);
        return tiff.First(TiffDirectory.Compression) switch
        {
            null or 1 => raw <= packed,
            5 => raw <= packed * Lzw,
            8 or 32946 => raw <= packed * Deflate,
            32773 => raw <= packed * PackBits,
            _ => Ordinary(file.Length, width, height, MostPixelsPerByte),
        };
    }

    private static long Raw(int width, int height, long bits) => (width * Math.Min(bits, 256) + 7) / 8 * height;

    private static bool Ordinary(long bytes, int width, int height, long mostPerByte) =>
        (long)width * height <= Math.Max(FewPixels, bytes * mostPerByte);
}
