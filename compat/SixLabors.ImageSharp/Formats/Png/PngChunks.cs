using System.Buffers.Binary;
using System.Text;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>A PNG's chunks (ISO/IEC 15948, 5.3): reading with the check of what matters, and writing.</summary>
internal static class PngChunks
{
    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Takes the chunk at the head of <paramref name="data"/> and moves behind it.</summary>
    public static string Take(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> content)
    {
        if (data.Length < 12) throw new InvalidImageContentException("The PNG picture is truncated: it ends without an IEND chunk.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(data);
        var type = Encoding.Latin1.GetString(data.Slice(4, 4));
        if (length > data.Length - 12)
            throw new InvalidImageContentException($"The PNG picture is truncated: its {type} chunk of {length} bytes has {data.Length - 12}.");
        content = data.Slice(8, (int)length);
        // Chunks with a small first letter are not needed to show the picture, so damage there is no reason to refuse it.
        if (char.IsAsciiLetterUpper(type[0]) && Crc(data.Slice(4, (int)length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(data[((int)length + 8)..]))
            throw new InvalidImageContentException($"The PNG picture is damaged: the checksum of its {type} chunk is wrong.");
        data = data[((int)length + 12)..];
        return type;
    }

    public static void Write(Stream stream, string type, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, content.Length);
        Encoding.ASCII.GetBytes(type, head[4..]);
        stream.Write(head);
        stream.Write(content);
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(tail, ~Update(Update(uint.MaxValue, head[4..]), content));
        stream.Write(tail);
    }

    private static uint Crc(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data) crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xedb88320 ^ c >> 1 : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
