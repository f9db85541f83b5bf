using System.IO.Enumeration;

namespace GanPipeline.Data;

/// <summary>The files under a folder, at any depth. Links are followed, to files and to folders.</summary>
internal sealed class FolderFiles(string folder) : FileSet
{
    // However folders link to each other, none is listed more often than this behind links.
    private const int MostVisits = 16, MostLinks = 40;

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

    public override long ContentHash(in FileEntry entry)
    {
        if (entry.Length == 0) return 0; // A pipe has no length either, and opening it waits for its other end.
        try
        {
            using var file = File.OpenHandle(Path.Combine(_folder, entry.Path));
            return RandomAccessReading.ContentHash(file, 0, RandomAccess.GetLength(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // It is left out when it is read.
        }
    }

    public override void Dispose() { }

    protected override IReadOnlyList<FileEntry> List(CancellationToken cancellationToken)
    {
        Walk("", RealPath(Path.GetPathRoot(_folder)!, _folder) ?? _folder, [], behindLink: false, cancellationToken);
        return _files;
    }

    /// <summary>Lists a folder.</summary>
    /// <param name="relative">Its path below the set's folder, through links, with a slash at its end; empty for the set's folder.</param>
    /// <param name="real">Its path without the links.</param>
    /// <param name="above">The real paths of the folders that it was reached through.</param>
    /// <param name="behindLink">Whether there is a link among these.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    private void Walk(string relative, string real, List<string> above, bool behindLink, CancellationToken cancellationToken)
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
            else if (item.IsLink) Follow(path, RealPath(real, item.Name), above, cancellationToken);
            else if (item.IsFolder) Enter(path, Path.Combine(real, item.Name), above, behindLink, cancellationToken);
            else _files.Add(new FileEntry(path, item.Length, 0));
        }
        above.RemoveAt(above.Count - 1);
    }

    private void Follow(string path, string? real, List<string> above, CancellationToken cancellationToken)
    {
        if (real is null || !Path.Exists(real)) LeftOut.Add(new(path, Reasons.LinkToNowhere));
        else if (Directory.Exists(real)) Enter(path, real, above, behindLink: true, cancellationToken);
        else _files.Add(new FileEntry(path, new FileInfo(real).Length, 0));
    }

    private void Enter(string path, string real, List<string> above, bool behindLink, CancellationToken cancellationToken)
    {
        var visits = behindLink ? _visits[real] = _visits.GetValueOrDefault(real) + 1 : 0;
        if (above.Any(folder => IsWithin(folder, real))) LeftOut.Add(new(path, Reasons.LinkLoop));
        else if (visits > MostVisits) LeftOut.Add(new(path, Reasons.LinkedTooOften));
        else Walk(path + '/', real, above, behindLink, cancellationToken);
    }

    /// <summary>
    /// A path without links in it; null where they lead round in a circle. Not <see cref="FileSystemInfo.ResolveLinkTarget"/>, which takes
    /// the <c>..</c> of a link within a linked folder for the folder above the first link.
    /// </summary>
    /// <param name="real">The folder that it begins at, without links.</param>
    /// <param name="path">The rest, or a whole path.</param>
    private static string? RealPath(string real, string path)
    {
        var (names, links) = (new Stack<string>(), 0);
        Push(path);
        while (names.TryPop(out var name))
        {
            if (name is "" or ".") continue;
            var next = name == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, name);
            if (name != ".." && new FileInfo(next).LinkTarget is { } target)
            {
                if (++links > MostLinks) return null;
                Push(target);
                continue;
            }
            real = next;
        }
        return real;

        void Push(string way)
        {
            if (Path.IsPathFullyQualified(way)) real = Path.GetPathRoot(way)!;
            foreach (var name in way[(Path.GetPathRoot(way)?.Length ?? 0)..].Split(Path.DirectorySeparatorChar, '/').Reverse())
                names.Push(name);
        }
    }

    private static bool IsWithin(string folder, string outer) =>
        folder.StartsWith(outer, StringComparison.Ordinal) &&
        (folder.Length == outer.Length || folder[outer.Length] == Path.DirectorySeparatorChar || Path.EndsInDirectorySeparator(outer));

    private readonly record struct Item(string Name, bool IsFolder, bool IsLink, long Length)
    {
        public static Item Describe(ref FileSystemEntry entry)
        {
            var name = entry.FileName.ToString();
            // The length of a name that cannot be found again, because it is not UTF-8, is refused.
            if (name.Contains('\uFFFD') && !Path.Exists(entry.ToFullPath())) return new(name, false, false, 0);
            var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
            return new(name, entry.IsDirectory, isLink, isLink || entry.IsDirectory ? 0 : entry.Length);
        }
    }
}
