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

    [Fact]
    public void Weights_are_loaded_and_go_out_again()
    {
        (string Name, long[] Shape, float[] Values) Of(string name, params long[] shape) =>
            (name, shape, [.. Enumerable.Range(1, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => i % 7 / 70f)]);
        (string Name, long[] Shape, float[] Values)[] tensors = [Of("0.weight", 100, 64, 4, 4), Of("1.weight", 64), Of("1.bias", 64),
            Of("1.running_mean", 64), Of("1.running_var", 64), Of("3.weight", 64, 3, 4, 4), Of("3.bias", 3)];
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["generator.pt"], TorchStateDict.Archive(tensors));
        File.WriteAllBytes(folder["checkpoint.pt"], TorchStateDict.Checkpoint(
            ("netG", [.. tensors.Select(tensor => tensor with { Name = "main." + tensor.Name })]), ("netD", [Of("0.weight", 2)])));
        folder.RunInside(() => Program2.ReadmeProgram.Run([]));
        Assert.Equal(["ConvTranspose", "Relu", "ConvTranspose", "Tanh"], Exported.Read(folder["fromTorch.onnx"]).Operators());
    }
}
