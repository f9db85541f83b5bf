using System.Buffers;

namespace GanPipeline.Data;

/// <summary>A file within a folder or archive.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">Changes with the content: a checksum, or the time of the last change.</param>
/// <param name="Position">Where its folder or archive finds it.</param>
internal readonly record struct FileEntry(string Path, long Length, long Stamp, long Position);

/// <summary>The files of a folder or an archive. Any thread may read at any time.</summary>
internal abstract class FileSet : IDisposable
{
    /// <summary>Larger files are not read.</summary>
    public const int MostBytes = 1 << 28;

    /// <summary>All files, ordered by path, character by character, so that the order is the same everywhere.</summary>
    public FileEntry[] Entries { get; private set; } = [];

    /// <summary>Opens a folder, or a zip, tar or tar.gz archive. The first bytes decide the kind of archive.</summary>
    /// <exception cref="DataSetException">The path does not exist, is damaged, or is of another kind.</exception>
    public static FileSet Open(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileSet files;
            if (Directory.Exists(path)) files = new FolderFiles(path);
            else if (File.Exists(path)) files = OpenArchive(path, cancellationToken);
            else throw new DataSetException($"There is no file or folder {path}.");
            try
            {
                files.Entries = [.. Cancellable(files.List(), cancellationToken).OrderBy(e => e.Path, StringComparer.Ordinal)
                    .ThenBy(e => e.Position)];
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

    private static IEnumerable<FileEntry> Cancellable(IEnumerable<FileEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    private static FileSet OpenArchive(string path, CancellationToken cancellationToken)
    {
        Span<byte> start = stackalloc byte[262];
        start.Clear();
        using (var file = File.OpenRead(path)) file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start is [(byte)'P', (byte)'K', ..]) return new ZipFiles(path);
        if (start is [0x1F, 0x8B, ..]) return new TarFiles(path, gzip: true, cancellationToken);
        if (start[257..].SequenceEqual("ustar"u8)) return new TarFiles(path, gzip: false, cancellationToken);
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
