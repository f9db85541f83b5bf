using System.Buffers;

namespace GanPipeline.Data;

/// <summary>A file within a folder or archive.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Position">Where its folder or archive finds it.</param>
internal readonly record struct FileEntry(string Path, long Length, long Position);

/// <summary>The files of a folder or an archive. Any thread may read at any time.</summary>
internal abstract class FileSet : IDisposable
{
    /// <summary>Larger files are not read.</summary>
    public const int MostBytes = 1 << 28;

    /// <summary>All files, ordered by path, character by character, so that the order is the same everywhere.</summary>
    public FileEntry[] Entries { get; private set; } = [];

    /// <summary>What was found and is no file that can be read, such as a link to nowhere, and why.</summary>
    public List<SkippedImage> LeftOut { get; } = [];

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
                files.Entries = [.. files.List(cancellationToken).OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Position)];
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DataSetException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">Its archive is damaged there.</exception>
    public abstract PooledBytes Read(in FileEntry entry);

    /// <summary>Reads the first bytes of a file; fewer than asked for where it ends.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">Its archive is damaged there.</exception>
    public abstract int ReadStart(in FileEntry entry, Span<byte> start);

    /// <summary>
    /// A number that changes with a file's content and not with its time or place. Of a file above a quarter of a megabyte it comes from
    /// eight pieces, the first and last bytes among them, so that a large set opens soon; 0 where the file cannot be read.
    /// </summary>
    public abstract long ContentHash(in FileEntry entry);

    public abstract void Dispose();

    /// <summary>Lists the files, and adds to <see cref="LeftOut"/> what it cannot list.</summary>
    protected abstract IReadOnlyList<FileEntry> List(CancellationToken cancellationToken);

    private static FileSet OpenArchive(string path, CancellationToken cancellationToken)
    {
        Span<byte> start = stackalloc byte[TarHeader.Size];
        start.Clear();
        using (var file = File.OpenRead(path)) file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start is [(byte)'P', (byte)'K', ..]) return new ZipFiles(path);
        if (start is [0x1F, 0x8B, ..]) return TarFiles.Unpack(path, cancellationToken);
        if (TarHeader.IsHeader(start)) return new TarFiles(File.OpenRead(path));
        throw new DataSetException($"{path} is neither a folder nor a zip, tar or tar.gz archive.");
    }
}

/// <summary>Bytes in a rented array.</summary>
internal readonly struct PooledBytes : IDisposable
{
    // The pool would keep larger ones after their only use.
    private const int MostPooled = 1 << 26;

    private readonly byte[] _array;
    private readonly int _length;

    public PooledBytes(int length)
    {
        _array = length <= MostPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
        _length = length;
    }

    public Span<byte> Span => _array.AsSpan(0, _length);

    public MemoryStream AsStream() => new(_array, 0, _length, writable: false);

    public void Dispose()
    {
        if (_length <= MostPooled) ArrayPool<byte>.Shared.Return(_array);
    }
}
