namespace GanPipeline.ML.Internals;

/// <summary>Copies a message of the protocol buffers' wire format, some of its fields replaced.</summary>
internal static class ProtoMessage
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    /// <summary>What a replacement returns to leave the field out.</summary>
    public static readonly byte[] Drop = [];

    /// <summary>The new content of a field of bytes, text or a message; null to keep it as it is.</summary>
    public delegate byte[]? Replacement(int field, ReadOnlySpan<byte> content);

    /// <exception cref="FormatException">The bytes are no message.</exception>
    public static byte[] Rewrite(ReadOnlySpan<byte> message, Replacement replace)
    {
        using var result = new MemoryStream(message.Length + 64);
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            ulong tag = ReadVarint(message, ref at);
            int length = (int)(tag & 7) switch
            {
                Varint => VarintLength(message, at),
                Fixed64 => 8,
                Fixed32 => 4,
                Delimited => checked((int)ReadVarint(message, ref at)),
                int other => throw new FormatException($"Wire type {other} at byte {start} is none that ONNX files have."),
            };
            if (length > message.Length - at) throw new FormatException($"The field at byte {start} is longer than the message.");
            byte[]? content = (tag & 7) == Delimited ? replace((int)(tag >> 3), message.Slice(at, length)) : null;
            at += length;
            if (content is null) result.Write(message[start..at]);
            else if (!ReferenceEquals(content, Drop)) result.Write(Field((int)(tag >> 3), content));
        }
        return result.ToArray();
    }

    /// <summary>A field of bytes, text or a message.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        var field = new List<byte>(content.Length + 12);
        WriteVarint(field, ((ulong)number << 3) | Delimited);
        WriteVarint(field, (ulong)content.Length);
        field.AddRange(content);
        return [.. field];
    }

    private static int VarintLength(ReadOnlySpan<byte> message, int at)
    {
        int end = at;
        ReadVarint(message, ref end);
        return end - at;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= message.Length) break;
            byte b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw new FormatException($"The message ends in the middle of a number at byte {at}.");
    }

    private static void WriteVarint(List<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7) target.Add((byte)(value | 0x80));
        target.Add((byte)value);
    }
}
