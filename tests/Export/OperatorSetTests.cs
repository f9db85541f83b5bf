using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests;

/// <summary>Activations are one operator from the operator set on that has it, where ONNX Runtime is as fast with it.</summary>
public class OperatorSetTests
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Layer, Func<Tensor, Tensor> Function)> _activations = new()
    {
        ["GELU"] = (() => GELU(), x => F.gelu(x)),
        ["GELU by tanh"] = (() => GELU(TorchSharp.Modules.GELU.Approximate.tanh), x => F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh)),
        ["Hardswish"] = (() => Hardswish(), x => F.hardswish(x)),
        ["Mish"] = (() => Mish(), x => F.mish(x)),
        ["SiLU"] = (() => SiLU(), x => F.silu(x)),
    };

    [Theory]
    [InlineData("GELU", 13, "Div Erf Add Mul Mul")]
    [InlineData("GELU", 20, "Gelu")]
    [InlineData("GELU", 25, "Gelu")]
    [InlineData("GELU by tanh", 19, "Mul Mul Mul Add Mul Mul Tanh Add Mul")]
    [InlineData("GELU by tanh", 20, "Gelu")]
    [InlineData("GELU by tanh", 25, "Gelu")]
    [InlineData("Hardswish", 13, "HardSigmoid Mul")]
    [InlineData("Hardswish", 14, "HardSwish")]
    [InlineData("Hardswish", 25, "HardSwish")]
    [InlineData("Mish", 17, "Softplus Tanh Mul")]
    [InlineData("Mish", 18, "Mish")]
    [InlineData("Mish", 25, "Mish")]
    [InlineData("SiLU", 25, "Sigmoid Mul")]
    public void An_activation_has_the_operators_of_the_operator_set(string name, int opset, string operators)
    {
        var (layer, function) = _activations[name];
        var options = new ExportOptions { Opset = opset };
        foreach (var shape in (long[][])[[5], [3, 7], [4, 3, 9, 2]])
        {
            // Ten times what inputs are, so that both ends of the curve are in.
            using var scaled = new Function(x => function(x * 10) / 10);
            using var one = layer();
            Assert.Equal(operators.Split(' ').Order(), Exported.From(one, shape, options).Model.Operators().Order());
            Assert.Equal($"Mul {operators} Div".Split(' ').Order(), Exported.From(scaled, shape, options).Model.Operators().Order());
        }
    }

    [Fact]
    public void ONNX_Runtime_makes_one_operator_of_GELU_where_the_operator_set_has_none()
    {
        using var network = Sequential(Linear(6, 6), GELU());
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, folder["network.onnx"], [6]);
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED, OptimizedModelFilePath = folder["optimized.onnx"],
        };
        using var session = new InferenceSession(folder["network.onnx"], options);
        Assert.Contains(Exported.Read(folder["optimized.onnx"]).Operators(), name => name is "Gelu" or "BiasGelu");
    }

    /// <summary>With no mask, one that is added, one of truths, one for each head, and a causal one.</summary>
    [Fact]
    public void Attention_is_one_operator_from_23()
    {
        Func<Tensor, Tensor>[] functions =
        [
            x => F.scaled_dot_product_attention(x, x * 2, x + 1),
            x => F.scaled_dot_product_attention(x, x, x, attn_mask: x[0, 0].matmul(x[0, 0].t()) * 0 + arange(36).view(6, 6) / 10),
            x => F.scaled_dot_product_attention(x, x, x, attn_mask: ones(6, 6).tril().to(ScalarType.Bool)),
            x => F.scaled_dot_product_attention(x, x, x, attn_mask: x.matmul(x.transpose(2, 3))),
            x => F.scaled_dot_product_attention(x, x, x, is_casual: true),
        ];
        foreach (var function in functions)
        {
            using var network = new Function(function);
            Assert.Contains("Attention", Exported.From(network, [2, 6, 8], new() { Opset = 23 }).Model.Operators());
            Assert.Contains("Softmax", Exported.From(network, [2, 6, 8], new() { Opset = 22 }).Model.Operators());
        }
        using var flat = new Function(x => F.scaled_dot_product_attention(x, x, x));
        Assert.Contains("Softmax", Exported.From(flat, [6, 8], new() { Opset = 23 }).Model.Operators());
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
