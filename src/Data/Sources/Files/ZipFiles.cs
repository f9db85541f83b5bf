using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>
/// The files of a zip archive (PKWARE APPNOTE 6.3.10), stored or deflated, also beyond 4 GiB. Not
/// <see cref="ZipArchive"/>, of which each reading thread would need one with a directory of its own.
/// </summary>
internal sealed class ZipFiles : FileSet
{
    private const int EndSize = 22, LongestComment = 0xFFFF, LocatorSize = 20, End64Size = 56, HeaderSize = 46, LocalHeaderSize = 30;
    private const uint EndMark = 0x06054B50, LocatorMark = 0x07064B50, End64Mark = 0x06064B50, HeaderMark = 0x02014B50,
        LocalMark = 0x04034B50;
    private const ushort Encrypted = 1, Stored = 0, Deflated = 8, Zip64Extra = 1;

    private readonly SafeFileHandle _file;
    private readonly List<(long Header, long PackedLength, ushort Method, ushort Flags)> _places = [];

    public ZipFiles(string path) => _file = File.OpenHandle(path, options: FileOptions.RandomAccess);

    public override void Dispose() => _file.Dispose();

    public override PooledBytes Read(in FileEntry entry)
    {
        var (header, packedLength, method, flags) = _places[(int)entry.Position];
        if ((flags & Encrypted) != 0) throw new InvalidDataException("it is encrypted");
        if (method is not (Stored or Deflated))
            throw new InvalidDataException($"it is packed by method {method}; only 0 (stored) and 8 (deflated) are read");

        Span<byte> local = stackalloc byte[LocalHeaderSize];
        RandomAccessReading.ReadExactly(_file, header, local);
        if (U32(local, 0) != LocalMark) throw new InvalidDataException("its place in the archive holds something else");
        var packed = RandomAccessReading.Read(_file, header + LocalHeaderSize + U16(local, 26) + U16(local, 28), packedLength);
        if (method == Stored) return packed;

        using (packed)
        {
            if (entry.Length > MostBytes)
                throw new InvalidDataException($"it has {entry.Length} bytes, more than the {MostBytes} that are read");
            var content = new PooledBytes((int)entry.Length);
            using var inflating = new DeflateStream(packed.AsStream(), CompressionMode.Decompress);
            try
            {
                inflating.ReadExactly(content.Span);
                return content;
            }
            catch
            {
                content.Dispose();
                throw;
            }
        }
    }

    protected override IEnumerable<FileEntry> List()
    {
        var (offset, length) = FindDirectory();
        if (offset < 0 || length < 0 || length > int.MaxValue || offset + length > RandomAccess.GetLength(_file))
            throw new InvalidDataException("its directory lies outside of the file; it may be cut short.");
        var directory = new byte[length];
        RandomAccessReading.ReadExactly(_file, offset, directory);

        var entries = new List<FileEntry>();
        for (var at = 0; at < directory.Length;)
        {
            var header = directory.AsSpan(at);
            if (header.Length < HeaderSize || U32(header, 0) != HeaderMark)
                throw new InvalidDataException($"its directory breaks off after {_places.Count} files.");
            var (nameLength, extraLength, commentLength) = (U16(header, 28), U16(header, 30), U16(header, 32));
            var size = HeaderSize + nameLength + extraLength + commentLength;
            if (size > header.Length) throw new InvalidDataException($"its directory breaks off after {_places.Count} files.");

            long packed = U32(header, 20), unpacked = U32(header, 24), place = U32(header, 42);
            ReadLongSizes(header.Slice(HeaderSize + nameLength, extraLength), ref unpacked, ref packed, ref place);
            var name = Encoding.UTF8.GetString(header.Slice(HeaderSize, nameLength)).Replace('\\', '/');
            if (!name.EndsWith('/'))
            {
                entries.Add(new FileEntry(name, unpacked, U32(header, 16), _places.Count));
                _places.Add((place, packed, U16(header, 10), U16(header, 8)));
            }
            at += size;
        }
        return entries;
    }

    private (long Offset, long Length) FindDirectory()
    {
        var fileLength = RandomAccess.GetLength(_file);
        var tail = new byte[Math.Min(fileLength, EndSize + LongestComment + LocatorSize)];
        RandomAccessReading.ReadExactly(_file, fileLength - tail.Length, tail);
        for (var at = tail.Length - EndSize; at >= 0; at--)
        {
            if (U32(tail, at) != EndMark) continue;
            if (at < LocatorSize || U32(tail, at - LocatorSize) != LocatorMark) return (U32(tail, at + 16), U32(tail, at + 12));

            Span<byte> end64 = stackalloc byte[End64Size];
            RandomAccessReading.ReadExactly(_file, I64(tail, at - LocatorSize + 8), end64);
            if (U32(end64, 0) != End64Mark) throw new InvalidDataException("the end of its directory is missing.");
            return (I64(end64, 48), I64(end64, 40));
        }
        throw new InvalidDataException("the directory at its end is missing; it is cut short, or not a zip archive.");
    }

    /// <summary>Sizes of 4 GiB and more stand in an extra field, in this order, where the ordinary field is full of ones.</summary>
    private static void ReadLongSizes(ReadOnlySpan<byte> extra, ref long unpacked, ref long packed, ref long place)
    {
        while (extra.Length >= 4)
        {
            var size = U16(extra, 2);
            if (4 + size > extra.Length) return;
            if (U16(extra, 0) == Zip64Extra)
            {
                var values = extra.Slice(4, size);
                Take(ref unpacked, ref values);
                Take(ref packed, ref values);
                Take(ref place, ref values);
                return;
            }
            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref long value, ref ReadOnlySpan<byte> values)
    {
        if (value != uint.MaxValue || values.Length < 8) return;
        value = I64(values, 0);
        values = values[8..];
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
