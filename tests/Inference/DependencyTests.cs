using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GanPipeline.Inference.Tests;

public class DependencyTests
{
    /// <summary>Who deploys a generator installs neither Torch nor ML.NET: nothing below the built assembly names them.</summary>
    [Fact]
    public void Nothing_below_Inference_is_Torch_or_ML_NET()
    {
        var reached = new Dictionary<string, string[]>();
        Walk("GanPipeline.Inference", reached);
        Assert.Contains("Microsoft.ML.OnnxRuntime", reached.Keys);
        Assert.Contains("MathNet.Numerics", reached.Keys);
        Assert.All(reached.Keys, name =>
        {
            Assert.DoesNotContain("Torch", name, StringComparison.OrdinalIgnoreCase);
            Assert.True(name == "Microsoft.ML.OnnxRuntime" || !name.StartsWith("Microsoft.ML", StringComparison.Ordinal), name);
            Assert.True(name is "GanPipeline.Inference" or "GanPipeline.Data" || !name.StartsWith("GanPipeline", StringComparison.Ordinal), name);
        });
    }

    // By the files' metadata, so that nothing is loaded; assemblies that lie elsewhere are the framework's own.
    private static void Walk(string name, Dictionary<string, string[]> reached)
    {
        string path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (reached.ContainsKey(name) || !File.Exists(path)) return;
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        reached[name] = [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
        foreach (string reference in reached[name]) Walk(reference, reached);
    }
}
