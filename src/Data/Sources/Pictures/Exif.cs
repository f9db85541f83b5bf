using System.Buffers.Binary;

namespace GanPipeline.Data;

/// <summary>The one thing in a photograph's Exif data that changes its pixels.</summary>
internal static class Exif
{
    /// <summary>How the camera was held, 1 to 8; 1, upright, where nothing is said. The data is a TIFF file without a picture.</summary>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        const int OrientationTag = 0x0112, Short = 3;
        if (tiff.Length < 8) return 1;
        var big = tiff[0] == 'M';
        var directory = U32(tiff, 4, big);
        if (directory + 2 > tiff.Length) return 1;
        var entries = U16(tiff, (int)directory, big);
        for (var i = 0; i < entries; i++)
        {
            var at = (int)directory + 2 + 12 * i;
            if (at + 12 > tiff.Length) return 1;
            if (U16(tiff, at, big) != OrientationTag || U16(tiff, at + 2, big) != Short) continue;
            return U16(tiff, at + 8, big) is >= 1 and <= 8 and var orientation ? orientation : 1;
        }
        return 1;
    }

    private static ushort U16(ReadOnlySpan<byte> b, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(b[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(b[at..]);

    private static uint U32(ReadOnlySpan<byte> b, int at, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(b[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);
}
