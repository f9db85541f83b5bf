namespace GanPipeline.Evaluation.Tests;

public class DependencyTests
{
    [Fact]
    public void Evaluation_needs_no_Torch_and_no_ML_NET()
    {
        Assert.Equal(["GanPipeline.Core", "GanPipeline.Data", "GanPipeline.Inference", "MathNet.Numerics", "System.Numerics.Tensors"],
            AssemblyReferences.Direct("GanPipeline.Evaluation"));
        Assert.DoesNotContain(AssemblyReferences.Reached("GanPipeline.Evaluation"), AssemblyReferences.IsTorchOrMLNet);
    }
}
