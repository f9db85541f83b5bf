using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GanPipeline.ML.Tests;

public class DependencyTests
{
    /// <summary>Who uses the models in ML.NET installs no Torch: nothing below the built assembly names it.</summary>
    [Fact]
    public void Nothing_below_ML_is_Torch()
    {
        HashSet<string> reached = [];
        Walk("GanPipeline.ML", reached);
        Assert.Subset(reached, new HashSet<string> { "GanPipeline.Inference", "GanPipeline.Data", "Microsoft.ML.OnnxRuntime" });
        Assert.All(reached, name => Assert.DoesNotContain("Torch", name, StringComparison.OrdinalIgnoreCase));
        Assert.All(reached.Where(name => name.StartsWith("GanPipeline", StringComparison.Ordinal)),
            name => Assert.Contains(name, (string[])["GanPipeline.ML", "GanPipeline.Inference", "GanPipeline.Data", "GanPipeline.Core"]));
    }

    // By the files' metadata, so that nothing is loaded; assemblies that lie elsewhere are the framework's own.
    private static void Walk(string name, HashSet<string> reached)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (!File.Exists(path) || !reached.Add(name)) return;
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var reference in metadata.AssemblyReferences)
            Walk(metadata.GetString(metadata.GetAssemblyReference(reference).Name), reached);
    }
}
