namespace GanPipeline.Export.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        folder.RunInside(ReadmeProgram.Run);
        Assert.Equal(["output"], Exported.Read(folder["classifier.onnx"]).Graph.Output.Select(output => output.Name));
        Assert.Equal(["latent", "label"], Exported.Read(folder["generator.onnx"]).Graph.Input.Select(input => input.Name));
        Assert.Equal(["Gemm", "Sigmoid", "Mul"], Exported.Read(folder["gated.onnx"]).Operators());
        Assert.Equal(["logits", "scores"], Exported.Read(folder["both.onnx"]).Graph.Output.Select(output => output.Name));
    }
}
