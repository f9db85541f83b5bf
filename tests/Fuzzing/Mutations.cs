using System.Buffers.Binary;

namespace GanPipeline.Fuzzing;

/// <summary>Changes of bytes that come from a seed alone: the same seed, the same input.</summary>
internal static class Mutations
{
    private const int Most = 6;

    private static readonly long[] _edges =
    [
        0, 1, -1, 2, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536,
        int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue,
    ];

    /// <summary>A seed's input: one of the valid files, changed in one to six places.</summary>
    /// <param name="file">The file to change.</param>
    /// <param name="other">Another file of the same format, of which parts may be taken.</param>
    /// <param name="tokens">Pieces that mean something in the format.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Of(byte[] file, byte[] other, IReadOnlyList<byte[]> tokens, Random random)
    {
        var bytes = file.ToList();
        for (var n = random.Next(1, Most + 1); n > 0; n--) Change(bytes, other, tokens, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, IReadOnlyList<byte[]> tokens, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, 1 << random.Next(0, 8));
        switch (random.Next(tokens.Count > 0 ? 10 : 9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                Overwrite(bytes, at, Edge(random));
                break;
            case 3:
                Overwrite(bytes, at, Varint(_edges[random.Next(_edges.Length)]));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.Skip(from).Take(1 << random.Next(0, 8)));
                break;
            case 7 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), 1 << random.Next(0, 6)));
                break;
            case 9:
                bytes.InsertRange(at, tokens[random.Next(tokens.Count)]);
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }

    private static byte[] Edge(Random random)
    {
        var bytes = new byte[8];
        var value = _edges[random.Next(_edges.Length)] + random.Next(-1, 2);
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        var size = 1 << random.Next(0, 4);
        return BitConverter.IsLittleEndian && random.Next(2) == 0 ? bytes[..size] : bytes[^size..];
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)value;
        for (; rest > 127; rest >>= 7) bytes.Add((byte)(rest | 128));
        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
