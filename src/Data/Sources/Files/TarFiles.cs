using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>
/// The files of a tar archive, read in place. A tar.gz cannot be read from the middle, so it is unpacked into a temporary file first, which
/// is deleted when the set is closed or the process ends.
/// </summary>
internal sealed class TarFiles : FileSet
{
    private const int BlockSize = 512;

    private readonly FileStream _tar;
    private readonly SafeFileHandle _handle;

    public TarFiles(string path, bool gzip, CancellationToken cancellationToken)
    {
        _tar = gzip ? Unpack(path, cancellationToken) : File.OpenRead(path);
        _handle = _tar.SafeFileHandle;
    }

    public override PooledBytes Read(in FileEntry entry) => RandomAccessReading.Read(_handle, entry.Position, entry.Length);

    public override void Dispose() => _tar.Dispose();

    protected override IEnumerable<FileEntry> List()
    {
        _tar.Position = 0;
        long end = 0;
        using var reader = new TarReader(_tar, leaveOpen: true);
        while (Next(reader) is { } entry)
        {
            end = Math.Max(end, entry.DataOffset + entry.Length);
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            if (entry.DataOffset + entry.Length > _tar.Length)
                throw new InvalidDataException($"{entry.Name} is cut short at the end of the archive.");
            var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            yield return new FileEntry(path, entry.Length, entry.ModificationTime.UtcTicks, entry.DataOffset);
        }
        RequireEndMarker(end);
    }

    // A tar ends with blocks of zeros (POSIX pax, "ustar Interchange Format"). TarReader takes the end of the file for the end of the
    // archive too, and so does GZipStream for a file that is cut short.
    private void RequireEndMarker(long end)
    {
        var marker = new byte[BlockSize];
        end = (end + BlockSize - 1) / BlockSize * BlockSize;
        var missing = _tar.Length < end + BlockSize;
        if (!missing) RandomAccessReading.ReadExactly(_handle, end, marker);
        if (missing || marker.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
            throw new InvalidDataException("it is cut short: the end marker of the tar archive is missing.");
    }

    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (NotSupportedException e)
        {
            throw new InvalidDataException($"it holds an entry of a kind that is not read: {e.Message}", e);
        }
    }

    private static FileStream Unpack(string path, CancellationToken cancellationToken)
    {
        var temporary = new FileStream(Path.Combine(Path.GetTempPath(), $"gan-{Guid.NewGuid():N}.tar"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        try
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            packed.CopyToAsync(temporary, cancellationToken).GetAwaiter().GetResult();
            temporary.Flush();
            return temporary;
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }
}
