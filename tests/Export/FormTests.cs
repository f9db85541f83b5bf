using System.Text.RegularExpressions;
using Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>
/// What the file is like: names, versions, constants, the dynamic batch, metadata; and that the network is left as it was.
/// </summary>
public partial class FormTests
{
    private static Module<Tensor, Tensor> Network() => Sequential(
        ("main", Sequential(Conv2d(3, 8, 3, padding: 1, bias: false), BatchNorm2d(8), LeakyReLU(0.2), Dropout())),
        ("2nd part", Sequential(("upsample", Upsample(size: [7, 9])), ("pad", ZeroPad2d(1)))),
        ("flatten", Flatten()),
        ("0", Linear(8 * 9 * 11, 2))).Trained();

    [Fact]
    public void An_attribute_of_zero_has_its_value_in_the_file()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(Conv2d(3, 8, 3), ELU(0), AdaptiveAvgPool2d([1, 1]), Flatten(), Softmax(1));
        var path = OnnxExporter.Export(network, folder["model.onnx"], [3, 8, 8]).Path;
        var bytes = File.ReadAllBytes(path);
        // Name, type Float (1) in field 20, the value in field 2.
        byte[] alpha = [0x0A, 5, .. "alpha"u8, 0xA0, 1, 1, 0x15, 0, 0, 0, 0];
        Assert.True(bytes.AsSpan().IndexOf(alpha) >= 0);
        // As ONNX reads it, nothing else is in it.
        Assert.Equal(OnnxExporter.Convert(network, [3, 8, 8]), Exported.Read(path));
    }

    [Fact]
    public void Names_are_unique_C_identifiers_made_from_the_modules_paths()
    {
        using var network = Network();
        var graph = Exported.From(network, [3, 5, 5]).Model.Graph;

        var values = graph.Node.SelectMany(node => node.Output).Concat(graph.Initializer.Select(tensor => tensor.Name))
            .Concat(graph.Input.Select(input => input.Name))
            .ToArray();
        Assert.All(values.Concat(graph.Node.Select(node => node.Name)).Append(graph.Name), name => Assert.Matches(Identifier(), name));
        Assert.Distinct(values);
        Assert.Distinct(graph.Node.Select(node => node.Name));
        Assert.Contains("main_0_Conv", values);
        Assert.Contains("main_0_weight", values);
        Assert.Contains("main_0_bias", values);
        Assert.Contains("layer_2nd_part_upsample_Resize", values);
        Assert.Contains("layer_0_weight", values);
        Assert.Equal("output", graph.Node[^1].Output.Single());
    }

    [Fact]
    public void The_default_is_operator_set_17_with_IR_8_and_a_batch_called_N()
    {
        using var network = Network();
        var model = Exported.From(network, [3, 5, 5]).Model;

        Assert.Equal(18, model.OpsetImport.Single().Version);
        Assert.Equal(8, model.IrVersion);
        Assert.Equal("GanPipeline", model.ProducerName);
        Assert.Equal(["N", "3", "5", "5"], Shape(model.Graph.Input.Single()));
        Assert.Equal(["N", "2"], Shape(model.Graph.Output.Single()));
    }

    [Fact]
    public void Constants_are_initializers_and_none_is_left_over()
    {
        using var network = Network();
        var graph = Exported.From(network, [3, 5, 5]).Model.Graph;

        Assert.DoesNotContain(graph.Node, node => node.OpType is "Constant" or "Identity" or "Dropout" or "BatchNormalization");
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet();
        Assert.All(graph.Initializer, tensor => Assert.Contains(tensor.Name, used));
        Assert.Single(graph.Input);
    }

    [Fact]
    public void Metadata_and_names_are_the_callers()
    {
        using var network = Linear(2, 3);
        var model = Exported.From(network, [2], new ExportOptions
        {
            InputName = "a", OutputName = "b", Metadata = new Dictionary<string, string> { ["author"] = "me", ["note"] = "ü" },
        }).Model;

        Assert.Equal(("a", "b"), (model.Graph.Input.Single().Name, model.Graph.Output.Single().Name));
        Assert.Equal(["author=me", "note=ü"], model.MetadataProps.Select(entry => $"{entry.Key}={entry.Value}"));
    }

    [Fact]
    public void An_output_that_is_an_input_and_two_outputs_that_are_one_value_have_names_of_their_own()
    {
        using var network = Linear(2, 3).Trained();
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(new ExportDescription
        {
            Modules = [("", network)],
            Inputs = [ModelInput.Uniform("x", [2], 0, 5)],
            Outputs = ["same", "y", "again"],
            Graph = (graph, x) => { var y = graph.Call(network, x); return [x[0], y, y]; },
            Torch = x => { var y = network.call(x[0]); return [x[0], y, y]; },
        }, folder["model.onnx"]);

        Assert.Equal(["same", "y", "again"], Exported.Read(folder["model.onnx"]).Graph.Output.Select(output => output.Name));
    }

    [Fact]
    public void An_export_leaves_no_tensors_behind()
    {
        using var network = Network();
        Exported.From(network, [3, 5, 5]);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Exported.From(network, [3, 5, 5]);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Names_and_operator_sets_that_cannot_be_are_refused()
    {
        Assert.Contains("'1st'", Assert.Throws<ArgumentException>(() => new ExportOptions { InputName = "1st" }).Message);
        Assert.Contains("'my output'", Assert.Throws<ArgumentException>(() => new ExportOptions { OutputName = "my output" }).Message);
        Assert.Contains("13 to 25", Assert.Throws<ArgumentOutOfRangeException>(() => new ExportOptions { Opset = 12 }).Message);
        Assert.Contains("13 to 25", Assert.Throws<ArgumentOutOfRangeException>(() => new ExportOptions { Opset = 99 }).Message);
        using var network = Linear(2, 3);
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(
            () => Exported.From(network, [2], new ExportOptions { InputName = "x", OutputName = "x" })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Exported.From(network, [0]));
    }

    private static IEnumerable<string> Shape(ValueInfoProto value) =>
        value.Type.TensorType.Shape.Dim.Select(size => size.HasDimParam ? size.DimParam : $"{size.DimValue}");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();
}
