using System.IO.Enumeration;

namespace GanPipeline.Data;

/// <summary>The files under a folder, at any depth.</summary>
internal sealed class FolderFiles(string folder) : FileSet
{
    private readonly string _folder = Path.GetFullPath(folder);

    public override PooledBytes Read(in FileEntry entry)
    {
        using var file = File.OpenHandle(Path.Combine(_folder, entry.Path));
        return RandomAccessReading.Read(file, 0, RandomAccess.GetLength(file));
    }

    public override void Dispose() { }

    protected override IEnumerable<FileEntry> List()
    {
        // Links to files are followed, links to folders are not: they could form a loop.
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };
        return new FileSystemEnumerable<FileEntry>(_folder, Describe, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => !e.IsDirectory && e.FileName is not ['.', ..],
            ShouldRecursePredicate = (ref FileSystemEntry e) =>
                e.FileName is not ['.', ..] && !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }

    private static FileEntry Describe(ref FileSystemEntry entry)
    {
        var path = Path.GetRelativePath(entry.RootDirectory.ToString(), entry.ToFullPath());
        if (Path.DirectorySeparatorChar != '/') path = path.Replace(Path.DirectorySeparatorChar, '/');
        return new FileEntry(path, entry.Length, entry.LastWriteTimeUtc.Ticks, 0);
    }
}
