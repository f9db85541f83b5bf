namespace GanPipeline.Data;

/// <summary>
/// The pairs of two folders: files of equal names below folders <c>A</c> and <c>B</c>, or <c>trainA</c> and <c>trainB</c> and so on. The
/// endings may differ. Each pair gets a name as if its folders were one, by which splits, classes and tables are told:
/// <c>A/train/1.jpg</c> and <c>B/train/1.png</c> are <c>train/1.jpg</c>.
/// </summary>
internal sealed class FolderPairs
{
    private FolderPairs(List<(FileEntry Name, FileEntry A, FileEntry B)> pairs)
    {
        Names = [.. pairs.Select(p => p.Name)];
        A = [.. pairs.Select(p => p.A)];
        B = [.. pairs.Select(p => p.B)];
    }

    /// <summary>The pairs by their names, ordered character by character; no files of these names are there.</summary>
    public FileEntry[] Names { get; }

    /// <summary>The files of side A, in that order.</summary>
    public FileEntry[] A { get; }

    /// <summary>The files of side B.</summary>
    public FileEntry[] B { get; }

    /// <param name="entries">The files of the folder or archive, ordered by path.</param>
    /// <param name="where">The folder or archive, for messages.</param>
    /// <param name="look">Of a file whose name does not tell: null where its first bytes are a picture's, else what they are.</param>
    /// <param name="leftOut">Receives the files that are no pictures, and those without their other half.</param>
    /// <exception cref="DataSetException">There is no pair.</exception>
    public static FolderPairs Match(FileEntry[] entries, string where, Func<FileEntry, string?> look, List<SkippedImage> leftOut)
    {
        var (a, b) = (new Dictionary<string, FileEntry>(), new Dictionary<string, FileEntry>());
        foreach (var entry in entries)
        {
            var parts = entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (PictureFiles.Problem(parts, () => look(entry)) is { } problem) leftOut.Add(new(entry.Path, problem));
            else if (Locate(parts) is not var (isA, name)) leftOut.Add(new(entry.Path, Reasons.BesideSides));
            else if (!(isA ? a : b).TryAdd(name, entry)) leftOut.Add(new(entry.Path, Reasons.SecondOfStem));
        }
        var pairs = a.Where(side => b.ContainsKey(side.Key))
            .Select(side => (new FileEntry(side.Key + Path.GetExtension(side.Value.Path), 0, 0), side.Value, b[side.Key]))
            .OrderBy(pair => pair.Item1.Path, StringComparer.Ordinal).ToList();
        SkippedImage[] halves = [.. Without(a, b, Reasons.NotInB), .. Without(b, a, Reasons.NotInA)];
        leftOut.AddRange(halves);
        if (pairs.Count > 0) return new(pairs);
        var example = halves.Concat(leftOut).FirstOrDefault();
        throw new DataSetException($"{where} holds no pairs of files of equal names in folders A and B, or trainA and trainB: " +
            (example is null ? "it is empty." : $"for example {example.File}: {example.Reason}."));
    }

    /// <summary>The files of one side, whatever the other one has.</summary>
    /// <param name="entries">The files of the folder or archive, ordered by path.</param>
    /// <param name="where">The folder or archive, for messages.</param>
    /// <param name="isA">Which side.</param>
    /// <param name="look">Of a file whose name does not tell: null where its first bytes are a picture's, else what they are.</param>
    /// <param name="leftOut">Receives the side's files that are no pictures; with side A also those of neither side.</param>
    /// <returns>Names as if the side's folder were not there, ordered, and the files.</returns>
    /// <exception cref="DataSetException">The side has no file.</exception>
    public static (FileEntry[] Names, FileEntry[] Files) Side(
        FileEntry[] entries, string where, bool isA, Func<FileEntry, string?> look, List<SkippedImage> leftOut)
    {
        var files = new List<(FileEntry Name, FileEntry File)>();
        foreach (var entry in entries)
        {
            var parts = entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            var side = Locate(parts);
            if (side is { } at && at.IsA != isA) continue;
            if (PictureFiles.Problem(parts, () => look(entry)) is { } problem)
            {
                if (side is not null || isA) leftOut.Add(new(entry.Path, problem));
            }
            else if (side is { } own) files.Add((new FileEntry(own.Name + Path.GetExtension(entry.Path), 0, 0), entry));
            else if (isA) leftOut.Add(new(entry.Path, Reasons.BesideSides));
        }
        if (files.Count == 0)
            throw new DataSetException($"{where} holds no pictures in a folder {(isA ? "A" : "B")} or train{(isA ? "A" : "B")}, which " +
                "unpaired folders need beside the other one.");
        files.Sort((a, b) => string.CompareOrdinal(a.Name.Path, b.Name.Path));
        return ([.. files.Select(file => file.Name)], [.. files.Select(file => file.File)]);
    }

    private static IEnumerable<SkippedImage> Without(
        Dictionary<string, FileEntry> side, Dictionary<string, FileEntry> other, string reason) =>
        side.Where(file => !other.ContainsKey(file.Key)).Select(file => new SkippedImage(file.Value.Path, reason));

    /// <summary>The side that a file is of, and its path without that and without its ending; null where no folder tells.</summary>
    private static (bool IsA, string Name)? Locate(string[] parts)
    {
        for (var i = 0; i < parts.Length - 1; i++)
        {
            if (parts[i] is not [.. var split, ('A' or 'B') and var side]) continue;
            if (split.Length > 0 && !FolderLayout.IsSplit(split)) continue;
            string[] rest = [.. parts[..i], .. split.Length > 0 ? [split] : (string[])[], .. parts[(i + 1)..^1]];
            return (side == 'A', ComposedText.Of(string.Join('/', [.. rest, Path.GetFileNameWithoutExtension(parts[^1])])));
        }
        return null;
    }
}
