using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>What the exporter wrote goes back into a network of the same form.</summary>
public sealed class OnnxWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Where the exporter computes with a parameter, the file has the result.
    private static readonly Dictionary<string, string[]> _computed = new()
    {
        ["modern discriminator"] = ["_block._bias1", "_block._bias2"],
        ["constants that ONNX cannot compute"] = ["_weight"],
        ["causal transformer"] = ["_positions.weight"],
        ["spectral normalisation"] = ["_weight", "u"],
    };

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Networks => RecordingTests.Names;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Weights_come_back_from_an_export(string name)
    {
        var (network, inputs) = RecordingTests.Make(name);
        using var given = network;
        OnnxExporter.Export(given, _folder["network.onnx"], inputs, new ExportOptions { FoldBatchNormalization = false });
        using var fresh = RecordingTests.Make(name).Network;

        var report = ModuleWeights.Load(fresh, _folder["network.onnx"], new WeightOptions { Strict = false });

        Assert.Empty(report.Mismatched);
        Assert.Equal(_computed.GetValueOrDefault(name) ?? [], report.Missing);
        var (expected, actual) = (given.state_dict(), fresh.state_dict());
        foreach (var match in report.Loaded)
            Assert.True(expected[match.Name].bytes.SequenceEqual(actual[match.Name].bytes), $"{match.Name}\n{report}");
    }
    [Fact]
    public void The_same_outputs_come_of_them()
    {
        using var scope = NewDisposeScope();
        var (network, inputs) = RecordingTests.Make("ResNet");
        OnnxExporter.Export(network, _folder["network.onnx"], inputs, new ExportOptions { FoldBatchNormalization = false });
        var fresh = RecordingTests.Make("ResNet").Network;
        ModuleWeights.Load(fresh, _folder["network.onnx"]);
        network.eval();
        fresh.eval();
        var x = randn(2, 3, 64, 64);
        var (expected, actual) = (((Module<Tensor, Tensor>)network).call(x), ((Module<Tensor, Tensor>)fresh).call(x));
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    [Fact]
    public void Folded_batch_normalizations_are_told()
    {
        using var network = Sequential(Conv2d(3, 4, 3, bias: false), BatchNorm2d(4), ReLU()).Trained();
        OnnxExporter.Export(network, _folder["network.onnx"], [3, 8, 8]);
        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, _folder["network.onnx"]));
        Assert.Contains("missing in the file: 1.weight, 1.bias, 1.running_mean, 1.running_var", error.Message);
        Assert.Contains("Export it with ExportOptions.FoldBatchNormalization = false", error.Message);
    }

    [Fact]
    public void One_of_several_networks_is_taken_by_its_name()
    {
        using var body = Sequential(Linear(4, 6), ReLU(), Linear(6, 6)).Trained();
        using var head = Sequential(Linear(6, 2)).Trained();
        OnnxExporter.Export(new ExportDescription
        {
            Modules = [("body", body), ("head", head)],
            Inputs = [ModelInput.Normal("x", [4])],
            Outputs = ["y"],
            Graph = (graph, x) => [graph.Call(head, graph.Call(body, x))],
            Torch = x => [head.call(body.call(x[0]))],
        }, _folder["both.onnx"]);
        using var fresh = Sequential(Linear(6, 2));
        var report = ModuleWeights.Load(fresh, _folder["both.onnx"], new WeightOptions { Prefix = "head." });
        Assert.Equal(["head_0_weight", "head_0_bias"], report.Loaded.Select(match => match.Source));
        Assert.Equal(head.state_dict()["0.weight"].bytes.ToArray(), fresh.state_dict()["0.weight"].bytes.ToArray());
        Assert.Equal(["body_0_weight", "body_0_bias", "body_2_weight", "body_2_bias"], report.Unused);
    }

    /// <summary>A square weight does not tell by its shape whether it is transposed: the operator does.</summary>
    [Fact]
    public void Products_over_further_axes_have_transposed_weights()
    {
        using var network = Sequential(Linear(5, 5), Linear(5, 5), Linear(5, 3)).Trained();
        OnnxExporter.Export(network, _folder["network.onnx"], [7, 5]);
        using var fresh = Sequential(Linear(5, 5), Linear(5, 5), Linear(5, 3));
        ModuleWeights.Load(fresh, _folder["network.onnx"]);
        Assert.All(network.state_dict(), entry =>
            Assert.Equal(entry.Value.bytes.ToArray(), fresh.state_dict()[entry.Key].bytes.ToArray()));
    }

    [Fact]
    public void Names_that_become_the_same_identifier_are_not_guessed()
    {
        using var network = Sequential(("a", Sequential(("b_c", Linear(2, 2)))), ("a_b", Sequential(("c", Linear(2, 2))))).Trained();
        OnnxExporter.Export(network, _folder["network.onnx"], [2]);
        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, _folder["network.onnx"]));
        Assert.Contains("missing in the file: a.b_c.weight, a.b_c.bias, a_b.c.weight, a_b.c.bias", error.Message);
        Assert.Contains("stand for two of the network's names", error.Message);
    }

    /// <summary>Numbers one by one, and float16, as other exporters write them.</summary>
    [Fact]
    public void Initializers_have_several_forms()
    {
        using var network = Linear(2, 1);
        var model = OnnxExporter.Convert(network, [2]);
        foreach (var tensor in model.Graph.Initializer)
        {
            var values = tensor.RawData.ToByteArray();
            tensor.RawData = Google.Protobuf.ByteString.Empty;
            var numbers = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(values).ToArray();
            if (tensor.Name == "bias")
            {
                tensor.DataType = (int)Onnx.TensorProto.Types.DataType.Float16;
                tensor.Int32Data.AddRange(numbers.Select(number => (int)BitConverter.HalfToUInt16Bits((Half)number)));
            }
            else
            {
                tensor.FloatData.AddRange(numbers);
            }
        }
        File.WriteAllBytes(_folder["network.onnx"], Google.Protobuf.MessageExtensions.ToByteArray(model));
        using var fresh = Linear(2, 1);
        ModuleWeights.Load(fresh, _folder["network.onnx"]);
        Assert.Equal(network.weight.data<float>().ToArray(), fresh.weight.data<float>().ToArray());
        Assert.Equal(network.bias!.data<float>()[0], fresh.bias!.data<float>()[0], 1e-3f);
    }
}
