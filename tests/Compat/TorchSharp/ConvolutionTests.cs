using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

/// <summary>
/// In single precision on CPU, transposed convolutions and convolutions of pictures run in ways of their own; in double precision
/// they are libtorch's own operators. So the second is the measure of the first.
/// </summary>
[Collection(OneAtATime.Name)]
public class ConvolutionTests
{
    // A sum of at most a few thousand products of numbers around 1, rounded to 24 bits in another order: below 1e-4 of the largest.
    private const double Tolerance = 1e-4;

    public static TheoryData<long[], long[], bool, long[], long[], long[], long[], long> Transposed => new()
    {
        // input; weight; bias; stride, padding, output padding, dilation; groups
        { [2, 3, 1, 1], [3, 8, 4, 4], false, [1, 1], [0, 0], [0, 0], [1, 1], 1 },
        { [2, 16, 4, 4], [16, 8, 4, 4], false, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [3, 4, 5, 7], [4, 6, 3, 3], true, [2, 2], [1, 1], [1, 1], [1, 1], 1 },
        { [2, 4, 6, 5], [4, 3, 3, 2], true, [3, 1], [2, 0], [2, 0], [1, 2], 1 },
        { [2, 6, 5, 5], [6, 2, 3, 3], true, [1, 1], [1, 1], [0, 0], [2, 2], 3 },
        { [2, 4, 5, 5], [4, 1, 5, 5], false, [2, 2], [2, 2], [1, 1], [1, 1], 4 },
        { [2, 8, 6, 5], [8, 1, 4, 4], true, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [2, 8, 4, 4], [8, 3, 3, 3], true, [2, 3], [1, 0], [1, 2], [1, 2], 1 },
        // More output padding than the stride allows a convolution: the operator's own way.
        { [2, 4, 5, 5], [4, 3, 3, 3], true, [1, 1], [0, 0], [1, 1], [2, 2], 1 },
        { [4, 5, 5], [4, 3, 3, 3], true, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
        { [0, 4, 5, 5], [4, 3, 3, 3], true, [2, 2], [1, 1], [0, 0], [1, 1], 1 },
    };

    public static TheoryData<long[], long[], bool, long[], long[], long[], long> Plain => new()
    {
        // input; weight; bias; stride, padding, dilation; groups
        { [2, 1, 12, 12], [8, 1, 4, 4], false, [2, 2], [1, 1], [1, 1], 1 },
        { [2, 3, 9, 10], [5, 3, 3, 3], true, [2, 1], [1, 2], [1, 2], 1 },
        { [2, 4, 7, 7], [3, 4, 2, 3], true, [3, 3], [0, 1], [1, 1], 1 },
        { [2, 6, 7, 7], [4, 3, 3, 3], true, [1, 1], [1, 1], [1, 1], 2 },
        { [1, 9, 9], [4, 1, 3, 3], true, [1, 1], [1, 1], [1, 1], 1 },
    };

    [Theory, MemberData(nameof(Transposed))]
    public void ConvTranspose2d(long[] input, long[] weight, bool bias, long[] stride, long[] padding, long[] outputPadding,
        long[] dilation, long groups) =>
        Compare(input, weight, bias ? weight[1] * groups : 0,
            (x, w, b) => functional.conv_transpose2d(x, w, b, stride, padding, outputPadding, dilation, groups));

    [Theory, MemberData(nameof(Plain))]
    public void Conv2d(long[] input, long[] weight, bool bias, long[] stride, long[] padding, long[] dilation, long groups) =>
        Compare(input, weight, bias ? weight[0] : 0, (x, w, b) => functional.conv2d(x, w, b, stride, padding, dilation, groups));

    /// <summary>Values, gradients, and gradients of gradients, in single precision and in double.</summary>
    private static void Compare(long[] input, long[] weight, long biases, Func<Tensor, Tensor, Tensor?, Tensor> function)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        Tensor[] inputs = biases > 0 ? [randn(input), randn(weight), randn(biases)] : [randn(input), randn(weight)];

        Tensor[] Run(ScalarType type)
        {
            var leaves = Array.ConvertAll(inputs, t => t.to_type(type, copy: true).requires_grad_());
            var y = function(leaves[0], leaves[1], leaves.ElementAtOrDefault(2));
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
        error = Assert.Throws<ExternalException>(() => functional.conv2d(randn(2, 1, 4, 4), randn(4, 3, 3, 3)));
        Assert.Contains("channels", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ExternalException>(() => functional.conv2d(randn(2, 1, 4, 4), randn(4, 1, 5, 5)));
        Assert.Contains("size", error.Message, StringComparison.Ordinal);
    }
}
