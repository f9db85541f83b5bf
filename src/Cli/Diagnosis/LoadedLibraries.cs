namespace GanPipeline.Cli;

/// <summary>The native libraries that this process has loaded, as the system knows them.</summary>
internal static class LoadedLibraries
{
    /// <summary>Full paths; empty where the system does not tell.</summary>
    public static IReadOnlyList<string> Paths()
    {
        const string maps = "/proc/self/maps";
        if (File.Exists(maps))
        {
            return [.. File.ReadLines(maps).Select(l => l.IndexOf('/', StringComparison.Ordinal) is var at && at >= 0 ? l[at..] : "")
                .Where(p => p.Contains(".so", StringComparison.Ordinal)).Distinct()];
        }
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return [.. process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(m => m.FileName).OfType<string>()];
    }

    /// <summary>The first loaded library whose file name starts with one of the names, or null.</summary>
    public static string? Find(params string[] names)
        => Paths().FirstOrDefault(p => names.Any(n => Path.GetFileName(p).StartsWith(n, StringComparison.OrdinalIgnoreCase)));
}
