using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class OperatorTests
{
    /// <summary>The same value in Python and in C#, of tensors a, b (3 x 4), p (3 x 4, positive), i (2 x 3 x 8 x 6), k (class numbers).</summary>
    private static readonly (string Python, Func<Inputs, Tensor> Compute)[] Cases =
    [
        ("a + b", t => t.A + t.B), ("a - b", t => t.A - t.B), ("a * b", t => t.A * t.B), ("a / p", t => t.A / t.P),
        ("a + 2", t => t.A + 2), ("2 - a", t => 2 - t.A), ("a * 0.5", t => t.A * 0.5), ("1.5 / p", t => 1.5 / t.P), ("-a", t => -t.A),
        ("torch.add(a, b, alpha=3)", t => t.A.add(t.B, 3)), ("torch.div(a, p, rounding_mode='floor')", t => t.A.div(t.P, RoundingMode.floor)),
        ("a ** 2", t => t.A.pow(2)), ("p ** a", t => t.P.pow(t.A)), ("a.remainder(0.7)", t => t.A.remainder(0.7)),
        ("a < b", t => t.A < t.B), ("a >= 0", t => t.A >= 0), ("a == a", t => t.A == t.A), ("0.1 > a", t => 0.1.ToScalar() > t.A),
        ("(a > 0) & (b > 0)", t => (t.A > 0) & (t.B > 0)), ("~(a > 0)", t => ~(t.A > 0)),
        ("a.abs()", t => t.A.abs()), ("a.exp()", t => t.A.exp()), ("p.log()", t => t.P.log()), ("p.sqrt()", t => t.P.sqrt()),
        ("p.rsqrt()", t => t.P.rsqrt()), ("a.tanh()", t => tanh(t.A)), ("a.sigmoid()", t => sigmoid(t.A)), ("a.relu()", t => t.A.relu()),
        ("a.square()", t => t.A.square()), ("a.sign()", t => t.A.sign()), ("a.floor()", t => t.A.floor()), ("p.reciprocal()", t => t.P.reciprocal()),
        ("a.round(decimals=1)", t => t.A.round(1)), ("a.clamp(-0.5, 0.5)", t => t.A.clamp(-0.5, 0.5)), ("a.clamp(max=0.2)", t => t.A.clamp(max: 0.2)),
        ("torch.where(a > 0, a, b)", t => where(t.A > 0, t.A, t.B)), ("torch.maximum(a, b)", t => maximum(t.A, t.B)),
        ("torch.lerp(a, b, p)", t => lerp(t.A, t.B, t.P)), ("torch.addcmul(a, b, p, value=2)", t => t.A.addcmul(t.B, t.P, 2)),
        ("a.masked_fill(a > 0, -1)", t => t.A.masked_fill(t.A > 0, -1)), ("torch.isnan(a.log())", t => t.A.log().isnan()),
        ("F.leaky_relu(a, 0.2)", t => functional.leaky_relu(t.A, 0.2)), ("F.softplus(a)", t => functional.softplus(t.A)),
        ("F.elu(a, 0.7)", t => functional.elu(t.A, 0.7)), ("F.silu(a)", t => functional.silu(t.A)), ("F.gelu(a)", t => functional.gelu(t.A)),
        ("a.softmax(1)", t => functional.softmax(t.A, 1)), ("a.log_softmax(0)", t => functional.log_softmax(t.A, 0)),

        ("a.sum()", t => t.A.sum()), ("a.sum(1)", t => t.A.sum(1)), ("i.sum((0, 2, 3))", t => t.I.sum([0L, 2, 3])),
        ("a.mean()", t => t.A.mean()), ("i.mean((2, 3), True)", t => t.I.mean([2, 3], true)), ("a.prod()", t => t.A.prod()),
        ("a.var()", t => t.A.var()), ("a.std(0)", t => t.A.std(0)), ("i.var((0, 2, 3), False)", t => t.I.var([0L, 2, 3], false)),
        ("a.norm()", t => t.A.norm()), ("a.norm(1, 1)", t => t.A.norm(1, p: 1)), ("a.cumsum(1)", t => t.A.cumsum(1)),
        ("torch.linalg.vector_norm(i, dim=(1, 2, 3))", t => linalg.vector_norm(t.I, dims: [1, 2, 3])),
        ("a.max()", t => t.A.max()), ("a.max(1)[0]", t => t.A.max(1).Item1), ("a.max(1)[1]", t => t.A.max(1).Item2), ("a.min(0)[0]", t => t.A.min(0).Item1),
        ("a.amax((0, 1))", t => t.A.amax(0, 1)), ("a.argmax()", t => t.A.argmax()), ("a.argmin(1)", t => t.A.argmin(1)),
        ("a.sort(1, True)[0]", t => t.A.sort(1, true).Item1), ("a.topk(2)[1]", t => t.A.topk(2).Item2),
        ("(a > 9).any()", t => (t.A > 9).any()), ("(a < 9).all(1)", t => (t.A < 9).all(1)), ("torch.bincount(k)", t => t.K.bincount(null)),

        ("a.mm(b.t())", t => t.A.mm(t.B.t())), ("a @ b.T", t => matmul(t.A, t.B.T)), ("a.T.cov()", t => cov(t.A.T)), ("a.diag()", t => t.A.diag()),
        ("torch.einsum('ij,kj->ik', a, b)", t => einsum("ij,kj->ik", t.A, t.B)), ("F.linear(a, b)", t => functional.linear(t.A, t.B)),
        ("torch.linalg.svd(a)[1]", t => linalg.svd(t.A).Item2), ("torch.linalg.eigh(a @ a.T)[0]", t => linalg.eigh(t.A.mm(t.A.T)).Item1),

        ("a.view(2, 6)", t => t.A.view(2, 6)), ("i.permute(0, 2, 3, 1)", t => t.I.permute(0, 2, 3, 1)), ("i.flatten(1)", t => t.I.flatten(1)),
        ("a.unflatten(1, (2, 2))", t => t.A.unflatten(1, 2, 2)), ("a.unsqueeze(-1)", t => t.A.unsqueeze(-1)), ("a[:1].squeeze()", t => t.A[..1].squeeze()),
        ("a[:1].expand(5, 4)", t => t.A[..1].expand(5, 4)), ("a.repeat(2, 1)", t => t.A.repeat(2, 1)), ("a.repeat_interleave(2, 0)", t => t.A.repeat_interleave(2, 0)),
        ("a.flip(1)", t => t.A.flip(1)), ("a.tril()", t => t.A.tril()), ("torch.cat([a, b], 1)", t => cat([t.A, t.B], 1)),
        ("torch.stack([a, b])", t => stack([t.A, t.B])), ("a.chunk(2, 1)[1]", t => t.A.chunk(2, 1)[1]), ("a.split(3, 1)[1]", t => t.A.split(3, 1)[1]),
        ("a.unbind(1)[2]", t => t.A.unbind(1)[2]), ("a.narrow(1, 1, 2)", t => t.A.narrow(1, 1, 2)), ("a.gather(1, k[:3].view(3, 1))", t => t.A.gather(1, t.K[..3].view(3, 1))),
        ("a.index_select(0, k.clamp(max=2))", t => t.A.index_select(0, t.K.clamp(max: 2))), ("F.one_hot(k, 5)", t => functional.one_hot(t.K, 5)),
        ("a[1:, ::2]", t => t.A[TensorIndex.Slice(1), TensorIndex.Slice(step: 2)]), ("i[..., 1]", t => t.I[TensorIndex.Ellipsis, 1]),
        ("i[:, None, -1]", t => t.I[TensorIndex.Colon, TensorIndex.None, -1]), ("a[:, k]", t => t.A[TensorIndex.Colon, TensorIndex.Tensor(t.K)]),
        ("a[a > 0]", t => t.A[TensorIndex.Tensor(t.A > 0)]),

        ("torch.zeros(2, 3)", _ => zeros(2, 3)), ("torch.ones(4)", _ => ones(4)), ("torch.full((2, 2), 7.5)", _ => full(2, 2, 7.5)), ("torch.eye(3)", _ => eye(3)),
        ("torch.arange(2, 9, 3)", _ => arange(2, 9, 3)), ("torch.linspace(0, 1, 5)", _ => linspace(0, 1, 5)), ("torch.zeros_like(a)", t => zeros_like(t.A)),

        ("F.conv2d(i, w, c, 2, 1)", t => functional.conv2d(t.I, t.W, t.C, [2, 2], [1, 1])),
        ("F.conv_transpose2d(i, w.transpose(0, 1), None, 2, 1)", t => functional.conv_transpose2d(t.I, t.W.transpose(0, 1).contiguous(), null, [2, 2], [1, 1])),
        ("F.batch_norm(i, None, None, p[0, :3], a[0, :3], True)", t => functional.batch_norm(t.I, null, null, t.P[0][..3], t.A[0][..3], true)),
        ("F.layer_norm(a, (4,))", t => functional.layer_norm(t.A, [4])), ("F.instance_norm(i)", t => functional.instance_norm(t.I)),
        ("F.max_pool2d(i, 2)", t => functional.max_pool2d(t.I, 2)), ("F.avg_pool2d(i, 2)", t => functional.avg_pool2d(t.I, 2)),
        ("F.max_pool2d(i, 3, 2, 1)", t => functional.max_pool2d(t.I, 3, 2, 1)),
        ("F.adaptive_max_pool2d(i, (3, 4))", t => functional.adaptive_max_pool2d(t.I, [3, 4])),
        ("F.adaptive_avg_pool2d(i, 2)", t => functional.adaptive_avg_pool2d(t.I, 2)),
        ("F.pad(i, (0, 1, 0, 1))", t => functional.pad(t.I, (0L, 1L, 0L, 1L))), ("F.pad(i, (1, 1, 1, 1), mode='reflect')", t => functional.pad(t.I, [1, 1, 1, 1], PaddingModes.Reflect)),
        ("F.interpolate(i, scale_factor=2)", t => functional.interpolate(t.I, scale_factor: [2, 2])),
        ("F.interpolate(i, size=(5, 7), mode='bilinear')", t => functional.interpolate(t.I, [5, 7], mode: InterpolationMode.Bilinear)),
        ("F.binary_cross_entropy_with_logits(a, p.clamp(max=1))", t => functional.binary_cross_entropy_with_logits(t.A, t.P.clamp(max: 1))),
        ("F.binary_cross_entropy(a.sigmoid(), p.clamp(max=1), reduction='sum')",
            t => functional.binary_cross_entropy(t.A.sigmoid(), t.P.clamp(max: 1), reduction: Reduction.Sum)),
        ("F.cross_entropy(a, k[:3], label_smoothing=0.1)", t => functional.cross_entropy(t.A, t.K[..3], label_smoothing: 0.1)),
        ("F.mse_loss(a, b)", t => functional.mse_loss(t.A, t.B)), ("F.l1_loss(a, b, reduction='none')", t => functional.l1_loss(t.A, t.B, Reduction.None)),
        ("a.clone().mul_(2).add_(b, alpha=0.5).clamp_(-1, 1)", t => t.A.clone().mul_(2).add_(t.B, 0.5).clamp_(-1, 1)),
        ("p.clone().lerp_(a, p).addcmul_(a, b, value=2).addcdiv_(a, p, value=0.1).sqrt_().nan_to_num()",
            t => t.P.clone().lerp_(t.A, t.P).addcmul_(t.A, t.B, 2).addcdiv_(t.A, t.P, 0.1).sqrt_().nan_to_num()),
        ("F.leaky_relu_(a.clone(), 0.1).sub_(1).div_(3).neg_().exp_()", t => functional.leaky_relu(t.A.clone(), 0.1, inplace: true).sub_(1).div_(3).neg_().exp_()),
    ];

    private sealed record Inputs(Tensor A, Tensor B, Tensor P, Tensor I, Tensor W, Tensor C, Tensor K);

    // The kernels are the same ones; only sums may be split over another number of threads, hence a few roundings.
    private const double Tolerance = 1e-5;

    [PeerFact(PyTorch.Python, "-c", PyTorch.Imports)]
    public void Values_AreEqualToPyTorchs()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var t = new Inputs(randn(3, 4), randn(3, 4), rand(3, 4) + 0.5, randn(2, 3, 8, 6), randn(5, 3, 4, 4), randn(5), tensor([0L, 3, 1, 1, 2]));
        var sent = new Dictionary<string, Tensor> { ["a"] = t.A, ["b"] = t.B, ["p"] = t.P, ["i"] = t.I, ["w"] = t.W, ["c"] = t.C, ["k"] = t.K };
        var expected = PyTorch.Run("peer_operators.py", sent, new { expressions = Cases.ToDictionary(c => c.Python, c => c.Python) });
        Assert.All(Cases, c =>
        {
            using var value = c.Compute(t);
            double difference = PyTorch.Difference(value, expected[c.Python]);
            Assert.True(difference <= Tolerance, $"{c.Python}: differs by {difference}, {value} for {expected[c.Python]}");
        });
    }
}
