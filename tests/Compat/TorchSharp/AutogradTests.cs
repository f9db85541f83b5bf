using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class AutogradTests
{
    [Fact]
    public void Backward_AddsUpInLeaves()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, -2, 3 }, requires_grad: true);
        Assert.Null(x.grad);
        x.square().sum().backward();
        Assert.Equal([2f, -4, 6], x.grad!.data<float>().ToArray());
        (3 * x).sum().backward();
        Assert.Equal([5f, -1, 9], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = ones(3);
        Assert.Equal(3f, x.grad!.sum().ToSingle());
        Assert.True(x.is_leaf);
        Assert.False((x + 1).is_leaf);
    }

    [Fact]
    public void CreateGraph_GivesDerivativesOfDerivatives()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, -2, 0.5 }, requires_grad: true);
        var first = autograd.grad([x.pow(4).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x], create_graph: true)[0];
        var third = autograd.grad([second.sum()], [x])[0];
        // d/dx of x^4, three times: 4x^3, 12x^2, 24x; exact but for roundings of doubles.
        Assert.True(first.allclose(4 * x.pow(3), 1e-12));
        Assert.True(second.allclose(12 * x.pow(2), 1e-12));
        Assert.True(third.allclose(24 * x, 1e-12));
        Assert.True(second.requires_grad);
        Assert.False(third.requires_grad);
    }

    [Fact]
    public void Grad_WeightsOutputs_AndTellsOfUnusedInputs()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var unused = ones(2, requires_grad: true);
        var grads = autograd.grad([3 * x], [x, unused], [tensor(new float[] { 1, 10 })], allow_unused: true);
        Assert.Equal([3f, 30], grads[0].data<float>().ToArray());
        Assert.Null(grads[1]);
        var error = Assert.Throws<ExternalException>(() => autograd.grad([(3 * x).sum()], [unused]));
        Assert.Contains("allow_unused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_IsFreedUnlessRetained()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = x.exp().sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Throws<ExternalException>(y.backward);
    }

    [Fact]
    public void Modes_AreRestored()
    {
        using var scope = NewDisposeScope();
        var x = ones(1, requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (set_grad_enabled(true)) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        Assert.True((x * 2).requires_grad);
        Assert.False((x * 2).detach().requires_grad);
    }

    /// <summary>The penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3), whose gradient goes through a gradient.</summary>
    [PeerFact(PyTorch.Python, "-c", PyTorch.Imports)]
    public void GradientPenalty_HasPyTorchsGradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var x = randn(4, 3, 8, 8).requires_grad_();
        var w = (0.2 * randn(6, 3, 4, 4)).requires_grad_();
        var v = (0.2 * randn(6, 2, 4, 4)).requires_grad_();
        var score = functional.conv_transpose2d(functional.leaky_relu(functional.conv2d(x, w, strides: [2, 2], padding: [1, 1]), 0.2), v,
            strides: [2, 2], padding: [1, 1]).tanh().sum();
        var slope = autograd.grad([score], [x], create_graph: true)[0];
        var penalty = (slope.flatten(1).norm(1) - 1).square().mean();
        var grads = autograd.grad([penalty], [w, v]);

        const string Score = "F.conv_transpose2d(F.leaky_relu(F.conv2d(x, w, stride=2, padding=1), 0.2), v, stride=2, padding=1).tanh().sum()";
        const string Penalty = "(grad(" + Score + ", x, create_graph=True)[0].flatten(1).norm(dim=1) - 1).square().mean()";
        var expected = PyTorch.Run("peer_operators.py", new Dictionary<string, Tensor> { ["x"] = x, ["w"] = w, ["v"] = v },
            new { expressions = new { penalty = Penalty, dw = $"grad({Penalty}, w)[0]", dv = $"grad({Penalty}, v)[0]" } });
        // Sums of about a thousand products in two orders: some 1e-5 of the largest value.
        Assert.InRange(PyTorch.Difference(penalty, expected["penalty"]), 0, 1e-4);
        Assert.InRange(PyTorch.Difference(grads[0], expected["dw"]), 0, 1e-4);
        Assert.InRange(PyTorch.Difference(grads[1], expected["dv"]), 0, 1e-4);
    }
}
