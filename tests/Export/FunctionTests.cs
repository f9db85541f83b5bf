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
        ["splits along an axis"] = x => x.transpose(0, 1).vsplit(2)[1].transpose(0, 1).hsplit(2)[0] +
            x.dsplit([2, 4])[1].sum(2, keepdim: true) + x.tensor_split(3, 2)[1].sum([1, 2], keepdim: true),
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
        ["conv2d, same"] = x => F.conv2d_padding(x.unsqueeze(-1), _kernel.unsqueeze(-1), padding: Padding.Same),
        ["conv3d"] = x => F.conv3d(x.unsqueeze(-1).unsqueeze(-1), _kernel.unsqueeze(-1).unsqueeze(-1), padding: [1, 0, 0]) +
            F.conv3d_padding(x.unsqueeze(-1).unsqueeze(-1), _kernel.unsqueeze(-1).unsqueeze(-1), padding: Padding.Same),
        ["conv_transpose2d, 3d"] = x => F.conv_transpose2d(x.unsqueeze(-1), _kernel.view(4, 2, 3, 1), strides: [2, 1]) +
            F.conv_transpose3d(x.unsqueeze(-1).unsqueeze(-1), _kernel.view(4, 2, 3, 1, 1), strides: [2, 1, 1]).squeeze(-1),
        ["pooling in three"] = x => F.max_pool3d(x.view(-1, 1, 2, 3, 4), [2, 2, 2]) + F.avg_pool3d(x.view(-1, 1, 2, 3, 4), [2, 2, 2]) +
            F.adaptive_avg_pool3d(x.view(-1, 1, 2, 3, 4), (1, 1, 2)) + F.lp_pool2d(x.unsqueeze(1), 2, [4, 3]).unsqueeze(-1),
        ["upsampling"] = x => F.upsample(x.unsqueeze(1), scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: true) +
            F.upsample_nearest2d(x.unsqueeze(1), [8, 12]) + F.upsample_bilinear(x.unsqueeze(1), [8, 12], align_corners: true) +
            F.upsample_nearest3d(x.unsqueeze(1).unsqueeze(1), [1, 8, 12]).squeeze(1),
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
        ["pad, one number"] = x => F.pad(x, 1, PaddingModes.Constant, 0.5),
        ["elu, scaled"] = x => x.elu(0.7, 1.5, 0.5),
        ["pad, a value"] = x => F.pad(x, (1, 0, 0, 2), PaddingModes.Constant, 1.5),
        ["pad, around"] = x => F.pad(x, (1, 2), PaddingModes.Circular) + F.pad(x.unsqueeze(1), (2, 1, 1, 3), PaddingModes.Circular).sum(2),
        ["interpolate by areas"] = x => F.interpolate(x, size: [4], mode: InterpolationMode.Area) +
            F.interpolate(x.unsqueeze(1), size: [2, 4], mode: InterpolationMode.Area).sum(2),
        ["interpolate with antialias"] = x => F.interpolate(
            x.unsqueeze(1), size: [2, 3], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true) +
            F.interpolate(x.unsqueeze(1), size: [2, 3], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true) +
            F.interpolate(x.unsqueeze(1), size: [2, 3], mode: InterpolationMode.Bicubic, align_corners: true, antialias: true) +
            F.interpolate(x.unsqueeze(1), scale_factor: [0.5, 2], mode: InterpolationMode.Bilinear, align_corners: false,
                antialias: true)[.., .., .., ..3],
        ["grid_sample"] = x => F.grid_sample(x.unsqueeze(1), x[.., .., ..4].view(-1, 4, 2, 2) * 0.4, align_corners: true),

        ["zeros, ones, full"] = x => cat([x, zeros(x.shape[0], 1, 6), ones([x.shape[0], 1, 6]), full([x.shape[0], 1, 6], 0.5)], 1),
        ["zeros_like, ones_like"] = x => x + zeros_like(x) + ones_like(x) + full_like(x, 2),
        ["filled later"] = x => cat(
            [x, empty(x.shape[0], 1, 6).fill_(2), empty_like(x).zero_(), x.new_empty(x.shape[0], 4, 6).copy_(x)], 1),
        ["windows and triangles"] = x => x + hann_window(6) + hamming_window(6) + bartlett_window(6) + blackman_window(6) +
            kaiser_window(6) + logspace(0, 1, 6) + tril_indices(4, 3).sum() + triu_indices(4, 3).sum() +
            from_array(new[] { 1f, 2, 3, 4, 5, 6 }),
        ["new_zeros"] = x => cat([x, x.new_zeros(x.shape[0], 1, 6)], 1),
        ["arange"] = x => x + arange(6) + arange(x.shape[0]).view(-1, 1, 1),
        ["a size as a number"] = x => x.sum([0L]) / x.shape[0] + x.shape[0],

        ["atan2"] = x => x.atan2(_column.expand(4, 6)) + atan2(x.round(), x.flip(2).round()) + x.arctan2(x * 0),
        ["copysign, signbit, heaviside"] = x => x.copysign(_column) + x.signbit().@float() * 2 + x.round().heaviside(_column) * 4,
        ["fmax, fmin"] = x => fmax(x, (x / 0 * 0)) + fmin(x, x.sin()),
        ["isfinite, isinf, isnan"] = x => (x.round() / 0) is var y ? y.isfinite().@float() + y.isposinf().@float() * 2 +
            y.isneginf().@float() * 4 + y.isinf().@float() * 8 + y.isnan().@float() * 16 + y.isreal().@float() * 32 : x,
        ["isclose, equal, isin"] = x => x.isclose(x + 1e-6f).@float() + x.round().equal(x.round().flip(1)).@float() * 2 +
            isin(x.round(), _places.@float()).@float() * 4 + isin(x.round(), _places.@float(), invert: true).@float() * 8,
        ["logaddexp"] = x => logaddexp(x, x.sin()) + logaddexp2(x * 3, x.cos()) + logaddexp(x, x),
        ["sinc, entr, ndtr, expit"] = x => sinc(x.round() * 0.5) + special.entr(x.abs()) + special.ndtr(x) + special.expit(x),
        ["xlogy, xlog1py"] = x => xlogy(x.round(), x.abs() + 0.1) + special.xlog1py(x.round(), x.abs()),
        ["erfinv, ndtri"] = x => (x * 0.499).erfinv() + special.ndtri(x * 0.249 + 0.5) + (x.sign() * 0.9999).erfinv(),
        ["Bessel functions"] = x => (x * 4).i0() / 100 + special.i0e(x * 9) + special.i1(x * 4) / 100 + special.i1e(x * 9) * 2 +
            special.modified_bessel_i0(x) + special.modified_bessel_i1(x),
        ["gamma functions"] = x => (x.abs() * 20 + 0.1).lgamma() / 10 + (x.abs() * 20 + 0.1).digamma() + (x.abs() + 2).mvlgamma(3) +
            (x.round() - 0.3 - x.cos() * 0.1).lgamma() + (x.round() - 0.3 - x.cos() * 0.1).digamma(),
        ["logit, limited"] = x => x.abs().logit(0.1),
        ["ldexp, angle, rrelu"] = x => ldexp(x, _column) + x.angle() + F.rrelu(x) + x.log_sigmoid(),
        ["shifts"] = x => (x * 9).@int() is var y
            ? (y.bitwise_left_shift(_places[0].@int()) + y.bitwise_right_shift(_places[2].@int())).@float() : x,
        ["integers, divided"] = x => ((x * 9).@long() is var y ? y.floor_divide(4) + y.remainder(4) * 10 + y.fmod(tensor(4L)) * 100 +
            y.div(4, RoundingMode.trunc) * 1000 + (~y) * 10000 : null!).@float(),
        ["choice of truths"] = x => where(x > 0, x > 1, x < -1).@float() + (x > 0).lt(x > 1).@float() * 2,
        ["small types"] = x => (x * 9).@short().@float() + x.half().@float() + (x * 9).@char().@float() + ShortTensor(x * 9).@float(),
        ["arccosh"] = x => (x.abs() + 1.1).arccosh(),
        ["float tensor"] = x => FloatTensor((x * 3).@int()) + x.type(ScalarType.Int64).@float(),

        ["norms"] = x => x.norm(2, p: float.PositiveInfinity) + x.norm(2, p: 0) + x.norm(2, p: 3) +
            linalg.vector_norm(x, 1.5, [2]) + linalg.norm(x, dims: [1, 2], keepdim: true).squeeze(2),
        ["norms of matrices"] = x => linalg.matrix_norm(x) + linalg.matrix_norm(x, 1) + linalg.matrix_norm(x, double.NegativeInfinity) +
            linalg.norm(x, double.PositiveInfinity, [1, 2]),
        ["dist, cdist"] = x => cdist(x, x.sin()) + cdist(x, x.cos(), 1) + dist(x, x.sin()),
        ["aminmax, count_nonzero"] = x => { var (low, high) = x.aminmax(2); return low * high + x.round().count_nonzero([2]).@float(); },
        ["nansum"] = x => x + where(x > 1, x / 0 * 0, x).nansum() / x.shape[0],
        ["cumprod"] = x => x.cumprod(1) + x.cumprod(2),
        ["cummax, cummin"] = x =>
        {
            var (high, at) = x.round().cummax(2);
            var (low, where) = x.cummin(1);
            return high + at.@float() * 2 + low + where.@float();
        },
        ["logcumsumexp"] = x => x.logcumsumexp(2),
        ["diff"] = x => x.diff().sum(2) + x.diff(dim: 1, prepend: x[.., ..1]).sum(2) + cat([x, x], 0).diff(dim: 0).sum(),
        ["trapezoid"] = x => x.trapezoid() + trapz(x, 0.5, dim: 2) + x.trapezoid(arange(6) * 0.3f) + x.cumulative_trapezoid().sum(2),
        ["median, kthvalue"] = x => x.kthvalue(2, 1).values + x.kthvalue(3, 2, keepdim: true).values.sum(1) + x[0].median(),
        ["msort"] = x => x.transpose(0, 2).msort(),
        ["quantile"] = x => x.quantile(tensor(0.3f), 2) + x.quantile(tensor(0.5f), 1, keepdim: true).sum(2),

        ["addbmm, addr"] = x => addbmm(x[0], x, x.mT.matmul(x), 0.5f, 0.1f) + addr(x[0], _column.squeeze(1), _matrix[0]),
        ["inner, kron"] = x => x.inner(_matrix) + x.kron(_matrix[..1, ..2])[.., .., ..6],
        ["tensordot"] = x => x.tensordot(_matrix, [2], [1]) + x.tensordot(_matrix, [(-1, 0)]) +
            tensordot(x[0], _matrix[..4], [0, 1], [0, 1]),
        ["vecdot, multi_dot"] = x => linalg.vecdot(x, x.sin()) + x.matmul(linalg.multi_dot([_matrix, _matrix, _matrix])).sum(2) +
            chain_matmul(x[0], _matrix).sum() + x.bmm(x.mT).matrix_power(2).sum(2),
        ["cross"] = x => linalg.cross(x[.., .., ..3], x[.., .., 3..]),
        ["determinants"] = x =>
        {
            var square = x[.., .., ..4] + eye(4) * 3;
            var (sign, size) = linalg.slogdet(square);
            return square.det() / 10 + sign + size + (square.det().abs() + 1).log();
        },
        ["cov, corrcoef"] = x => x[0].cov() + x[0].corrcoef(),
        ["pairwise_distance"] = x => F.pairwise_distance(x, x.sin()) + F.pairwise_distance(x, x.cos(), 1, keepdim: true).squeeze(-1),
        ["bilinear"] = x => F.bilinear(x, x.sin(), _matrix.view(1, 6, 6), _column[0]),

        ["diagonal, trace"] = x => x.diagonal(1, 1, 2) + linalg.diagonal(x, -1).sum(1, keepdim: true) + trace(x[0]),
        ["diag"] = x => diag(x[0, 0]) + diagflat(x[0, 1]) + diag(diag(x[0])).sum() + x.diag_embed()[.., 1],
        ["diag, beside"] = x => diag(x[0, 0], 1)[..6, ..6] + diag(x[0, 0], -2)[..6, ..6] + x.diag_embed(-1, 0, 2).sum([1, 2, 3])[..6],
        ["block_diag"] = x => block_diag(x[0], _column, x[0, 1]),
        ["vander"] = x => vander(x[0, 0], 3) + linalg.vander(x[0, 1], 3),
        ["column_stack, dstack"] = x => dstack([x[0], x[0, .., ..]]).sum(2) + column_stack([x[0, 0], x[0, 1]]).sum(),
        ["rot90"] = x => x.rot90(1, (1, 2)).sum(1) + x.rot90(-1, (1, 2)).sum(1) + x.rot90(2, (1, 2)).sum(2).sum(1, keepdim: true),
        ["cartesian_prod, combinations"] = x => cartesian_prod([x[0, 0, ..3], x[0, 1, ..2]]).sum(1) + combinations(x[0, 0, ..4]).sum(1),
        ["atleast_1d"] = x => x.atleast_1d() * 1,
        ["repeat_interleave of all"] = x => x.repeat_interleave(2),
        ["atleast_3d"] = x => x[0].atleast_3d() + x[0, 0].atleast_2d().unsqueeze(-1)[.., ..4].sum(),
        ["unfold an axis"] = x => x.unfold(2, 3, 2).sum(2) + x.unfold(1, 2, 1).sum(-1)[.., .., ..3].sum(1, keepdim: true),

        ["take"] = x => x[0].take(_places) + x.take_along_dim(x.argsort(2)[.., ..1], 2).sum([0, 1])[..3],
        ["take_along_dim of all"] = x => x[0].take_along_dim(_places),
        ["index_add"] = x => x.index_add(1, _places, x[.., ..3].sin(), 2),
        ["index_copy, index_fill"] = x => x.index_copy(1, _places, x[.., ..3].sin()) + x.index_fill(2, _places, 7),
        ["select_scatter, slice_scatter"] = x => x.select_scatter(x[.., 0].sin(), 1, -1) + x.slice_scatter(x[.., ..2].cos(), 1, 1, 3),
        ["diagonal_scatter"] = x => x.diagonal_scatter(x[.., .., ..4].sum(2), 1, 1, 2) + x.diagonal_scatter(x[.., ..3, 0], -1, 1, 2),
        ["bincount"] = x => bincount((x.abs() * 3).@long().view(-1), x.view(-1), 9) +
            bincount((x.abs() * 3).@long().view(-1), minlength: 9).@float(),
        ["one_hot of as many as there are"] = x => F.one_hot((x.abs() * 3).@long()).@float() * 2,
        ["renorm"] = x => x.renorm(2, 1, 3) + x.renorm(1, 2, 0.5f),
        ["fftshift, fftfreq"] = x => fft.fftshift(x, [1, 2]) + fft.ifftshift(x, [1]) * 2 + fft.fftfreq(6) + fft.rfftfreq(10),
        ["bucketize, searchsorted"] = x => x.bucketize(_matrix[1].sort().Values).@float() +
            searchsorted(_matrix[1].sort().Values, x, right: true).@float() * 10 + searchsorted(x.sort().Values, x.sin()).@float() * 100,

        ["max_pool, its places"] = x =>
        {
            var (values, places) = F.max_pool2d_with_indices(x.unsqueeze(1), [2, 2], [2, 1], [1, 0]);
            return values + places.@float();
        },
        ["max_unpool"] = x =>
        {
            var (values, places) = F.max_pool1d_with_indices(x, 2);
            return F.max_unpool1d(values, places, 2) + x;
        },
        ["max_unpool in two and three"] = x =>
        {
            var (two, at2) = F.max_pool2d_with_indices(x.unsqueeze(1), [2, 2]);
            var (three, at3) = F.max_pool3d_with_indices(x.unsqueeze(1).unsqueeze(1), [1, 2, 2]);
            return F.max_unpool2d(two, at2, [2, 2]) + F.max_unpool3d(three, at3, [1, 2, 2]).squeeze(1);
        },
        ["unfold, fold"] = x =>
        {
            var columns = F.unfold(x.unsqueeze(1), (2, 3), dilation: (1, 2), padding: (0, 1), stride: (2, 1));
            return F.fold(columns * 2, (4, 6), (2, 3), dilation: (1, 2), padding: (0, 1), stride: (2, 1));
        },
        ["fold, a rest"] = x => F.fold(x.view(-1, 12, 2), (3, 5), (2, 3), stride: (3, 2)),
        ["affine_grid"] = x => F.affine_grid(x[.., ..2, ..3], [x.shape[0], 1, 3, 5]) +
            F.affine_grid(x[.., ..2, ..3], [x.shape[0], 1, 3, 5], true),
        ["interpolate, exactly"] = x => F.interpolate(x, size: [9], mode: InterpolationMode.NearestExact),
        ["linspace, eye, tensor"] = x => x + linspace(0, 1, x.shape[0]).view(-1, 1, 1) + eye(x.shape[0]).sum(1).view(-1, 1, 1) +
            tensor(x.shape[0]) + tensor(new[] { x.shape[0], 2L }).sum(),

        ["mse_loss and the like"] = x => F.mse_loss(x, x.sin()) + F.l1_loss(x, x.sin(), Reduction.Sum) / x.shape[0] +
            F.smooth_l1_loss(x, x.sin(), beta: 0.3) + F.huber_loss(x, x * 2, 0.7) + F.mse_loss(x, x.cos(), Reduction.None),
        ["binary_cross_entropy"] = x => F.binary_cross_entropy(x.sigmoid(), x.abs() / 2) +
            F.binary_cross_entropy_with_logits(x * 3, x.abs() / 2, _column.abs(), Reduction.None, _column.abs() + 1),
        ["cross_entropy"] = x => F.cross_entropy(x, x.argmax(1).fmod(tensor(3L)), _column.abs().squeeze(1), 2, label_smoothing: 0.2) +
            F.cross_entropy(x, x.argmin(1), reduction: Reduction.None) + F.cross_entropy(x, x.softmax(1), label_smoothing: 0.1) +
            F.nll_loss(x.log_softmax(1), x.argmin(1)),
        ["kl_div, poisson, gaussian"] = x => F.kl_div(x.log_softmax(2), x.softmax(2), false) + F.kl_div(x, x.sin()) +
            F.poisson_nll_loss(x, x.abs() * 2, full: true) + F.poisson_nll_loss(x.abs(), x.abs(), false) +
            F.gaussian_nll_loss(x, x.sin(), x.abs() + 0.1, full: true),
        ["margins"] = x => F.hinge_embedding_loss(x, x.sign(), 1) + F.margin_ranking_loss(x, x.sin(), x.sign(), 0.3) +
            F.soft_margin_loss(x, x.sign()) + F.multilabel_soft_margin_loss(x[.., 0], (x[.., 1] > 0).@float()) +
            F.multi_margin_loss(x[.., 0], x[.., 1].argmax(1), 2, 0.7) +
            F.cosine_embedding_loss(x[.., 0], x[.., 1], x[.., 2, 0].sign(), 0.1) +
            F.triplet_margin_loss(x[.., 0], x[.., 1], x[.., 2], swap: true) +
            F.triplet_margin_with_distance_loss(x[.., 0], x[.., 1], x[.., 2], swap: true) +
            F.multi_label_margin_loss(x[.., 0], ((x[.., 1].abs() * 4).@long() - 2).clamp_min(-1)),
    };

    public static TheoryData<string> Names => [.. _functions.Keys];

    /// <summary>Every function as a network, whose input is of 4 x 6 numbers.</summary>
    internal static IEnumerable<(string Name, Func<Module> Make, long[] Shape)> All =>
        _functions.Select(function => (function.Key, (Func<Module>)(() => new Function(function.Value)), (long[])[4, 6]));

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
        Assert.Equal(opset switch
        {
            < 14 => ["tril, triu", "grid_sample", "index_add", "bincount"],
            < 16 => ["grid_sample", "index_add", "bincount"],
            _ => (string[])[],
        }, refused);
    }

    private sealed class Function(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>(nameof(Function))
    {
        public override Tensor forward(Tensor x) => function(x);
    }
}
