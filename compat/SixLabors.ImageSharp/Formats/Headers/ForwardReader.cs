using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Headers;

/// <summary>Reads a stream from where it stands, forwards only, of which the first bytes were looked at to know the format.</summary>
internal sealed class ForwardReader(Stream stream, byte[] prefix)
{
    private readonly byte[] scratch = new byte[4];
    private long position;

    public long Position => position;

    public byte Byte()
    {
        Fill(scratch.AsSpan(0, 1));
        return scratch[0];
    }

    public int UInt16(bool bigEndian)
    {
        var span = scratch.AsSpan(0, 2);
        Fill(span);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(span) : BinaryPrimitives.ReadUInt16LittleEndian(span);
    }

    public uint UInt32(bool bigEndian)
    {
        Fill(scratch);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(scratch) : BinaryPrimitives.ReadUInt32LittleEndian(scratch);
    }

    public int UInt24() => Byte() | Byte() << 8 | Byte() << 16;

    public void Skip(long count)
    {
        var buffered = Math.Clamp(prefix.Length - position, 0, count);
        position += buffered;
        count -= buffered;
        if (count == 0) return;
        if (stream.CanSeek)
        {
            if (stream.Position + count > stream.Length) throw new EndOfStreamException();
            stream.Position += count;
            position += count;
            return;
        }
        Span<byte> discarded = stackalloc byte[512];
        for (; count > 0; count -= Math.Min(count, discarded.Length)) Fill(discarded[..(int)Math.Min(count, discarded.Length)]);
    }

    public void Fill(Span<byte> destination)
    {
        var buffered = (int)Math.Clamp(prefix.Length - position, 0, destination.Length);
        prefix.AsSpan((int)Math.Min(position, prefix.Length), buffered).CopyTo(destination);
        stream.ReadExactly(destination[buffered..]);
        position += destination.Length;
    }
}
