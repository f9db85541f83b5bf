using System.Buffers.Binary;

namespace GanPipeline.Data;

/// <summary>
/// The first directory of a TIFF file, or of Exif data, which have the same form (TIFF 6.0, section 2). Only this one is looked at, and
/// never more than the bytes hold: directories may point to themselves and claim any length.
/// </summary>
internal readonly ref struct TiffDirectory
{
    public const ushort Width = 256, Height = 257, BitsPerSample = 258, Compression = 259, Orientation = 274, SamplesPerPixel = 277,
        StripOffsets = 273, RowsPerStrip = 278, StripByteCounts = 279;

    private const int EntrySize = 12;
    private const ushort Byte = 1, Short = 3, Long = 4;

    private readonly ReadOnlySpan<byte> _file;
    private readonly bool _bigEndian;
    private readonly int _start, _count;

    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        _file = file;
        _bigEndian = file is [(byte)'M', ..];
        if (file.Length < 8 || U32(4) is var start && (start < 8 || start > file.Length - 2)) return;
        _start = (int)start + 2;
        _count = Math.Min(U16((int)start), (file.Length - _start) / EntrySize);
    }

    /// <summary>Where the place of the next directory stands; beyond the file's end where there is none.</summary>
    public int NextAt => _start + _count * EntrySize;

    /// <summary>Where a tag's own value stands, 4 bytes or 2; -1 where the tag is absent or has more than one.</summary>
    public int ValueAt(ushort tag) => EntryOf(tag) is >= 0 and var at && U32(at + 4) == 1 ? at + 8 : -1;

    /// <summary>A tag's first number; null where it is absent, or not within the file.</summary>
    public uint? First(ushort tag) => EntryOf(tag) is >= 0 and var at && Values(at) is { Count: > 0 } values ? Value(values, 0) : null;

    /// <summary>The sum of a tag's numbers, as far as they are within the file.</summary>
    public long Sum(ushort tag)
    {
        if (EntryOf(tag) is not (>= 0 and var at)) return 0;
        var (values, sum) = (Values(at), 0L);
        for (var i = 0; i < values.Count; i++) sum += Value(values, i);
        return sum;
    }

    /// <summary>Whether at each of the places that a tag names there are these bytes.</summary>
    public bool AllBegin(ushort places, ReadOnlySpan<byte> with)
    {
        if (EntryOf(places) is not (>= 0 and var at)) return false;
        var values = Values(at);
        for (var i = 0; i < values.Count; i++)
            if (Value(values, i) is var place && (place >= _file.Length || !_file[(int)place..].StartsWith(with))) return false;
        return true;
    }

    private int EntryOf(ushort tag)
    {
        for (var i = 0; i < _count; i++)
            if (U16(_start + i * EntrySize) == tag) return _start + i * EntrySize;
        return -1;
    }

    private (int At, int Count, int Size) Values(int entry)
    {
        var size = U16(entry + 2) switch { Byte => 1, Short => 2, Long => 4, _ => 0 };
        if (size == 0) return default;
        var count = U32(entry + 4);
        var at = (long)count * size <= 4 ? (uint)(entry + 8) : U32(entry + 8);
        return at < _file.Length ? ((int)at, (int)Math.Min(count, (_file.Length - at) / size), size) : default;
    }

    private uint Value((int At, int Count, int Size) values, int index)
    {
        var at = values.At + index * values.Size;
        return values.Size switch { 1 => _file[at], 2 => U16(at), _ => U32(at) };
    }

    private ushort U16(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_file[at..]);

    private uint U32(int at) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_file[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);
}
