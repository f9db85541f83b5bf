using System.Buffers;

namespace GanPipeline.Data;

/// <summary>A file within a folder or archive.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">What changes when the content does: a checksum, or the time of the last change.</param>
/// <param name="Position">Where its container finds it.</param>
internal readonly record struct FileEntry(string Path, long Length, long Stamp, long Position);

/// <summary>The files of a folder or an archive. Any thread may read at any time.</summary>
internal abstract class FileSet : IDisposable
{
    /// <summary>Larger files are no pictures that anybody trains on.</summary>
    public const int MostBytes = 1 << 28;

    /// <summary>All files, ordered by path, character by character, so that the order is the same everywhere.</summary>
    public FileEntry[] Entries { get; private set; } = [];

    /// <summary>Opens a folder, or a zip, tar or tar.gz archive, which it knows by its first bytes.</summary>
    /// <exception cref="DataSetException">There is nothing there, or it is damaged, or of another kind.</exception>
    public static FileSet Open(string path)
    {
        try
        {
            FileSet files;
            if (Directory.Exists(path)) files = new FolderFiles(path);
            else if (File.Exists(path)) files = OpenArchive(path);
            else throw new DataSetException($"There is no file or folder {path}.");
            try
            {
                files.Entries = [.. files.List().OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Position)];
            }
            catch
            {
                files.Dispose();
                throw;
            }
            return files;
        }
        catch (InvalidDataException e)
        {
            throw new DataSetException($"The archive {path} is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">Its archive is damaged there.</exception>
    public abstract PooledBytes Read(in FileEntry entry);

    public abstract void Dispose();

    protected abstract IEnumerable<FileEntry> List();

    private static FileSet OpenArchive(string path)
    {
        Span<byte> start = stackalloc byte[262];
        start.Clear();
        using (var file = File.OpenRead(path)) file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start is [(byte)'P', (byte)'K', ..]) return new ZipFiles(path);
        if (start is [0x1F, 0x8B, ..]) return new TarFiles(path, gzip: true);
        if (start[257..].SequenceEqual("ustar"u8)) return new TarFiles(path, gzip: false);
        throw new DataSetException($"{path} is neither a folder nor a zip, tar or tar.gz archive.");
    }
}

/// <summary>Bytes in a rented array.</summary>
internal readonly struct PooledBytes : IDisposable
{
    private readonly byte[] _array;
    private readonly int _length;

    public PooledBytes(int length)
    {
        _array = ArrayPool<byte>.Shared.Rent(length);
        _length = length;
    }

    public Span<byte> Span => _array.AsSpan(0, _length);

    public MemoryStream AsStream() => new(_array, 0, _length, writable: false);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
