using GanPipeline.Inference;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Models whose weights are in a file beside them.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private static readonly ExportOptions _outside = new() { ExternalData = true };

    private readonly TemporaryFolder _folder = new();

    private string[] Files => [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public void Dispose() => _folder.Dispose();

    private static Module<Tensor, Tensor> Network() => Sequential(Linear(16, 64), ReLU(), Linear(64, 33), ReLU(), Linear(33, 4));

    [Fact]
    public void Weights_go_into_one_file_and_the_model_is_the_same()
    {
        using var network = Network();
        var inside = OnnxExporter.Export(network, _folder["inside.onnx"], [16]);
        var result = OnnxExporter.Export(network, _folder["net.onnx"], [16], _outside);

        Assert.Equal(["inside.onnx", "net.onnx", Path.GetFileName(result.DataPath)!], Files);
        Assert.Matches("^net\\.onnx\\.[0-9a-f]{8}\\.data$", Path.GetFileName(result.DataPath));
        Assert.Equal(new FileInfo(result.Path).Length + new FileInfo(result.DataPath!).Length, result.Bytes);
        Assert.Null(inside.DataPath);
        var tensors = Exported.Read(result.Path).Graph.Initializer;
        // The third is too small to be worth it.
        Assert.Equal(2, tensors.Count(tensor => tensor.DataLocation == DataLocation.External));
        Assert.All(tensors.Where(tensor => tensor.DataLocation == DataLocation.External), tensor =>
            Assert.Equal(0, long.Parse(tensor.ExternalData.Single(entry => entry.Key == "offset").Value, null) % 4096));
        // Whole again, it is the other file.
        Assert.Equal(Exported.Read(inside.Path), ModelContent.ReadWeights(result.Path));
        ModelCheck.Require(result.Path);
        Assert.True(OnnxVerifier.Verify(network, result.Path, [ModelInput.Normal("input", [16])]).Agrees);
        using var other = Network();
        Assert.Equal(6, ModuleWeights.Load(other, result.Path).Loaded.Count);
        Assert.Equal(network.state_dict()["2.weight"], other.state_dict()["2.weight"]);
    }

    /// <summary>The model names its data, so that it is whole before and after it is replaced; what it has no more goes.</summary>
    [Fact]
    public void An_older_models_data_go_with_it()
    {
        File.WriteAllText(_folder["net.onnx.mine.data"], "");
        File.WriteAllText(_folder["another.onnx.01234567.data"], "");
        using var network = Network();
        var first = OnnxExporter.Export(network, _folder["net.onnx"], [16], _outside);
        Assert.Equal(first.DataPath, OnnxExporter.Export(network, _folder["net.onnx"], [16], _outside).DataPath);
        using (no_grad()) network.parameters().First().add_(1);
        var second = OnnxExporter.Export(network, _folder["net.onnx"], [16], _outside);
        Assert.NotEqual(first.DataPath, second.DataPath);
        string[] others = ["another.onnx.01234567.data", "net.onnx.mine.data"];
        Assert.Equal([.. others.Append("net.onnx").Append(Path.GetFileName(second.DataPath)!).Order(StringComparer.Ordinal)], Files);
        OnnxExporter.Export(network, _folder["net.onnx"], [16]);
        Assert.Equal([.. others.Append("net.onnx").Order(StringComparer.Ordinal)], Files);
    }

    [Fact]
    public void Smaller_forms_have_data_too()
    {
        using var network = Network();
        var result = OnnxExporter.Export(network, _folder["net.onnx"], [16], _outside with { Precision = ModelPrecision.Float16 });
        Assert.Equal(["net.onnx", Path.GetFileName(result.DataPath)!], Files);
        Assert.Equal(result.Bytes, result.Reduced!.Bytes);
        ModelCheck.Require(result.Path);
    }

    [Fact]
    public void Nothing_is_left_where_no_model_is_written()
    {
        using var different = new Different();
        Assert.Throws<ExportException>(() => OnnxExporter.Export(different, _folder["net.onnx"], [16], _outside));
        Assert.Empty(Files);
        using var network = Network();
        Directory.CreateDirectory(_folder["folder.onnx"]);
        var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, _folder["folder.onnx"], [16], _outside));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
        Assert.Empty(Files);
    }

    private sealed class Different : Module<Tensor, Tensor>, IOnnxExportable
    {
        private readonly Module<Tensor, Tensor> _layer = Linear(16, 64);

        public Different() : base("Different") => RegisterComponents();

        public override Tensor forward(Tensor input) => _layer.call(input);

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs) => [graph.Sigmoid(graph.Call(_layer, inputs[0]))];
    }
}
