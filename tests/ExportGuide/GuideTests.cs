using Onnx;

namespace GanPipeline.ExportGuide.Tests;

/// <summary>The programs of docs/export.md run as they stand, one after the other.</summary>
public class GuideTests
{
    [Fact]
    public void The_programs_run_as_they_stand()
    {
        using var folder = new TemporaryFolder();
        using var network = new SmallUNet();
        File.WriteAllBytes(folder["unet.pt"], TorchStateDict.Archive([.. network.state_dict()
            .Where(entry => entry.Value.is_floating_point())
            .Select(entry => (entry.Key, entry.Value.shape, entry.Value.data<float>().ToArray()))]));

        folder.RunInside(ReadmeProgram.Run);
        folder.RunInside(() => Program2.ReadmeProgram.Run([]));
        folder.RunInside(() => Program3.ReadmeProgram.Run([]));
        folder.RunInside(() => Program4.ReadmeProgram.Run([]));
        folder.RunInside(() => Program5.ReadmeProgram.Run([]));
        folder.RunInside(() => Program6.ReadmeProgram.Run([]));
        folder.RunInside(() => Program7.ReadmeProgram.Run([]));

        var sizes = Read(folder["any-size.onnx"]).Graph.Output.Single().Type.TensorType.Shape.Dim;
        Assert.Equal(["N", "", "height", "width"], sizes.Select(size => size.DimParam));
        Assert.Contains("agree within", File.ReadAllText(folder["verification.html"]));
        Assert.True(File.Exists(folder["from-pytorch.onnx"]));
        Assert.Contains("QuantizeLinear", Read(folder["unet-int8.onnx"]).Graph.Node.Select(node => node.OpType));
        Assert.Single(Directory.GetFiles(folder.Path, "net.onnx.*.data"));
        Assert.Equal(["Gemm", "Softplus"], Read(folder["converted.onnx"]).Graph.Node.Select(node => node.OpType));
    }

    private static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
}
