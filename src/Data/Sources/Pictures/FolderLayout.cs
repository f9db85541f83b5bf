namespace GanPipeline.Data;

/// <summary>
/// Which files of a folder or archive are pictures, of which class and of which split. Classes are the sub-folders; <c>train</c> and
/// <c>test</c> sub-folders come before them; a single folder around everything, as in many archives, is skipped.
/// </summary>
internal sealed class FolderLayout
{
    // The content decides whether a file is a picture. But captions and tables beside them should not be reported as damaged pictures.
    private static readonly HashSet<string> _pictureExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff",
        // These are mostly not read; each is reported as a picture that is left out.
        ".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd", ".tga", ".ico", ".pbm", ".pgm", ".ppm", ".qoi", ".svg", ".exr", ".hdr", ".dng",
            ".nef", ".cr2",
    };

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

    /// <exception cref="DataSetException">There are no pictures, or none of the split.</exception>
    public static FolderLayout Read(FileEntry[] entries, DataOptions options, string where)
    {
        var files = new List<(int Entry, string[] Parts)>();
        for (var i = 0; i < entries.Length; i++)
        {
            var parts = entries[i].Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 0 && _pictureExtensions.Contains(Path.GetExtension(parts[^1])) && !parts.Any(IsHidden)) files.Add(
                (i, parts));
        }
        if (files.Count == 0)
        {
            throw new DataSetException(
                $"{where} holds no pictures: " +
                $"{(entries.Length == 0 ? "it is empty" : $"none of its {entries.Length} files is named like one")} (png, jpg, bmp, gif, " +
                    "webp, tiff).");
        }

        var depth = 0;
        while (IsWrapper(files, depth)) depth++;
        var partition = options.Partition is { } file ? PartitionFile.Read(file) : null;
        if (options.Missing == MissingAttributes.Error) partition?.Require([.. files.Select(f => entries[f.Entry].Path)]);
        var bySplit = files.Any(f => IsIn(f.Parts, depth, _trainNames) || IsIn(f.Parts, depth, _testNames));
        if (bySplit) depth++;
        string[] classes = [.. files.Where(f => f.Parts.Length > depth + 1).Select(f => f.Parts[depth]).Distinct()
            .Order(StringComparer.Ordinal)];
        var labels = classes.Select((name, label) => (name, label)).ToDictionary(c => c.name, c => c.label);
        var chosen = files.Where(f => partition is not null ? partition.IsIn(entries[f.Entry].Path, options.Split)
            : bySplit ? IsInSplit(f.Parts, depth - 1, options.Split)
            : IsKept(entries[f.Entry].Path, options)).ToList();
        // Sets such as Imagenette have no folder test: what is to be tested with is in val.
        if (chosen.Count == 0 && options.Split == "test" && bySplit && partition is null)
            chosen = [.. files.Where(f => IsIn(f.Parts, depth - 1, _otherNames))];
        if (chosen.Count == 0)
        {
            throw new DataSetException(partition is not null
                ? $"{options.Partition} puts none of the {files.Count} pictures of {where} into the split {options.Split}."
                : bySplit
                ? $"{where} has sub-folders for its splits, but none with pictures for {options.Split}."
                : options.Split == "test" && options.HoldOut == 0
                ? $"{where} has no sub-folder named test, and nothing is held out for testing: give a share to hold out, such as 0.1."
                : $"{where} has {files.Count} pictures. Holding out a share of {options.HoldOut} leaves none for {options.Split}.");
        }
        return new FolderLayout(classes,
            [.. chosen.Select(f => (f.Entry, f.Parts.Length > depth + 1 ? labels[f.Parts[depth]] : -1))], [.. files.Select(f => f.Entry)]);
    }

    private static bool IsHidden(string part) => part.StartsWith('.') || part == "__MACOSX";

    private static bool IsWrapper(List<(int Entry, string[] Parts)> files, int depth)
    {
        var first = files[0].Parts;
        return first.Length > depth + 1 && !IsIn(first, depth, _trainNames) && !IsIn(first, depth, _testNames)
            && files.All(f => f.Parts.Length > depth + 1 && f.Parts[depth] == first[depth])
            && files.Any(f => f.Parts.Length > depth + 2);
    }

    private static bool IsIn(string[] parts, int depth, string[] names) =>
        parts.Length > depth + 1 && names.Contains(parts[depth], StringComparer.OrdinalIgnoreCase);

    private static bool IsInSplit(string[] parts, int depth, string split) => split switch
    {
        "train" => IsIn(parts, depth, _trainNames),
        "test" => IsIn(parts, depth, _testNames),
        _ => IsIn(parts, depth, _trainNames) || IsIn(parts, depth, _testNames) || IsIn(parts, depth, _otherNames),
    };

    /// <summary>Whether a file is held out depends on its path alone, so that adding files moves none.</summary>
    private static bool IsKept(string path, DataOptions options)
    {
        if (options.Split == "all") return true;
        var hash = 14695981039346656037; // FNV-1a, 64 bits
        foreach (var c in path) hash = (hash ^ c) * 1099511628211;
        return Hashing.Unit(Hashing.Combine((long)hash, options.Seed)) < options.HoldOut == (options.Split == "test");
    }
}
