using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

/// <summary>
/// In single precision on CPU a transposed convolution runs as a convolution's backward pass; in double precision it is libtorch's
/// own operator. So the second is the measure of the first.
/// </summary>
[Collection(OneAtATime.Name)]
public class ConvTranspose2dTests
{
    // A sum of at most a few thousand products of numbers around 1, rounded to 24 bits in another order: below 1e-4 of the largest.
    private const double Tolerance = 1e-4;

    public static TheoryData<long[], long[], bool, long[], long[], long[], long[], long> Geometries => new()
    {
        // input; weight; bias; stride, padding, output padding, dilation; groups
        { [2, 3, 1, 1], [3, 8, 4, 4], false, [1, 1], [0, 0], [0, 0], [1, 1], 1 },
        { [2, 16, 4, 4], [16, 8, 4, 4], false, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [3, 4, 5, 7], [4, 6, 3, 3], true, [2, 2], [1, 1], [1, 1], [1, 1], 1 },
        { [2, 4, 6, 5], [4, 3, 3, 2], true, [3, 1], [2, 0], [2, 0], [1, 2], 1 },
        { [2, 6, 5, 5], [6, 2, 3, 3], true, [1, 1], [1, 1], [0, 0], [2, 2], 3 },
        { [2, 4, 5, 5], [4, 1, 5, 5], false, [2, 2], [2, 2], [1, 1], [1, 1], 4 },
        // More output padding than the stride allows a convolution: the operator's own way.
        { [2, 4, 5, 5], [4, 3, 3, 3], true, [1, 1], [0, 0], [1, 1], [2, 2], 1 },
        { [4, 5, 5], [4, 3, 3, 3], true, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [0, 4, 5, 5], [4, 3, 3, 3], true, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
    };

    [Theory, MemberData(nameof(Geometries))]
    public void Values_Gradients_AndTheirGradients(long[] input, long[] weight, bool hasBias, long[] stride, long[] padding,
        long[] outputPadding, long[] dilation, long groups)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = randn(input);
        var w = randn(weight);
        var bias = hasBias ? randn(weight[1] * groups) : null;

        Tensor[] Run(ScalarType type)
        {
            Tensor Leaf(Tensor t) => t.detach().to_type(type, copy: true).requires_grad_();
            var leaves = new[] { Leaf(x), Leaf(w) }.Concat(bias is null ? [] : new[] { Leaf(bias) }).ToArray();
            var y = functional.conv_transpose2d(leaves[0], leaves[1], leaves.ElementAtOrDefault(2), stride, padding, outputPadding, dilation, groups);
            // A loss that is not linear in y, so that every second derivative has a part in the last gradients.
            var grads = autograd.grad([(y * y.tanh()).sum()], leaves, create_graph: true);
            var again = autograd.grad([grads.Select(g => g.square().sum()).Aggregate((a, b) => a + b)], leaves);
            return [y, .. grads, .. again];
        }

        var (actual, expected) = (Run(ScalarType.Float32), Run(ScalarType.Float64));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].shape, actual[i].shape);
            if (expected[i].numel() == 0) continue;
            double difference = (actual[i].to_type(ScalarType.Float64) - expected[i]).abs().max().ToDouble();
            double largest = Math.Max(1, expected[i].abs().max().ToDouble());
            Assert.True(difference <= Tolerance * largest, $"tensor {i} of {expected.Length} differs by {difference}, the largest being {largest}");
        }
    }

    [Fact]
    public void ChannelsLastInput_AndNoGradients()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = randn(2, 5, 6, 4).permute(0, 3, 1, 2);
        var w = randn(4, 3, 4, 4);
        var y = functional.conv_transpose2d(x, w, strides: [2, 2], padding: [1, 1]);
        Assert.False(y.requires_grad);
        Assert.True(y.allclose(functional.conv_transpose2d(x.contiguous(), w, strides: [2, 2], padding: [1, 1]), 1e-4, 1e-5));
    }

    [Fact]
    public void MismatchedChannels_AreAnError()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => functional.conv_transpose2d(randn(2, 3, 4, 4), randn(4, 3, 4, 4)));
        Assert.Contains("channels", error.Message, StringComparison.Ordinal);
    }
}
