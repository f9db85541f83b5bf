using System.IO.Enumeration;

namespace GanPipeline.Data;

/// <summary>The files under a folder, at any depth. Links are followed, to files and to folders.</summary>
internal sealed class FolderFiles(string folder) : FileSet
{
    // However folders link to each other, none is listed more often than this.
    private const int MostVisits = 16;

    private readonly string _folder = Path.GetFullPath(folder);
    private readonly Dictionary<string, int> _visits = new(StringComparer.Ordinal);
    private readonly List<FileEntry> _files = [];

    public override PooledBytes Read(in FileEntry entry)
    {
        using var file = File.OpenHandle(Path.Combine(_folder, entry.Path));
        return RandomAccessReading.Read(file, 0, RandomAccess.GetLength(file));
    }

    public override int ReadStart(in FileEntry entry, Span<byte> start)
    {
        using var file = File.OpenHandle(Path.Combine(_folder, entry.Path));
        return RandomAccess.Read(file, start, 0);
    }

    public override void Dispose() { }

    protected override IReadOnlyList<FileEntry> List(CancellationToken cancellationToken)
    {
        var real = Directory.ResolveLinkTarget(_folder, returnFinalTarget: true)?.FullName ?? _folder;
        Walk("", Path.TrimEndingDirectorySeparator(real), [], cancellationToken);
        return _files;
    }

    /// <summary>Lists a folder.</summary>
    /// <param name="relative">Its path below the set's folder, through links, with a slash at its end; empty for the set's folder.</param>
    /// <param name="real">Its path without the links.</param>
    /// <param name="above">The real paths of the folders that it was reached through.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    private void Walk(string relative, string real, List<string> above, CancellationToken cancellationToken)
    {
        above.Add(real);
        var options = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = 0 };
        foreach (var item in new FileSystemEnumerable<Item>(Path.Combine(_folder, relative), Item.Describe, options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = relative + item.Name;
            if (item.Name.StartsWith('.')) LeftOut.Add(new(path, Reasons.Hidden));
            else if (!item.IsLink && item.Name.Contains('\uFFFD') && !Path.Exists(Path.Combine(_folder, path)))
                LeftOut.Add(new(path, Reasons.UnreadableName));
            else if (item.IsLink) Follow(path, above, cancellationToken);
            else if (item.IsFolder) Enter(path, Path.Combine(real, item.Name), above, cancellationToken);
            else _files.Add(new FileEntry(path, item.Length, item.Stamp, 0));
        }
        above.RemoveAt(above.Count - 1);
    }

    private void Follow(string path, List<string> above, CancellationToken cancellationToken)
    {
        var link = new FileInfo(Path.Combine(_folder, path));
        FileSystemInfo? target = null;
        // It throws where links lead round in a circle.
        try { target = link.ResolveLinkTarget(returnFinalTarget: true); }
        catch (IOException) { }
        if (target is { Exists: true } and FileInfo file)
            _files.Add(new FileEntry(path, file.Length, file.LastWriteTimeUtc.Ticks, 0));
        else if (target is null || !Directory.Exists(target.FullName)) LeftOut.Add(new(path, Reasons.LinkToNowhere));
        else Enter(path, Path.TrimEndingDirectorySeparator(target.FullName), above, cancellationToken);
    }

    private void Enter(string path, string real, List<string> above, CancellationToken cancellationToken)
    {
        var visits = _visits[real] = _visits.GetValueOrDefault(real) + 1;
        if (above.Any(folder => IsWithin(folder, real))) LeftOut.Add(new(path, Reasons.LinkLoop));
        else if (visits > MostVisits) LeftOut.Add(new(path, Reasons.LinkedTooOften));
        else Walk(path + '/', real, above, cancellationToken);
    }

    private static bool IsWithin(string folder, string outer) =>
        folder.StartsWith(outer, StringComparison.Ordinal) &&
        (folder.Length == outer.Length || folder[outer.Length] == Path.DirectorySeparatorChar || Path.EndsInDirectorySeparator(outer));

    private readonly record struct Item(string Name, bool IsFolder, bool IsLink, long Length, long Stamp)
    {
        public static Item Describe(ref FileSystemEntry entry)
        {
            var name = entry.FileName.ToString();
            // The length and time of a name that cannot be found again, because it is not UTF-8, are refused.
            if (name.Contains('\uFFFD') && !Path.Exists(entry.ToFullPath())) return new(name, false, false, 0, 0);
            var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
            return new(name, entry.IsDirectory, isLink, isLink || entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc.Ticks);
        }
    }
}
