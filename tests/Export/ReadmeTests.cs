namespace GanPipeline.Export.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        folder.RunInside(ReadmeProgram.Run);
        Assert.Equal(["logits"], Exported.Read(folder["residual.onnx"]).Graph.Output.Select(output => output.Name));
        Assert.Equal(["Gemm", "Mul", "Sigmoid", "Mul"], Exported.Read(folder["swish.onnx"]).Operators());
        Assert.Equal(["features", "scores"], Exported.Read(folder["both.onnx"]).Graph.Output.Select(output => output.Name));
        Assert.True(File.Exists(folder["encoder.onnx"]));
    }
}
