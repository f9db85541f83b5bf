using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests;

/// <summary>What a forward does that no ONNX graph can do, or that the exporter cannot see, is told by place and never guessed.</summary>
public class RefusalTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, string[] Told)> _functions = new()
    {
        ["random numbers"] = (x => x + randn_like(x), ["calls torch.randn_like", "draws random numbers"]),
        ["dropout in evaluation mode"] = (x => F.dropout(x, 0.5, training: true), ["drops elements at random", "training: training"]),
        ["a branch by a value"] = (x => x.sum().item<float>() > 0 ? x : -x, ["by item", "torch.where in place of a branch"]),
        ["a number of the input's"] = (x => x * (float)x.max(), ["by op_Explicit"]),
        ["a branch by the batch"] = (x => x.shape[0] > 2 ? x.relu() : x.tanh(), ["Tensor.relu", "Tensor.tanh", "one batch size"]),
        ["a number that the batch makes"] = (x => x * Math.Sqrt(x.shape[0]), ["op_Multiply", "another setting at each batch size"]),
        ["a loop over the batch"] = (x => stack([.. Enumerable.Range(0, (int)x.shape[0]).Select(i => x[i] * 2)]), ["one batch size"]),
        ["a view that is changed"] = (ThroughAView, ["changed in place", "torch.cat"]),
        ["a function without an operator"] = (x => linalg.pinv(x), ["linalg.pinv", "for which ONNX has no operator"]),
        ["a median of the batch"] = (x => x - x.median(), ["Tensor.median", "take kthvalue along an axis"]),
        ["a number of elements"] = (x => x * Math.Sqrt(x[x > 0].shape[0]), ["op_Multiply", "another setting"]),
        ["a loop over chosen rows"] = (x => Enumerable.Range(0, (int)x[x.sum([1]) > 0].shape[0]).Aggregate(x, (sum, _) => sum + 1),
            ["op_Addition", "one batch size"]),
        ["integers of the wrong kind"] = (x => x.to_type(ScalarType.BFloat16) * 2, ["BFloat16"]),
        ["what reflection computes"] = (Reflected, ["comes from where the exporter cannot see", "reflection"]),
        ["an error of its own"] = (_ => throw new InvalidOperationException("no such layer"), ["itself fails", "no such layer"]),
    };

    public static TheoryData<string> Names => [.. _functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_forward_that_cannot_be_a_graph_is_refused(string name)
    {
        var (function, told) = _functions[name];
        using var network = Sequential(("head", new Function(function)));
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["network.onnx"], [3L])).Message;

        Assert.All(told, part => Assert.True(message.Contains(part, StringComparison.Ordinal), $"{part} is not in: {message}"));
        // By its place in the source, where a function is to blame.
        if (name is not ("an error of its own" or "integers of the wrong kind"))
            Assert.Contains("RefusalTests.cs:", message);
        Assert.False(File.Exists(folder["network.onnx"]));
    }

    [Fact]
    public void A_module_that_keeps_a_state_is_refused()
    {
        using var network = new Counting();
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["network.onnx"], [3L])).Message;
        Assert.Contains("keeps nothing from one run to the next", message);
        Assert.Contains("Counting.forward (RefusalTests.cs:", message);
    }

    [Fact]
    public void A_layer_without_an_ONNX_form_is_refused_by_path()
    {
        using var network = Sequential(("pool", FractionalMaxPool2d(2, output_size: 3)));
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["network.onnx"], [1L, 8, 8])).Message;
        Assert.Contains("'pool'", message);
        Assert.Contains("With<FractionalMaxPool2d>", message);
    }

    [Fact]
    public void Inputs_that_forward_does_not_take_are_refused()
    {
        using var network = Linear(3, 3);
        using var folder = new TemporaryFolder();
        var inputs = new[] { ModelInput.Normal("a", [3]), ModelInput.Normal("b", [3]) };
        Assert.Contains("takes 2 tensors", Assert.Throws<ExportException>(() =>
            OnnxExporter.Export(network, folder["network.onnx"], inputs)).Message);
        Assert.Contains("itself fails on a [2, 4]", Assert.Throws<ExportException>(() =>
            OnnxExporter.Export(network, folder["network.onnx"], [ModelInput.Normal("a", [4])])).Message);
    }

    [Fact]
    public void What_no_output_needs_is_not_refused()
    {
        using var network = new Function(x =>
        {
            var unused = linalg.pinv(x).sum() + rand(3);
            Assert.NotNull(unused);
            return x * 2;
        });
        Assert.Equal(["Mul"], Exported.From(network, [3]).Model.Operators());
    }

    private static Tensor ThroughAView(Tensor x)
    {
        var y = x * 1;
        var row = y[.., 0];
        row.add_(1);
        return y;
    }

    private static Tensor Reflected(Tensor x) => (Tensor)typeof(Tensor).GetMethod(nameof(Tensor.neg))!.Invoke(x, [])!;

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }

    private sealed class Counting : Module<Tensor, Tensor>
    {
        private readonly Tensor _count = zeros(1);

        public Counting() : base(nameof(Counting)) => register_buffer("count", _count);

        public override Tensor forward(Tensor x)
        {
            _count.add_(1);
            return x / _count;
        }
    }
}
