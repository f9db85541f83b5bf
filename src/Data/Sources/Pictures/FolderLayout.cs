namespace GanPipeline.Data;

/// <summary>
/// Which files of a folder or archive are pictures, of which class and of which split. Classes are the sub-folders. Where all of these are
/// named <c>train</c>, <c>test</c> or <c>val</c>, they are the splits, and the classes lie below. A single folder around everything, as in
/// many archives, is skipped. Where no folder gives pictures to test with, a share is held out.
/// </summary>
internal sealed class FolderLayout
{
    private static readonly string[] _trainNames = ["train", "training"], _testNames = ["test", "testing"],
        _otherNames = ["val", "valid", "validation"];

    private FolderLayout(IReadOnlyList<string> classes, List<(int Entry, int Label)> pictures, List<int> all) =>
        (Classes, Pictures, All) = (classes, pictures, all);

    /// <summary>Empty where no picture lies in a sub-folder.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The pictures' places in the file list, in its order, and their labels, -1 for those beside the class folders.</summary>
    public IReadOnlyList<(int Entry, int Label)> Pictures { get; }

    /// <summary>The places of all pictures, those of other splits too.</summary>
    public IReadOnlyList<int> All { get; }

    /// <summary>The same with some of the pictures.</summary>
    /// <param name="isKept">Whether a picture, by its place in the file list, is kept.</param>
    public FolderLayout Only(Func<int, bool> isKept) => new(Classes, [.. Pictures.Where(p => isKept(p.Entry))], [.. All]);

    /// <param name="entries">The files of the folder or archive.</param>
    /// <param name="options">Which split is asked for.</param>
    /// <param name="where">The folder or archive, for messages.</param>
    /// <param name="look">Of a file whose name does not tell: null where its first bytes are a picture's, else what they are.</param>
    /// <param name="leftOut">Files that are left out already; those that are left out here are added.</param>
    /// <exception cref="DataSetException">There are no pictures, or none of the split.</exception>
    public static FolderLayout Read(FileEntry[] entries, DataOptions options, string where, Func<FileEntry, string?> look,
        List<SkippedImage> leftOut)
    {
        var files = new List<(int Entry, string[] Parts)>();
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            var parts = entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (PictureFiles.Problem(parts, () => look(entry)) is { } problem) leftOut.Add(new(entry.Path, problem));
            else files.Add((i, parts));
        }
        if (files.Count == 0) throw NoPictures(where, leftOut);

        var depth = 0;
        while (IsWrapper(files, depth)) depth++;
        var partition = options.Partition is { } file ? PartitionFile.Read(file) : null;
        if (options.Missing == MissingAttributes.Error) partition?.Require([.. files.Select(f => entries[f.Entry].Path)]);
        var bySplit = HasSplits(files, depth);
        if (bySplit)
        {
            if (partition is null) leftOut.AddRange(files.Where(f => f.Parts.Length <= depth + 1)
                .Select(f => new SkippedImage(entries[f.Entry].Path, Reasons.BesideSplits)));
            depth++;
        }
        var folders = files.Where(f => f.Parts.Length > depth + 1).Select(f => f.Parts[depth]).ToHashSet();
        string[] classes = [.. folders.Select(ComposedText.Of).Distinct().Order(StringComparer.Ordinal)];
        var labels = folders.ToDictionary(folder => folder, folder => Array.IndexOf(classes, ComposedText.Of(folder)));
        // Where only those to train with have a folder, as in train or trainA and trainB, some are held out of it.
        var hasTest = bySplit && files.Any(f => IsIn(f.Parts, depth - 1, _testNames) || IsIn(f.Parts, depth - 1, _otherNames));
        var chosen = files.Where(f => partition is not null ? partition.IsIn(entries[f.Entry].Path, options.Split)
            : bySplit && !hasTest ? IsIn(f.Parts, depth - 1, _trainNames) && IsKept(entries[f.Entry].Path, options)
            : bySplit ? IsInSplit(f.Parts, depth - 1, options.Split)
            : IsKept(entries[f.Entry].Path, options)).ToList();
        // Sets such as Imagenette have no folder test: what is to be tested with is in val.
        if (chosen.Count == 0 && options.Split == "test" && bySplit && partition is null)
            chosen = [.. files.Where(f => IsIn(f.Parts, depth - 1, _otherNames))];
        if (chosen.Count == 0)
        {
            throw new DataSetException(partition is not null
                ? $"{options.Partition} puts none of the {files.Count} pictures of {where} into the split {options.Split}."
                : hasTest
                ? $"{where} has sub-folders for its splits, but none with pictures for {options.Split}."
                : options.Split == "test" && options.HoldOut == 0
                ? $"{where} {(bySplit ? "has a sub-folder to train with alone" : WithoutTest(classes))}, and nothing is held out for " +
                    "testing: give a share to hold out, such as 0.1."
                : $"{where} has {files.Count} pictures. Holding out a share of {options.HoldOut} " +
                    (options.Keypoints is null ? "" : "of the first parts of their names, up to the first _, ") +
                    $"leaves none for {options.Split}.");
        }
        return new FolderLayout(classes,
            [.. chosen.Select(f => (f.Entry, f.Parts.Length > depth + 1 ? labels[f.Parts[depth]] : -1))], [.. files.Select(f => f.Entry)]);
    }

    private static DataSetException NoPictures(string where, List<SkippedImage> leftOut) => new(leftOut.Count == 0
        ? $"{where} holds no pictures: it is empty."
        : $"{where} holds no pictures: none of its {leftOut.Count} files is one. For example {leftOut[0].File}: {leftOut[0].Reason}.");

    private static string WithoutTest(string[] classes) => classes.FirstOrDefault(name => IsOneOf(name, _testNames)) is { } test
        ? $"has a sub-folder named {test}, but beside others that are no splits ({FileNames.Some(
            [.. classes.Where(name => !IsSplit(name))], 3)}), so that it is a class"
        : "has no sub-folder named test";

    /// <summary>Folders are splits if all of them are: a class may be named train.</summary>
    private static bool HasSplits(List<(int Entry, string[] Parts)> files, int depth)
    {
        var folders = files.Where(f => f.Parts.Length > depth + 1).Select(f => f.Parts[depth]).ToHashSet();
        return folders.All(IsSplit) && folders.Any(folder => !IsOneOf(folder, _otherNames));
    }

    /// <summary>Whether a folder of this name is a split.</summary>
    public static bool IsSplit(string folder) =>
        IsOneOf(folder, _trainNames) || IsOneOf(folder, _testNames) || IsOneOf(folder, _otherNames);

    private static bool IsOneOf(string folder, string[] names) => names.Contains(folder, StringComparer.OrdinalIgnoreCase);

    private static bool IsWrapper(List<(int Entry, string[] Parts)> files, int depth)
    {
        var first = files[0].Parts;
        return first.Length > depth + 1 && !IsIn(first, depth, _trainNames) && !IsIn(first, depth, _testNames)
            && files.All(f => f.Parts.Length > depth + 1 && f.Parts[depth] == first[depth])
            && files.Any(f => f.Parts.Length > depth + 2);
    }

    private static bool IsIn(string[] parts, int depth, string[] names) =>
        parts.Length > depth + 1 && IsOneOf(parts[depth], names);

    private static bool IsInSplit(string[] parts, int depth, string split) => split switch
    {
        "train" => IsIn(parts, depth, _trainNames),
        "test" => IsIn(parts, depth, _testNames),
        _ => IsIn(parts, depth, _trainNames) || IsIn(parts, depth, _testNames) || IsIn(parts, depth, _otherNames),
    };

    /// <summary>
    /// Whether a file is held out depends on its path alone, so that adding files moves none; of poses on whom it shows, so that nobody is
    /// on both sides.
    /// </summary>
    private static bool IsKept(string path, DataOptions options)
    {
        if (options.Split == "all") return true;
        var hash = Hashing.OfText(options.Keypoints is null ? path : FileNames.Identity(path));
        return Hashing.Unit(Hashing.Combine(hash, options.Seed)) < options.HoldOut == (options.Split == "test");
    }
}
