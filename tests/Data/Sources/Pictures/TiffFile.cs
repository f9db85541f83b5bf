namespace GanPipeline.Data.Tests;

/// <summary>Writes TIFF files of one strip, with values of the test's choice.</summary>
internal static class TiffFile
{
    public static byte[] Bytes(int width, int height, byte[] strip, uint compression = 1, uint? rowsPerStrip = null,
        uint? stripLength = null, bool nextIsThis = false, uint samples = 1, uint stripAt = 8)
    {
        (ushort Tag, ushort Type, uint Value)[] entries =
        [
            (256, 4, (uint)width), (257, 4, (uint)height), (258, 3, 8), (259, 3, compression), (262, 3, 1), (273, 4, stripAt),
            (277, 3, samples), (278, 4, rowsPerStrip ?? (uint)height), (279, 4, stripLength ?? (uint)strip.Length),
        ];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write([(byte)'I', (byte)'I', 42, 0]);
        writer.Write((uint)(8 + strip.Length));
        writer.Write(strip);
        writer.Write((ushort)entries.Length);
        foreach (var (tag, type, number) in entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(1u);
            writer.Write(number);
        }
        writer.Write(nextIsThis ? (uint)(8 + strip.Length) : 0);
        return stream.ToArray();
    }
}
