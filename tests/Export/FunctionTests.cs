using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests;

/// <summary>Each function that the exporter knows, of [N, 4, 6] in [-2, 2): the export itself compares ONNX Runtime with Torch.</summary>
public class FunctionTests
{
    private static readonly Tensor _matrix = (arange(36, dtype: ScalarType.Float32).sin() * 0.5).view(6, 6).DetachFromDisposeScope();
    private static readonly Tensor _column = (arange(4, dtype: ScalarType.Float32) - 1.5).view(4, 1).DetachFromDisposeScope();
    private static readonly Tensor _places = tensor(new long[] { 3, 0, 2 }).DetachFromDisposeScope();
    private static readonly Tensor _kernel = (arange(24, dtype: ScalarType.Float32).cos() * 0.3).view(2, 4, 3).DetachFromDisposeScope();

    private static readonly Dictionary<string, Func<Tensor, Tensor>> _functions = new()
    {
        ["abs"] = x => x.abs(),
        ["neg"] = x => -x,
        ["exp"] = x => exp(x),
        ["log"] = x => (x.abs() + 0.5).log(),
        ["sqrt"] = x => x.abs().sqrt(),
        ["rsqrt"] = x => (x.abs() + 0.5).rsqrt(),
        ["sin, cos, tan"] = x => x.sin() + x.cos() + (x * 0.5).tan(),
        ["asin, acos, atan"] = x => (x * 0.45).asin() + (x * 0.45).acos() + x.atan(),
        ["sinh, cosh, tanh"] = x => x.sinh() + x.cosh() + x.tanh(),
        ["asinh, acosh, atanh"] = x => x.asinh() + (x.abs() + 1.1).acosh() + (x * 0.45).atanh(),
        ["erf, erfc"] = x => x.erf() + x.erfc() * 2,
        ["floor, ceil, trunc, frac"] = x => x.floor() + x.ceil() * 2 + x.trunc() * 4 + x.frac(),
        ["round"] = x => x.round() + x.round(2),
        ["sign"] = x => x.sign(),
        ["reciprocal"] = x => (x.abs() + 0.5).reciprocal(),
        ["square"] = x => x.square(),
        ["log2, log10, log1p"] = x => (x.abs() + 0.5).log2() + (x.abs() + 0.5).log10() + x.abs().log1p(),
        ["exp2, expm1"] = x => x.exp2() + x.expm1(),
        ["deg2rad, rad2deg"] = x => x.deg2rad() + x.rad2deg(),
        ["logit"] = x => x.sigmoid().logit(),
        ["nan_to_num"] = x => (x / 0).nan_to_num(1, 2, -2),

        ["a number on the left"] = x => 3 - x * 2f + 1.5 / (x.abs() + 1L),
        ["add, alpha"] = x => x.add(x.sin(), 0.5) + x.sub(x.cos()),
        ["div by floor"] = x => x.div(0.7, RoundingMode.floor) + x.div(0.7, RoundingMode.trunc),
        ["floor_divide"] = x => x.floor_divide(0.7),
        ["remainder"] = x => x.remainder(0.7) + x % 1.3,
        ["fmod"] = x => x.fmod(0.7),
        ["pow"] = x => x.pow(2) + x.pow(3) + (x.abs() + 0.5).pow(0.5),
        ["pow of a tensor"] = x => (x.abs() + 0.5).pow(x),
        ["maximum, minimum"] = x => x.maximum(_column) + x.minimum(_column * 0.3),
        ["hypot"] = x => hypot(x, _column.expand(4, 6)),
        ["lerp"] = x => lerp(x, x.sin(), tensor(0.3f)),
        ["addcmul, addcdiv"] = x => x.addcmul(x, x.sin(), 0.5) + x.addcdiv(x, x.abs() + 1, 0.5),
        ["comparisons"] = x => (x > 0.5).to_type(ScalarType.Float32) + (x < _column).to_type(ScalarType.Float32) * 2 +
            (x.round() == 1).to_type(ScalarType.Float32) * 4 + (x.round() != 1).to_type(ScalarType.Float32) * 8 +
            (x >= 0).to_type(ScalarType.Float32) * 16 + (x <= 0).to_type(ScalarType.Float32) * 32,
        ["logic"] = x => (((x > 0) & (x < 1)) | ~(x > -1)).to_type(ScalarType.Float32) +
            (x > 0).logical_xor(x > 1).to_type(ScalarType.Float32),
        ["where"] = x => where(x > 0, x * 2, x.sin()),
        ["where with numbers"] = x => where(x > 0, x, tensor(-1f)),
        ["masked_fill"] = x => x.masked_fill(x > 1, 9),
        ["clamp"] = x => x.clamp(-1, 0.5) + x.clamp_min(0.2) + x.clamp_max(0.2) + x.clamp(min: 0),
        ["clamp by tensors"] = x => clamp(x, _column, _column + 1),
        ["casts"] = x => (x * 3).to_type(ScalarType.Int64).to_type(ScalarType.Float32) + x.@double().@float() + (x * 3).@int() * 2,
        ["integers"] = x => ((x * 3).@long() * 2 + 1).@float() / 2,
        ["identity"] = x => x.clone().contiguous().detach().alias(),

        ["relu, relu6"] = x => F.relu(x) + F.relu6(x * 5) + x.relu(),
        ["leaky_relu"] = x => F.leaky_relu(x, 0.3) + x.leaky_relu(0.1),
        ["elu, selu, celu"] = x => F.elu(x, 0.7) + F.selu(x) + F.celu(x, 0.7),
        ["gelu"] = x => F.gelu(x) + F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        ["silu, mish"] = x => F.silu(x) + F.mish(x),
        ["softplus"] = x => F.softplus(x, 2, 1) + F.softplus(x),
        ["softsign, logsigmoid"] = x => F.softsign(x) + F.logsigmoid(x),
        ["hard"] = x => F.hardsigmoid(x * 4) + F.hardswish(x * 4),
        ["shrink"] = x => F.hardshrink(x, 0.7) + F.softshrink(x, 0.7) + F.tanhshrink(x),
        ["threshold"] = x => F.threshold(x, 0.3, -2),
        ["softmax"] = x => F.softmax(x, 1) + x.softmax(-1) + F.log_softmax(x, 2) + F.softmin(x, 1),
        ["glu"] = x => F.glu(x, -1),
        ["prelu"] = x => F.prelu(x, tensor(new[] { 0.1f, 0.2f, 0.3f, 0.4f })),
        ["normalize"] = x => F.normalize(x, dim: 1) + F.normalize(x, p: 1, dim: 2),
        ["dropout that is off"] = x => F.dropout(x, 0.5, training: false),

        ["view"] = x => x.view(-1, 24) * 1,
        ["view of the batch"] = x => x.view(x.shape[0] * 2, 2, 6) * 1,
        ["view to one axis"] = x => x.reshape(-1) * 1,
        ["flatten, unflatten"] = x => x.flatten(1).unflatten(1, [2, 3, 4]),
        ["squeeze, unsqueeze"] = x => x.unsqueeze(1).unsqueeze(-1).squeeze(1).squeeze(-1) * 1,
        ["permute"] = x => x.permute(2, 0, 1) * 1,
        ["transpose"] = x => x.transpose(1, 2) + x.mT,
        ["swapaxes, movedim"] = x => x.swapaxes(0, 1).movedim([0, 1], [2, 0]),
        ["expand"] = x => x.unsqueeze(1).expand(-1, 3, -1, -1) * 1,
        ["expand_as"] = x => x.mean([2], keepdim: true).expand_as(x) * 1,
        ["repeat"] = x => x.repeat(1, 2, 3),
        ["repeat, new axis"] = x => x.repeat(2, 1, 1, 2),
        ["tile"] = x => x.tile([2]),
        ["repeat_interleave"] = x => x.repeat_interleave(3, 1),
        ["cat"] = x => cat([x, x.sin(), x], 1) + cat([x, x, x], -2),
        ["cat of batches"] = x => cat([x, x.sin()], 0),
        ["stack"] = x => stack([x, x.sin()], 1).sum(1) + stack([x, x], -1).sum(-1),
        ["hstack, vstack"] = x => hstack([x, x]) + cat([x, x], 1),
        ["chunk"] = x => { var parts = x.chunk(4, 2); return parts[0] * parts[1] + parts[2]; },
        ["split"] = x => { var parts = x.split(4, 2); return cat([parts[1], parts[0]], 2); },
        ["split by sizes"] = x => { var parts = x.split([1, 3, 2], 2); return cat([parts[2], parts[0]], 2); },
        ["unbind"] = x => { var parts = x.unbind(1); return parts[0] - parts[3]; },
        ["narrow, select"] = x => x.narrow(2, 1, 4).select(1, 2),
        ["select from the back"] = x => x.select(1, -1) + x.select(2, -3).sum(1, keepdim: true),
        ["slice"] = x => x.slice(2, 1, 6, 2),
        ["flip"] = x => x.flip(1) + x.flip([1, 2]),
        ["roll"] = x => x.roll(2, 2) + x.roll([1, -1], [1, 2]),
        ["tril, triu"] = x => x.tril() + x.triu(1),
        ["meshgrid"] = x =>
        {
            var grid = meshgrid([x[0, 0], x[0, 1, ..4]], "ij");
            return grid[0] + grid[1];
        },
        ["pixel_shuffle"] = x => F.pixel_shuffle(x.unsqueeze(-1), 2),
        ["pixel_unshuffle"] = x => F.pixel_unshuffle(x.unsqueeze(1), 2),

        ["index by places"] = x => x[.., 1] + x[.., -1],
        ["index by ranges"] = x => x[.., 1..3, ^4..] + x[.., ..2, ..4],
        ["index by steps"] = x => x[.., TensorIndex.Slice(1, null, 2), TensorIndex.Slice(null, 5, 3)],
        ["index by ellipsis"] = x => x[TensorIndex.Ellipsis, 0].unsqueeze(-1) + x[.., TensorIndex.Ellipsis, 2..4],
        ["index by a new axis"] = x => x[.., TensorIndex.None, 1, TensorIndex.None],
        ["index by a tensor"] = x => x[.., TensorIndex.Tensor(_places)] +
            x[.., .., TensorIndex.Tensor(_places)].mean([1, 2], keepdim: true),
        ["index of the batch"] = x => x[0] + x[^1] + x[-1],
        ["index_select"] = x => x.index_select(1, _places),
        ["gather"] = x => x.gather(2, x.argsort(2)[.., .., ..3]),
        ["take_along_dim"] = x => x.take_along_dim(x.argmax(1, keepdim: true), 1),
        ["scatter"] = x => zeros_like(x).scatter(1, x.argmax(1, keepdim: true), ones_like(x)),
        ["write a place"] = x => { var y = x.clone(); y[.., 1] = 3f; return y; },
        ["write a range"] = x => { var y = x * 1; y[.., 1..3, ..2] = x[.., ..2, 2..4]; return y; },
        ["one_hot"] = x => F.one_hot(x.argmax(2), 6).@float() * x,
        ["topk"] = x => x.topk(3, dim: 1).values + x.topk(3, dim: 1, largest: false).indexes.@float(),
        ["sort"] = x => x.sort(2).Values + x.sort(1, descending: true).Values,

        ["sum"] = x => x.sum(1) + x.sum([1, 2], keepdim: true).squeeze(-1),
        ["sum of all"] = x => x + x.sum() + x.mean(),
        ["mean"] = x => x.mean([1]) * x.mean([-1, 1], keepdim: true).squeeze(-1),
        ["mean of the batch"] = x => x - x.mean([0], keepdim: true),
        ["amax, amin"] = x => x.amax([1]) - x.amin([1]),
        ["prod"] = x => x.prod(1),
        ["var, std"] = x => x.var(1) + x.std(1, unbiased: false) + x.var([1, 2]).unsqueeze(-1),
        ["std of the batch"] = x => x / (x.repeat(2, 1, 1).std(0) + 1),
        ["var_mean"] = x => { var (variance, mean) = x.var_mean([2], keepdim: true); return (x - mean) / (variance + 1e-5).sqrt(); },
        ["norm"] = x => x.norm(1) + x.norm(2).sum(1, keepdim: true) + norm(x),
        ["logsumexp"] = x => x.logsumexp(1),
        ["max, min"] = x => x.max(1).values - x.min(1).values + x.max() - x.min(),
        ["max, its place"] = x => x.max(1).indexes.@float(),
        ["argmax, argmin"] = x => x.argmax(1).@float() - x.argmin(1).@float(),
        ["any, all"] = x => (x > 1).any(1).@float() + (x > -1).all(2, keepdim: true).squeeze(-1).sum(1, keepdim: true).@float(),
        ["cumsum"] = x => x.cumsum(1),

        ["matmul"] = x => x.matmul(_matrix) + matmul(x, _matrix.t()),
        ["bmm"] = x => x.bmm(x.transpose(1, 2)),
        ["mv, dot, outer"] = x => x.matmul(_matrix[0]).unsqueeze(-1) * outer(_matrix[0], _matrix[1])[0] + dot(_matrix[0], _matrix[1]),
        ["mm, addmm"] = x => addmm(x[.., 1], x[.., 0], _matrix, 0.5f, 2) + x[.., 0].mm(_matrix),
        ["baddbmm"] = x => x.baddbmm(x.mT, x.bmm(x.mT), 0.5f, 0.3f),
        ["linear"] = x => F.linear(x, _matrix, _matrix[0]) + F.linear(x, _matrix),
        ["einsum"] = x => einsum("ncd, de -> nce", x, _matrix) + einsum("ncd,ned->nce", x, x).sum(2, keepdim: true),
        ["attention"] = x => F.scaled_dot_product_attention(x, x.sin(), x.cos()),
        ["causal attention"] = x => F.scaled_dot_product_attention(x, x.sin(), x.cos(), is_casual: true),
        ["cosine_similarity"] = x => F.cosine_similarity(x, x.sin(), 2),

        ["conv1d"] = x => F.conv1d(x, _kernel, stride: 2, padding: 1),
        ["conv1d, same"] = x => F.conv1d_padding(x, _kernel, padding: Padding.Same),
        ["conv_transpose1d"] = x => F.conv_transpose1d(x, _kernel.view(4, 2, 3), stride: 2, padding: 1, output_padding: 1),
        ["conv2d"] = x => F.conv2d(x.unsqueeze(-1), _kernel.unsqueeze(-1), padding: [1, 0]),
        ["pooling"] = x => F.max_pool1d(x, 2) + F.avg_pool1d(x, 2),
        ["pooling in two"] = x => F.max_pool2d(x.unsqueeze(1), 2) + F.avg_pool2d(x.unsqueeze(1), 2),
        ["adaptive pooling"] = x => F.adaptive_avg_pool1d(x, 4) + F.adaptive_max_pool1d(x, 4),
        ["layer_norm"] = x => F.layer_norm(x, [6]) + F.layer_norm(x, [4, 6], eps: 1e-3),
        ["group_norm"] = x => F.group_norm(x, 2),
        ["instance_norm"] = x => F.instance_norm(x),
        ["batch_norm"] = x => F.batch_norm(x, zeros(4), ones(4) * 2),
        ["interpolate"] = x => F.interpolate(x, scale_factor: [2], mode: InterpolationMode.Linear, align_corners: false) +
            F.interpolate(x, size: [12], mode: InterpolationMode.Nearest),
        ["pad"] = x => F.pad(x, (1, 2)) + F.pad(x, (2, 1), PaddingModes.Reflect) + F.pad(x, (0, 3), PaddingModes.Replicate),
        ["pad, a value"] = x => F.pad(x, (1, 0, 0, 2), PaddingModes.Constant, 1.5),
        ["grid_sample"] = x => F.grid_sample(x.unsqueeze(1), x[.., .., ..4].view(-1, 4, 2, 2) * 0.4, align_corners: true),

        ["zeros, ones, full"] = x => cat([x, zeros(x.shape[0], 1, 6), ones([x.shape[0], 1, 6]), full([x.shape[0], 1, 6], 0.5)], 1),
        ["zeros_like, ones_like"] = x => x + zeros_like(x) + ones_like(x) + full_like(x, 2),
        ["new_zeros"] = x => cat([x, x.new_zeros(x.shape[0], 1, 6)], 1),
        ["arange"] = x => x + arange(6) + arange(x.shape[0]).view(-1, 1, 1),
        ["a size as a number"] = x => x.sum([0L]) / x.shape[0] + x.shape[0],
    };

    public static TheoryData<string> Names => [.. _functions.Keys];

    /// <summary>Exports each function into a folder, and returns the files.</summary>
    internal static IEnumerable<string> ExportAll(TemporaryFolder folder, ExportOptions options)
    {
        var count = 0;
        foreach (var function in _functions.Values)
        {
            using var network = new Function(function);
            yield return OnnxExporter.Export(
                network, folder[$"function{count++}.onnx"], [ModelInput.Uniform("x", [4, 6], -2, 2)], options).Path;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_computes_the_same(string name)
    {
        using var network = new Function(_functions[name]);
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, folder["function.onnx"], [ModelInput.Uniform("x", [4, 6], -2, 2)], new() { Opset = 18 });
        Inference.ModelCheck.Require(folder["function.onnx"]);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(21)]
    public void In_every_operator_set_that_has_it(int opset)
    {
        var refused = new List<string>();
        foreach (var (name, function) in _functions)
        {
            using var network = new Function(function);
            using var folder = new TemporaryFolder();
            try
            {
                OnnxExporter.Export(network, folder["function.onnx"], [ModelInput.Uniform("x", [4, 6], -2, 2)], new() { Opset = opset });
            }
            catch (ExportException e) when (e.Message.Contains("from operator set"))
            {
                refused.Add(name);
            }
        }
        Assert.Equal(opset switch { < 14 => ["tril, triu", "grid_sample"], < 16 => ["grid_sample"], _ => (string[])[] }, refused);
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
