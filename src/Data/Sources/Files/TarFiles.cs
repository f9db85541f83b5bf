using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>
/// The files of a tar archive, read in place. A tar.gz cannot be read from the middle, so it is unpacked into a temporary file first, which
/// is deleted when the set is closed or the process ends.
/// </summary>
/// <remarks>
/// Not <see cref="System.Formats.Tar.TarReader"/>: it allocates what a header claims, makes the same replacement character of every letter
/// that is not UTF-8, and does not say at which entry it stopped.
/// </remarks>
internal sealed class TarFiles(FileStream tar) : FileSet
{
    /// <summary>An archive may unpack to this much, or to so many times its own size.</summary>
    public const long MostUnpacked = 1 << 30, MostTimes = 50;

    // Long names and pax headers are short; more is not a name.
    private const int LongestHeader = 1 << 20;

    private readonly SafeFileHandle _handle = tar.SafeFileHandle;
    private readonly ArchiveTree _tree = new();

    public override PooledBytes Read(in FileEntry entry) => RandomAccessReading.Read(_handle, entry.Position, entry.Length);

    public override int ReadStart(in FileEntry entry, Span<byte> start) =>
        RandomAccess.Read(_handle, start[..(int)Math.Min(start.Length, entry.Length)], entry.Position);

    public override long ContentHash(in FileEntry entry) => RandomAccessReading.ContentHash(_handle, entry.Position, entry.Length);

    public override void Dispose() => tar.Dispose();

    /// <summary>Opens a tar.gz.</summary>
    /// <exception cref="DataSetException">It unpacks to too much, or there is no room for that.</exception>
    public static TarFiles Unpack(string path, CancellationToken cancellationToken, long mostUnpacked = MostUnpacked)
    {
        var folder = Path.GetTempPath();
        var temporary = new FileStream(Path.Combine(folder, $"gan-{Guid.NewGuid():N}.tar"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        try
        {
            using var file = File.OpenRead(path);
            using var packed = new GZipStream(file, CompressionMode.Decompress);
            var (most, buffer) = (Math.Max(mostUnpacked, file.Length * MostTimes), new byte[1 << 20]);
            while (packed.Read(buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (temporary.Length + count > most)
                    throw new DataSetException($"{path} has {file.Length} bytes and unpacks to more than {most}, which is too much for " +
                        "pictures. If they are pictures, unpack it, and give the folder.");
                Write(temporary, buffer.AsSpan(0, count), path);
            }
            return new TarFiles(temporary);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    protected override IReadOnlyList<FileEntry> List(CancellationToken cancellationToken)
    {
        var (at, block) = (0L, new byte[TarHeader.Size]);
        var (name, link, pax) = ((string?)null, (string?)null, (PaxRecords?)null);
        for (var before = "its start"; ; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (at > tar.Length - TarHeader.Size)
                throw new InvalidDataException("it is cut short: the end marker of the tar archive is missing.");
            RandomAccessReading.ReadExactly(_handle, at, block);
            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0) return _tree.Files(LeftOut); // the end: a block of zeros
            if (TarHeader.Read(block) is not { } header)
                throw new InvalidDataException($"the header at byte {at}, after {before}, is not one of a tar archive.");

            header = header with { Name = pax?.Path ?? name ?? header.Name, Link = pax?.Link ?? link ?? header.Link };
            header = header with { Length = pax?.Length ?? header.Length };
            at += TarHeader.Size;
            // Links and folders have no data, whatever length they claim.
            var length = header.Kind is '1' or '2' or '3' or '4' or '5' or '6' ? 0 : header.Length;
            if (length > tar.Length - at) throw new InvalidDataException($"{header.Name} is cut short at the end of the archive.");
            switch (header.Kind)
            {
                case 'x': pax = PaxRecords.Read(ReadHeader(at, header)) ?? throw Damaged(header); break;
                case 'L': name = TarHeader.Text(ReadHeader(at, header)); break;
                case 'K': link = TarHeader.Text(ReadHeader(at, header)); break;
                case 'g' or 'X' or 'V': break; // of the archive: comments, another system's pax header, a label
                default:
                    Add(header, at, pax);
                    (before, name, link, pax) = (header.Name, null, null, null);
                    break;
            }
            at += (length + TarHeader.Size - 1) / TarHeader.Size * TarHeader.Size;
        }
    }

    private void Add(in TarHeader header, long at, PaxRecords? pax)
    {
        switch (header.Kind)
        {
            case 'S' or 'M' or 'D' or 'N':
            case '0' or '\0' or '7' when pax is { IsSparse: true }:
                throw new NotSupportedException($"{header.Name} is of a kind that is not read ({Kind(header.Kind)}). " +
                    "Pack the pictures again without it, or give the unpacked folder.");
            case '5' or '0' or '\0' when header.Kind == '5' || header.Name.EndsWith('/'): break;
            case '1': _tree.AddLink(header.Name, header.Link, fromRoot: true); break;
            case '2': _tree.AddLink(header.Name, header.Link, fromRoot: false); break;
            case '3' or '4' or '6': LeftOut.Add(new(header.Name, Reasons.NoFile)); break;
            // Kinds that are not known are to be taken for files.
            default:
                _tree.AddFile(new(header.Name, header.Length, at));
                break;
        }
    }

    private byte[] ReadHeader(long at, in TarHeader header)
    {
        if (header.Length > LongestHeader) throw Damaged(header);
        var bytes = new byte[header.Length];
        RandomAccessReading.ReadExactly(_handle, at, bytes);
        return bytes;
    }

    private static InvalidDataException Damaged(in TarHeader header) => new($"the extended header {header.Name} is damaged.");

    private static string Kind(char kind) => kind switch
    {
        'S' or '0' or '\0' or '7' => "a sparse file",
        'M' => "the continuation of a file in another volume",
        'D' => "a list of a folder's files",
        _ => "a long name in an old form",
    };

    private static void Write(FileStream file, ReadOnlySpan<byte> bytes, string path)
    {
        try { file.Write(bytes); }
        catch (IOException e)
        {
            throw new DataSetException($"{path} cannot be unpacked into {Path.GetTempPath()}: {e.Message} " +
                "Unpack it elsewhere, and give the folder.", e);
        }
    }
}
