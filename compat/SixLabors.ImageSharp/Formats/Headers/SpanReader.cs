using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Headers;

/// <summary>Reads numbers one after the other; the end of the data is an <see cref="EndOfStreamException"/>.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> data)
{
    private readonly int length = data.Length;
    private ReadOnlySpan<byte> rest = data;

    public readonly int Position => length - rest.Length;

    public byte Byte() => Take(1)[0];

    public int UInt16(bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int UInt24() => Byte() | Byte() << 8 | Byte() << 16;

    public uint UInt32(bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public void Skip(long count) => Take(count);

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count > rest.Length) throw new EndOfStreamException();
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
