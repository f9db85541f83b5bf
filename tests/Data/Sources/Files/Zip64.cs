using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Writes the smallest archive that has every long field of the format.</summary>
internal static class Zip64
{
    public static byte[] OfOneFile(string name, byte[] content)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var path = Encoding.UTF8.GetBytes(name);

        writer.Write(0x04034B50u);
        writer.Write([45, 0, 0, 8, 0, 0, 0, 0, 0, 0]); // version, flags, stored, time
        writer.Write(new byte[12]);
        writer.Write((ushort)path.Length);
        writer.Write((ushort)0);
        writer.Write(path);
        writer.Write(content);

        var directory = stream.Position;
        writer.Write(0x02014B50u);
        writer.Write([45, 0, 45, 0, 0, 8, 0, 0, 0, 0, 0, 0]);
        writer.Write(0u);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)path.Length);
        writer.Write((ushort)28);
        writer.Write(new byte[10]);
        writer.Write(uint.MaxValue);
        writer.Write(path);
        writer.Write((ushort)1);
        writer.Write((ushort)24);
        writer.Write((long)content.Length);
        writer.Write((long)content.Length);
        writer.Write(0L);

        var end = stream.Position;
        writer.Write(0x06064B50u);
        writer.Write(44L);
        writer.Write([45, 0, 45, 0]);
        writer.Write(0L);
        writer.Write(1L);
        writer.Write(1L);
        writer.Write(end - directory);
        writer.Write(directory);
        writer.Write(0x07064B50u);
        writer.Write(0u);
        writer.Write(end);
        writer.Write(1u);
        writer.Write(0x06054B50u);
        writer.Write(0u);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write(uint.MaxValue);
        writer.Write((ushort)0);
        return stream.ToArray();
    }
}
