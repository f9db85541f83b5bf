using System.IO.Compression;
using System.IO.Enumeration;

namespace GanPipeline.Data;

/// <summary>A file of a known data set.</summary>
/// <param name="Folder">Its folder within the opened folder or archive, with forward slashes; empty for the opened one itself.</param>
/// <param name="Name">Its name.</param>
/// <param name="Length">In bytes.</param>
internal readonly record struct DataFile(string Folder, string Name, long Length)
{
    public string Path => Folder.Length == 0 ? Name : $"{Folder}/{Name}";
}

/// <summary>
/// The files of known data sets (MNIST's, CIFAR's) in a folder, at some depth, or in the archive that they are distributed as. They are
/// known by their names, so that a folder of a million pictures is not read through for them.
/// </summary>
internal sealed class DataFiles : IDisposable
{
    // The official archives unpack to at most two folders within each other, as in MNIST/raw. None holds more than a few dozen files.
    private const int MostDepth = 3;
    private const int MostFiles = 10_000;
    private const int MostArchiveEntries = 16;
    private const long MostArchiveBytes = 1L << 29;

    private readonly string _path;
    private readonly FileSet? _archive;

    private DataFiles(string path, FileSet? archive, IEnumerable<(string Path, long Length)> files)
    {
        (_path, _archive) = (path, archive);
        Files = [.. from file in files
                    let slash = file.Path.LastIndexOf('/')
                    let data = new DataFile(slash < 0 ? "" : file.Path[..slash], file.Path[(slash + 1)..], file.Length)
                    orderby data.Folder.Length == 0 ? 0 : 1 + data.Folder.AsSpan().Count('/'), data.Path
                    select data];
    }

    /// <summary>Ordered by depth.</summary>
    public IReadOnlyList<DataFile> Files { get; }

    /// <summary>Finds the files; none in what is neither a folder nor an archive.</summary>
    /// <param name="path">A folder, zip, tar or tar.gz.</param>
    /// <param name="isKnown">Whether a file belongs to a known data set, by its name.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DataSetException">The folder cannot be read, or an archive that holds such files is damaged.</exception>
    public static DataFiles Find(string path, Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path)) return new(path, null, FindInFolder(path, isKnown, cancellationToken));
        if (!File.Exists(path) || !MayHold(path, isKnown, cancellationToken)) return new(path, null, []);
        var archive = FileSet.Open(path, cancellationToken);
        return new(path, archive, archive.Entries.Where(e => isKnown(NameOf(e.Path))).Select(e => (e.Path, e.Length)));
    }

    /// <summary>Where a file lies, for messages.</summary>
    public string Where(DataFile file) => _archive is null ? Path.Combine(_path, file.Path) : $"{file.Path} in {_path}";

    /// <summary>Opens a file from its beginning.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">Its archive is damaged.</exception>
    public Stream Open(DataFile file)
    {
        if (_archive is null) return File.OpenRead(Path.Combine(_path, file.Path));
        using var bytes = _archive.Read(_archive.Entries.First(e => e.Path == file.Path));
        return new MemoryStream(bytes.Span.ToArray(), writable: false);
    }

    /// <summary>The first bytes of a file; fewer if it is shorter, none if it cannot be read.</summary>
    public byte[] ReadStart(DataFile file, int count)
    {
        var start = new byte[count];
        try
        {
            using var stream = Open(file);
            return start[..stream.ReadAtLeast(start, count, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="DataSetException">It cannot be read, or is larger than a data set's file is.</exception>
    public byte[] ReadAll(DataFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (_archive is null)
                return File.ReadAllBytesAsync(Path.Combine(_path, file.Path), cancellationToken).GetAwaiter().GetResult();
            using var bytes = _archive.Read(_archive.Entries.First(e => e.Path == file.Path));
            return bytes.Span.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataSetException($"{Where(file)} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => _archive?.Dispose();

    private static List<(string Path, long Length)> FindInFolder(
        string path, Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = MostDepth,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden,
        };
        var seen = 0;
        var files = new FileSystemEnumerable<string?>(path, (ref FileSystemEntry e) =>
            isKnown(e.FileName.ToString()) ? Path.GetRelativePath(path, e.ToSpecifiedFullPath()) : null, options)
        {
            // A folder is listed to its end, so that no order of its files hides one; but no folder is entered after that many files.
            ShouldIncludePredicate = (ref FileSystemEntry e) => !e.IsDirectory && ++seen > 0,
            ShouldRecursePredicate = (ref FileSystemEntry _) => seen < MostFiles,
        };
        try
        {
            var found = new List<(string, long)>();
            foreach (var file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (file is not null)
                    found.Add((file.Replace(Path.DirectorySeparatorChar, '/'), new FileInfo(Path.Combine(path, file)).Length));
            }
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Whether an archive is worth to be opened. A tar.gz has no directory, and is unpacked to be opened: what comes first in it tells
    /// whether that is of use.
    /// </summary>
    private static bool MayHold(string path, Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        try
        {
            using var file = File.OpenRead(path);
            var block = new byte[TarHeader.Size];
            file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (block is not [0x1F, 0x8B, ..]) return block is [(byte)'P', (byte)'K', ..] || TarHeader.IsHeader(block);

            file.Position = 0;
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            long bytes = 0;
            for (var i = 0; i < MostArchiveEntries && bytes < MostArchiveBytes; i++)
            {
                unpacked.ReadExactly(block);
                if (TarHeader.Read(block) is not { } header) return false;
                if (isKnown(NameOf(header.Name))) return true;
                bytes += header.Length;
                for (var rest = header.Length; rest > 0 && bytes < MostArchiveBytes; rest -= block.Length)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    unpacked.ReadExactly(block);
                }
            }
            return false;
        }
        // Whatever is wrong with the archive is told by who opens it as one of pictures.
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            return false;
        }
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
