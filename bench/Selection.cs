namespace GanPipeline.Bench;

/// <summary>Which benchmarks a name asks for.</summary>
internal static class Selection
{
    /// <summary>A row is asked for by its name, or by the first parts of it: <c>train</c>, <c>train/dcgan64</c>.</summary>
    public static bool Matches(string filter, string name) =>
        filter.Length == 0 || name == filter || name.StartsWith(filter + "/", StringComparison.Ordinal);
}
