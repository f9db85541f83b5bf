using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GanPipeline.TestSupport;

/// <summary>
/// What built assemblies refer to, by the files' metadata, so that nothing is loaded. The framework's own assemblies do not count.
/// </summary>
public static class AssemblyReferences
{
    /// <summary>The assemblies that an assembly itself names.</summary>
    public static IReadOnlyList<string> Direct(string name)
    {
        using var file = new PEReader(File.OpenRead(PathOf(name)));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name)).Where(IsShipped)
            .Order()];
    }

    /// <summary>The assemblies that an assembly reaches, directly or through others, without itself.</summary>
    public static IReadOnlyCollection<string> Reached(string name)
    {
        var reached = new SortedSet<string>();
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            foreach (var reference in Direct(next))
                if (reached.Add(reference)) open.Push(reference);
        }
        return reached;
    }

    /// <summary>Whether an assembly is part of Torch or ML.NET; ONNX Runtime, whose name begins like ML.NET's, is not.</summary>
    public static bool IsTorchOrMLNet(string name) =>
        name.Contains("Torch", StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("Microsoft.ML", StringComparison.Ordinal) && name != "Microsoft.ML.OnnxRuntime");

    // Assemblies that do not lie in the output folder are the framework's.
    private static bool IsShipped(string name) => File.Exists(PathOf(name));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");
}
