using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Nearest upsampling by 2 and a 3 x 3 convolution after it, as one transposed convolution of stride 2 and padding 1. Row j of the
/// convolution's output is the sum over t of kernel row t times upsampled row j + t - 1; upsampled rows 2 i and 2 i + 1 are input row i.
/// So input row i meets output row 2 i - 1 + k in the kernel rows 2 - k and 3 - k, where there are such: the transposed kernel's row k is
/// their sum. Columns likewise.
/// </summary>
internal static class UpsamplingConvolution
{
    /// <summary>Whether two layers that follow each other are such a pair.</summary>
    public static bool Fits(Module first, Module second) =>
        first is Upsample { mode: UpsampleMode.Nearest } upsample && upsample.size.IsEmpty && upsample.scale_factor.SequenceEqual([2, 2])
        && second is Conv2d { groups: 1, padding_mode: PaddingModes.Zeros } convolution
        && convolution.kernel_size.AsSpan().SequenceEqual([3, 3]) && convolution.stride.All(stride => stride == 1)
        && convolution.dilation.All(dilation => dilation == 1) && convolution.padding is { } padding && padding.All(p => p == 1);

    /// <summary>The pair's output, [N, C', 2 H, 2 W], of [N, C, H, W].</summary>
    public static Tensor Of(Conv2d convolution, Tensor x)
    {
        using var kernel = Kernel(convolution.weight);
        return functional.conv_transpose2d(x, kernel, convolution.bias, strides: [2, 2], padding: [1, 1]);
    }

    /// <summary>[C', C, 3, 3] to [C, C', 4, 4].</summary>
    private static Tensor Kernel(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var padded = functional.pad(weight.flip(2, 3).transpose(0, 1), [1, 1, 1, 1]);
        var rows = padded.narrow(2, 0, 4) + padded.narrow(2, 1, 4);
        return (rows.narrow(3, 0, 4) + rows.narrow(3, 1, 4)).MoveToOuterDisposeScope();
    }
}
