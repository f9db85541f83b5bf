using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>
/// The files of a tar archive, read where they lie. A compressed one is unpacked into one temporary file first, which is deleted when the set is
/// closed or the process ends, for tar.gz has no way to begin in the middle.
/// </summary>
internal sealed class TarFiles : FileSet
{
    private readonly FileStream _tar;
    private readonly SafeFileHandle _handle;

    public TarFiles(string path, bool gzip)
    {
        _tar = gzip ? Unpack(path) : File.OpenRead(path);
        _handle = _tar.SafeFileHandle;
    }

    public override PooledBytes Read(in FileEntry entry) => RandomAccessReading.Read(_handle, entry.Position, entry.Length);

    public override void Dispose() => _tar.Dispose();

    protected override IEnumerable<FileEntry> List()
    {
        _tar.Position = 0;
        using var reader = new TarReader(_tar, leaveOpen: true);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            if (entry.DataOffset + entry.Length > _tar.Length)
                throw new InvalidDataException($"{entry.Name} is cut short, at the end of the archive.");
            var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            yield return new FileEntry(path, entry.Length, entry.ModificationTime.UtcTicks, entry.DataOffset);
        }
    }

    private static FileStream Unpack(string path)
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
            packed.CopyTo(temporary);
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
