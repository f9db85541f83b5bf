namespace GanPipeline.Data;

/// <summary>Which files of a folder or archive are taken for pictures: by their names, and else by their first bytes.</summary>
internal static class PictureFiles
{
    /// <summary>So many of a file's first bytes tell its format.</summary>
    public const int StartLength = 32;

    // Files of these names are taken for pictures unseen: if one is not, reading it will tell.
    private static readonly HashSet<string> _pictures = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff",
    };

    // Captions and tables, of which a folder has as many as pictures.
    private static readonly HashSet<string> _texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".md", ".html", ".htm", ".npy", ".npz", ".mat",
    };

    private static readonly HashSet<string> _backups = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bak", ".backup", ".old", ".orig", ".tmp", ".temp", ".swp", ".part", ".partial", ".crdownload", ".download",
    };

    // They begin as a TIFF does, with a small preview.
    private static readonly HashSet<string> _raw = new(StringComparer.OrdinalIgnoreCase)
    {
        ".dng", ".nef", ".cr2", ".arw", ".pef", ".srw", ".orf", ".rw2",
    };

    /// <summary>Null where the file is taken for a picture, else why not.</summary>
    /// <param name="parts">The parts of its path.</param>
    /// <param name="look">Null where the first bytes are a picture's, else what they are.</param>
    public static string? Problem(string[] parts, Func<string?> look)
    {
        if (parts.Length == 0 || FileNames.IsHidden(parts)) return Reasons.Hidden;
        var (name, ending) = (parts[^1], Path.GetExtension(parts[^1]));
        if (name.EndsWith('~') || _backups.Contains(ending)) return Reasons.Backup;
        if (_pictures.Contains(ending)) return null;
        if (_texts.Contains(ending)) return Reasons.NotLookedAt(ending.ToLowerInvariant());
        return _raw.Contains(ending) ? Reasons.NotRead("a camera's raw format") : look();
    }

    /// <summary>Reads a file's first bytes: null where they are a picture's, else what they are.</summary>
    public static string? Look(FileSet files, in FileEntry entry)
    {
        if (entry.Length == 0) return Reasons.Empty; // a pipe would not end
        Span<byte> start = stackalloc byte[StartLength];
        try { return PictureFormats.Problem(start[..files.ReadStart(entry, start)]); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Reasons.CannotOpen(e.Message);
        }
    }
}
