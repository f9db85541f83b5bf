using System.Text;

namespace SixLabors.ImageSharp.Formats.Headers;

/// <summary>Where each format keeps its width and height.</summary>
internal static class DimensionReaders
{
    public static (long Width, long Height) Png(ref SpanReader reader)
    {
        reader.Skip(8);
        var length = reader.UInt32(bigEndian: true);
        var type = reader.UInt32(bigEndian: true);
        if (length != 13 || type != 0x49484452) throw Invalid(ImageFormat.Png, "its first chunk is not IHDR");
        return (reader.UInt32(bigEndian: true), reader.UInt32(bigEndian: true));
    }

    public static (long Width, long Height) Jpeg(ref SpanReader reader)
    {
        reader.Skip(2);
        while (true)
        {
            if (reader.Byte() != 0xff) continue;
            byte marker;
            do marker = reader.Byte(); while (marker == 0xff);
            switch (marker)
            {
                case 0x00 or 0x01 or (>= 0xd0 and <= 0xd8):
                    continue;
                case 0xd9 or 0xda:
                    throw Invalid(ImageFormat.Jpeg, "its data begin before any frame header");
                case >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc):
                    reader.Skip(3);
                    var height = reader.UInt16(bigEndian: true);
                    return (reader.UInt16(bigEndian: true), height);
            }
            var length = reader.UInt16(bigEndian: true);
            if (length < 2) throw Invalid(ImageFormat.Jpeg, $"its segment 0x{marker:X2} is {length} bytes long");
            reader.Skip(length - 2);
        }
    }

    public static (long Width, long Height) Gif(ref SpanReader reader)
    {
        reader.Skip(6);
        return (reader.UInt16(bigEndian: false), reader.UInt16(bigEndian: false));
    }

    public static (long Width, long Height) Bmp(ref SpanReader reader)
    {
        reader.Skip(14);
        var headerSize = reader.UInt32(bigEndian: false);
        if (headerSize == 12) return (reader.UInt16(bigEndian: false), reader.UInt16(bigEndian: false));
        if (headerSize is < 16 or > 1024) throw Invalid(ImageFormat.Bmp, $"its information header is {headerSize} bytes long");
        long width = (int)reader.UInt32(bigEndian: false);
        long height = (int)reader.UInt32(bigEndian: false);
        return (width, Math.Abs(height)); // a negative height says that the top row comes first
    }

    public static (long Width, long Height) WebP(ref SpanReader reader)
    {
        reader.Skip(12);
        var type = Encoding.ASCII.GetString(reader.Take(4));
        reader.Skip(4);
        switch (type)
        {
            case "VP8 ":
                reader.Skip(3);
                if (reader.UInt24() != 0x2a019d) throw Invalid(ImageFormat.WebP, "its frame has no start code");
                return (reader.UInt16(bigEndian: false) & 0x3fff, reader.UInt16(bigEndian: false) & 0x3fff);
            case "VP8L":
                if (reader.Byte() != 0x2f) throw Invalid(ImageFormat.WebP, "its lossless data have no signature");
                var bits = reader.UInt32(bigEndian: false);
                return ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
            case "VP8X":
                reader.Skip(4);
                return (reader.UInt24() + 1, reader.UInt24() + 1);
            default:
                throw Invalid(ImageFormat.WebP, "its first chunk is none of VP8, VP8L and VP8X");
        }
    }

    public static (long Width, long Height) Tiff(ref SpanReader reader)
    {
        var bigEndian = reader.Byte() == (byte)'M';
        reader.Skip(3);
        var directory = reader.UInt32(bigEndian);
        if (directory < 8) throw Invalid(ImageFormat.Tiff, $"its directory is said to lie at {directory}");
        reader.Skip(directory - 8);
        long width = 0, height = 0;
        for (var entries = reader.UInt16(bigEndian); entries > 0; entries--)
        {
            var tag = reader.UInt16(bigEndian);
            var type = reader.UInt16(bigEndian);
            reader.Skip(4);
            long value = type == 3 ? reader.UInt16(bigEndian) : reader.UInt32(bigEndian);
            if (type == 3) reader.Skip(2);
            if (tag == 256) width = value;
            if (tag == 257) height = value;
        }
        return (width, height);
    }

    private static InvalidImageContentException Invalid(ImageFormat format, string what) => new($"The {format} picture is damaged: {what}.");
}
