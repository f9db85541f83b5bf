namespace GanPipeline.Data;

/// <summary>The IDX files of one set: which file holds the images, and which the labels, of each split.</summary>
internal sealed class IdxFiles : IDisposable
{
    private readonly string _path;
    private readonly DataFiles _files;
    private readonly (DataFile File, IdxName Name)[] _own;

    private IdxFiles(string path, string? subset, DataFiles files)
    {
        (_path, _files) = (path, files);
        var named = files.Files.Select(f => (File: f, Name: IdxName.Parse(f.Name)!)).ToList();
        var sets = named.Where(f => f.Name.IsImages).Select(f => (f.File.Folder, f.Name.Set)).Distinct().ToList();
        Any = sets.Count > 0;
        if (subset is not null) sets = Chosen(sets, subset);
        // The outermost folder counts: beside MNIST's files may lie a folder with copies of them.
        if (sets.Count > 0) sets = [.. sets.Where(s => Depth(s.Folder) == sets.Min(o => Depth(o.Folder)))];
        if (sets.Count > 1) throw new DataSetException(Several(sets, subset));
        var own = sets.FirstOrDefault();
        Set = own.Set ?? "";
        _own = sets.Count == 0 ? [] : [.. named.Where(f => (f.File.Folder, f.Name.Set) == own)];
    }

    /// <summary>Whether there are images in IDX files, of whatever set.</summary>
    public bool Any { get; }

    /// <summary>The name that the set's files begin with, as in <c>emnist-letters</c>; empty for MNIST's.</summary>
    public string Set { get; }

    /// <summary>Finds the files in a folder or archive, at some depth.</summary>
    /// <param name="path">As in <c>MNIST</c>, <c>MNIST/raw</c>, or EMNIST's <c>gzip.zip</c>.</param>
    /// <param name="subset">Which of several sets; null if there is one.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DataSetException">There are several sets to choose from, or none of that name.</exception>
    public static IdxFiles Find(string path, string? subset, CancellationToken cancellationToken)
    {
        var files = DataFiles.Find(path, name => IdxName.Parse(name) is not null, cancellationToken);
        try { return new(path, subset, files); }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <exception cref="DataSetException">It is missing or damaged.</exception>
    public IdxFile Images(string split, CancellationToken cancellationToken) => Read(split, true, cancellationToken) ??
        throw new DataSetException($"There is no {NameOf(split)}, nor {NameOf(split)}.gz, in {_path}.");

    /// <summary>The labels of a split; null if there are none.</summary>
    /// <exception cref="DataSetException">The file is damaged.</exception>
    public IdxFile? Labels(string split, CancellationToken cancellationToken) => Read(split, false, cancellationToken);

    public void Dispose() => _files.Dispose();

    private IdxFile? Read(string split, bool images, CancellationToken cancellationToken)
    {
        // What is unpacked is preferred to what is packed, and MNIST's own way to write the name to others.
        var file = _own.Where(f => f.Name.Split == split && f.Name.IsImages == images).Select(f => (DataFile?)f.File)
            .OrderBy(f => f!.Value.Name.EndsWith(".gz", StringComparison.Ordinal)).ThenBy(f => f!.Value.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return file is { } found
            ? new IdxFile(_files.Where(found), () => _files.Open(found), images ? 3 : 1, cancellationToken) : null;
    }

    private string NameOf(string split) =>
        (Set.Length > 0 ? Set + "-" : "") + (split == "train" ? "train" : Set.Length > 0 ? "test" : "t10k") + "-images-idx3-ubyte";

    private static int Depth(string folder) => folder.Length == 0 ? 0 : 1 + folder.AsSpan().Count('/');

    /// <summary>Those that are called so, or of which that is the last part: "letters" is "emnist-letters".</summary>
    private List<(string Folder, string Set)> Chosen(List<(string Folder, string Set)> sets, string subset)
    {
        List<(string Folder, string Set)> chosen = [.. sets.Where(s =>
            s.Set == subset || s.Set.EndsWith("-" + subset, StringComparison.Ordinal))];
        return chosen.Count > 0 || sets.Count == 0 ? chosen
            : throw new DataSetException($"There is no set '{subset}' in {_path}; there are: {Names(sets)}.");
    }

    private string Several(List<(string Folder, string Set)> sets, string? subset) =>
        subset is null && sets.DistinctBy(s => s.Set).Count() == sets.Count
            ? $"{_path} holds several sets: {Names(sets)}. Say which (data.subset)."
            : $"{_path} holds several sets, in {string.Join(", ", sets.Select(s => s.Folder).Distinct())}. Give one's folder.";

    private static string Names(List<(string Folder, string Set)> sets) =>
        string.Join(", ", sets.Select(s => s.Set.Length == 0 ? "MNIST's" : s.Set[(s.Set.LastIndexOf('-') + 1)..]).Distinct().Order(
            StringComparer.Ordinal));
}
