namespace GanPipeline.Studio;

/// <summary>The files of the pages, which are parts of the program.</summary>
internal static class EmbeddedFiles
{
    /// <summary>A file's bytes.</summary>
    /// <param name="name">As in <c>assets/studio.css</c>.</param>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    public static byte[] Read(string name) => TryRead(name) ?? throw new FileNotFoundException($"{name} is no part of the program.");

    /// <summary>A file's bytes; null where there is none of that name.</summary>
    public static byte[]? TryRead(string name)
    {
        using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
