using System.Reflection;

namespace GanPipeline.Packaging.Tests;

/// <summary>The libraries that become packages, as the project file of these tests finds them under src/.</summary>
public static class Libraries
{
    public static IReadOnlyList<string> Names { get; } = [.. typeof(Libraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(a => a.Value == "library").Select(a => a.Key).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Each => [.. Names];
}
