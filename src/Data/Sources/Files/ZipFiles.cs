using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;
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
    private const ushort Encrypted = 1, Stored = 0, Deflated = 8, Zip64Extra = 1, UnicodePathExtra = 0x7075;
    private const int MadeOnUnix = 3, MadeOnMac = 19, TypeMask = 0xF000, LinkType = 0xA000, LongestLink = 4096;

    // Deflate cannot pack better than this; the rest is for its header.
    private const long MostPacked = 1032, PackedHeader = 1024;

    /// <summary>What names are in that are not UTF-8 (APPNOTE, appendix D).</summary>
    private static readonly Encoding _oldNames = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    private readonly SafeFileHandle _file;
    private readonly ArchiveTree _tree = new();
    private readonly List<(long Header, long PackedLength, ushort Method, ushort Flags, uint Checksum)> _places = [];

    public ZipFiles(string path) => _file = File.OpenHandle(path, options: FileOptions.RandomAccess);

    public override void Dispose() => _file.Dispose();

    public override PooledBytes Read(in FileEntry entry)
    {
        var (offset, packedLength, inflates) = Locate(entry);
        var packed = RandomAccessReading.Read(_file, offset, packedLength);
        if (!inflates) return packed;

        using (packed)
        {
            if (entry.Length > packedLength * MostPacked + PackedHeader)
                throw new InvalidDataException($"it claims {entry.Length} bytes, which its {packedLength} packed ones cannot hold");
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

    public override int ReadStart(in FileEntry entry, Span<byte> start)
    {
        var (offset, packedLength, inflates) = Locate(entry);
        // Enough for the table of a block's codes and what follows it.
        using var packed = RandomAccessReading.Read(_file, offset, Math.Min(packedLength, start.Length + 4096));
        using Stream stream = inflates ? new DeflateStream(packed.AsStream(), CompressionMode.Decompress) : packed.AsStream();
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
    }

    public override long ContentHash(in FileEntry entry) => _places[(int)entry.Position].Checksum;

    protected override IReadOnlyList<FileEntry> List(CancellationToken cancellationToken)
    {
        var (offset, length) = FindDirectory();
        if (offset < 0 || length < 0 || length > int.MaxValue || offset + length > RandomAccess.GetLength(_file))
            throw new InvalidDataException("its directory lies outside of the file; it may be cut short.");
        var directory = new byte[length];
        RandomAccessReading.ReadExactly(_file, offset, directory);

        for (var at = 0; at < directory.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var header = directory.AsSpan(at);
            if (header.Length < HeaderSize || U32(header, 0) != HeaderMark)
                throw new InvalidDataException($"its directory breaks off after {_places.Count} files.");
            var (nameLength, extraLength, commentLength) = (U16(header, 28), U16(header, 30), U16(header, 32));
            var size = HeaderSize + nameLength + extraLength + commentLength;
            if (size > header.Length) throw new InvalidDataException($"its directory breaks off after {_places.Count} files.");

            long packed = U32(header, 20), unpacked = U32(header, 24), place = U32(header, 42);
            var extra = header.Slice(HeaderSize + nameLength, extraLength);
            ReadLongSizes(extra, ref unpacked, ref packed, ref place);
            var name = Name(header.Slice(HeaderSize, nameLength), extra).Replace('\\', '/');
            if (!name.EndsWith('/'))
            {
                var entry = new FileEntry(name, unpacked, _places.Count);
                _places.Add((place, packed, U16(header, 10), U16(header, 8), U32(header, 16)));
                var isLink = header[5] is MadeOnUnix or MadeOnMac && ((U32(header, 38) >> 16) & TypeMask) == LinkType;
                if (isLink) AddLink(entry);
                else _tree.AddFile(entry);
            }
            at += size;
        }
        return _tree.Files(LeftOut);
    }

    /// <summary>Where a file's bytes begin, how many they are, and whether they are to be inflated.</summary>
    private (long Offset, long PackedLength, bool Inflates) Locate(in FileEntry entry)
    {
        var (header, packedLength, method, flags, _) = _places[(int)entry.Position];
        if ((flags & Encrypted) != 0) throw new InvalidDataException("it is encrypted");
        if (method is not (Stored or Deflated))
            throw new InvalidDataException($"it is packed by method {method}; only 0 (stored) and 8 (deflated) are read");

        if (entry.Length is < 0 or > MostBytes)
            throw new InvalidDataException($"it has {entry.Length} bytes, more than the {MostBytes} that are read");
        Span<byte> local = stackalloc byte[LocalHeaderSize];
        RandomAccessReading.ReadExactly(_file, header, local);
        if (U32(local, 0) != LocalMark) throw new InvalidDataException("its place in the archive holds something else");
        return (header + LocalHeaderSize + U16(local, 26) + U16(local, 28), packedLength, method == Deflated);
    }

    private void AddLink(in FileEntry entry)
    {
        try
        {
            if (entry.Length > LongestLink) throw new InvalidDataException("it is too long for a link");
            using var target = Read(entry);
            _tree.AddLink(entry.Path, Name(target.Span, []), fromRoot: false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            LeftOut.Add(new(entry.Path, Reasons.CannotOpen(e.Message)));
        }
    }

    // Whether flag bit 11 promises UTF-8 is not asked: many programs write UTF-8 without it, and text in another encoding is hardly ever
    // valid UTF-8.
    private static string Name(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> extra)
    {
        // The same name in UTF-8, after a version and a checksum.
        if (Extra(extra, UnicodePathExtra) is [1, _, _, _, _, .. var unicode] && Utf8.IsValid(unicode)) bytes = unicode;
        return (Utf8.IsValid(bytes) ? Encoding.UTF8 : _oldNames).GetString(bytes);
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
        var values = Extra(extra, Zip64Extra);
        Take(ref unpacked, ref values);
        Take(ref packed, ref values);
        Take(ref place, ref values);
    }

    /// <summary>An extra field's content; empty where it is not there.</summary>
    private static ReadOnlySpan<byte> Extra(ReadOnlySpan<byte> extra, ushort kind)
    {
        while (extra.Length >= 4)
        {
            var size = U16(extra, 2);
            if (4 + size > extra.Length) break;
            if (U16(extra, 0) == kind) return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }
        return [];
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
