namespace GanPipeline.Data;

/// <summary>Names of files in tables, which may be whole paths or the last part of them.</summary>
internal static class FileNames
{
    /// <summary>A path, then what is left of it without its first folder, and so on to the bare name.</summary>
    public static IEnumerable<string> EndsOf(string path)
    {
        yield return path;
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1)) yield return path[(at + 1)..];
    }

    /// <summary>
    /// Whom or what a picture shows, as the names of Market-1501's files tell it: what stands before the first <c>_</c> of
    /// <c>0002_c1s1_000451_03.jpg</c>; without one, the name without its ending.
    /// </summary>
    public static string Identity(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return ComposedText.Of(name.IndexOf('_', StringComparison.Ordinal) is >= 0 and var end ? name[..end] : name);
    }

    /// <summary>A name as it stands in tables, with forward slashes.</summary>
    public static string Normalized(string name)
    {
        name = name.Replace('\\', '/');
        return name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
    }

    /// <summary>Whether a file, by the parts of its path, is hidden, or one of those that a Mac adds to archives.</summary>
    public static bool IsHidden(string[] parts) => parts.Any(part => part.StartsWith('.') || part == "__MACOSX");

    /// <summary>The first few names, for a message.</summary>
    public static string Some(IReadOnlyList<string> names, int shown) =>
        string.Join(", ", names.Take(shown)) + (names.Count > shown ? ", ..." : "");
}
