namespace GanPipeline.TestSupport;

/// <summary>Where the checkout and the data beside it lie, found from the test assembly upwards.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of shared data beside the checkout, which may be absent.</summary>
    public static string Shared => Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>The built program gan.dll, compiled ahead of time as users have it; the copy beside a test's assembly is not.</summary>
    public static string Gan { get; } =
        Path.Combine(Root, "artifacts", "bin", "GanPipeline.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')), "gan.dll");

    public static bool HasShared(string relativePath) => Path.Exists(Path.Combine(Shared, relativePath));

    private static string FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "GanPipeline.sln"))) return d.FullName;
        throw new DirectoryNotFoundException("No GanPipeline.sln above " + AppContext.BaseDirectory);
    }
}
