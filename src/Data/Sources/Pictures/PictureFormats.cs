using System.Buffers.Binary;

namespace GanPipeline.Data;

/// <summary>
/// What a file's bytes say about it before it is decoded: whether it is of a format that is read, and whether it is whole. Decoders
/// often return a picture for a file that was cut short, the missing part gray.
/// </summary>
internal static class PictureFormats
{
    private const byte Marker = 0xFF, StartOfScan = 0xDA, EndOfImage = 0xD9, App1 = 0xE1;

    /// <summary>Null when the file is of a format that is read (PNG, JPEG, BMP, GIF, WebP, TIFF) and has its end; else what is wrong.</summary>
    public static string? Problem(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, ..] => EndsJpeg(file) ? null : "the JPEG is cut short: it has no end marker",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => EndsPng(file) ? null : "the PNG is cut short: it has no end chunk",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length ? null : "the WebP is cut short: its header promises more bytes",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => EndsGif(file) ? null : "the GIF is cut short: its first picture does not end",
        [(byte)'B', (byte)'M', ..] => EndsBmp(file) ? null : "the BMP is cut short: its header promises more bytes",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => null,
        _ => "its format is not one that is read (PNG, JPEG, BMP, GIF, WebP, TIFF)",
    };

    /// <summary>How a JPEG's Exif says it was held, 1 to 8; 1, upright, where it says nothing.</summary>
    public static int Orientation(ReadOnlySpan<byte> file)
    {
        if (file is not [0xFF, 0xD8, ..]) return 1;
        for (var at = 2; TrySegment(file, ref at, out var marker, out var content) && marker != StartOfScan;)
        {
            if (marker == App1 && content.StartsWith("Exif\0\0"u8)) return Exif.Orientation(content[6..]);
        }
        return 1;
    }

    /// <summary>Steps through the segments, and over the coded data of each scan, up to the end marker.</summary>
    private static bool EndsJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; TrySegment(file, ref at, out var marker, out _);)
        {
            if (marker == EndOfImage) return true;
            if (marker != StartOfScan) continue;
            while (true)
            {
                // In coded data, FF is followed by 00 (a plain FF) or D0 to D7 (a restart); anything else begins a segment.
                var next = file[at..].IndexOf(Marker);
                if (next < 0 || at + next + 1 >= file.Length) return false;
                at += next;
                if (file[at + 1] is not (0 or (>= 0xD0 and <= 0xD7) or Marker)) break;
                at += file[at + 1] == Marker ? 1 : 2;
            }
        }
        return false;
    }

    private static bool TrySegment(ReadOnlySpan<byte> file, ref int at, out byte marker, out ReadOnlySpan<byte> content)
    {
        marker = 0;
        content = default;
        while (at < file.Length && file[at] != Marker) at++; // stray bytes between segments, which decoders forgive
        while (at < file.Length && file[at] == Marker) at++;
        if (at >= file.Length) return false;
        marker = file[at++];
        if (marker is EndOfImage or 0x01 or (>= 0xD0 and <= 0xD8)) return true;
        if (at + 2 > file.Length) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        if (length < 2 || at + length > file.Length) return false;
        content = file.Slice(at + 2, length - 2);
        at += length;
        return true;
    }

    private static bool EndsPng(ReadOnlySpan<byte> file)
    {
        for (var at = 8L; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8)) return true;
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return false;
    }

    /// <summary>Whether the first picture's blocks, the only ones that are used, are there to their end.</summary>
    private static bool EndsGif(ReadOnlySpan<byte> file)
    {
        const byte Extension = 0x21, Picture = 0x2C;
        if (file.Length < 13) return false;
        var at = 13 + TableSize(file[10]);
        while (at + 1 < file.Length && file[at] is Extension or Picture)
        {
            var isPicture = file[at] == Picture;
            if (isPicture && at + 11 > file.Length) return false;
            at += isPicture ? 11 + TableSize(file[at + 9]) : 2;
            while (at < file.Length && file[at] != 0) at += 1 + file[at];
            if (at++ >= file.Length) return false;
            if (isPicture) return true;
        }
        return false;
    }

    private static int TableSize(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Whether the rows are all there; packed rows (RLE) tell their end only to a decoder.</summary>
    private static bool EndsBmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 34) return false;
        var start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) < 40) return start < file.Length; // of OS/2, with another header
        long width = BinaryPrimitives.ReadInt32LittleEndian(file[18..]), height = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[30..]) is 1 or 2) return start < file.Length;
        return start + (Math.Abs(width) * bits + 31) / 32 * 4 * Math.Abs(height) <= file.Length;
    }
}
