namespace GanPipeline.Data;

/// <summary>Finds out which known data set a folder, archive or file holds.</summary>
internal static class KnownSets
{
    /// <summary>
    /// The value of <see cref="DataOptions.Kind"/> that fits, and the set's name for messages; null if it is no known set.
    /// </summary>
    /// <remarks>What cannot be read is none: what is wrong is told where it is opened.</remarks>
    public static (string Kind, string Title)? Recognize(string path, CancellationToken cancellationToken)
    {
        try { return Look(path, cancellationToken); }
        catch (DataSetException) { return null; }
    }

    private static (string Kind, string Title)? Look(string path, CancellationToken cancellationToken)
    {
        foreach (var set in (CifarSet[])[CifarSet.Ten, CifarSet.Hundred])
        {
            if (File.Exists(path) && set == CifarSet.Ten && set.Has(Path.GetFileName(path))) return (set.Kind, set.Title);
            using var files = CifarFiles.Find(set, path, cancellationToken);
            if (files.AreCertain) return (set.Kind, set.Title);
        }
        if (File.Exists(path) && IdxName.Parse(Path.GetFileName(path)) is not null) return ("idx", "IDX");
        using var idx = DataFiles.Find(path, name => IdxName.Parse(name) is { IsImages: true }, cancellationToken);
        return idx.Files.Count > 0 ? ("idx", "IDX") : null;
    }
}
