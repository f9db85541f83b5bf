namespace GanPipeline.Inference.Tests;

public class DependencyTests
{
    /// <summary>An application that deploys a generator installs neither Torch nor ML.NET nor a mathematics library.</summary>
    [Fact]
    public void Inference_needs_Core_ONNX_and_ImageSharp_alone()
    {
        Assert.Equal(["GanPipeline.Core", "Google.Protobuf", "Microsoft.ML.OnnxRuntime", "OnnxSharp", "SixLabors.ImageSharp"],
            AssemblyReferences.Direct("GanPipeline.Inference"));
        Assert.Empty(AssemblyReferences.Direct("GanPipeline.Core"));
        var reached = AssemblyReferences.Reached("GanPipeline.Inference");
        Assert.DoesNotContain(reached, AssemblyReferences.IsTorchOrMLNet);
        Assert.DoesNotContain(reached, name => name.StartsWith("MathNet", StringComparison.Ordinal));
        Assert.Equal(["GanPipeline.Core"], reached.Where(name => name.StartsWith("GanPipeline", StringComparison.Ordinal)));
    }
}
