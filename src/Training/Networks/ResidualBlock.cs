using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A block of <see cref="ResidualGan"/>: what three convolutions make of its input, added to it. A 1 x 1 convolution doubles the channels,
/// a grouped 3 x 3 one keeps them, each with biases and LeakyReLU 0.2 behind it, and another 1 x 1 one without biases brings them back. The
/// last one's weights begin at 0, so that an untrained block passes its input on.
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    /// <summary>LeakyReLU's slope below 0.</summary>
    public const double Slope = 0.2;

    // Of the 3 x 3 convolution.
    private const int ChannelsPerGroup = 16;
    private const int Expansion = 2;

    private readonly TorchSharp.Modules.Conv2d _widen;
    private readonly TorchSharp.Modules.Conv2d _mix;
    private readonly TorchSharp.Modules.Conv2d _narrow;

    /// <param name="channels">Of input and output, [N, channels, H, W].</param>
    /// <param name="blocks">Of the network; the more there are, the smaller their first weights.</param>
    public ResidualBlock(long channels, int blocks) : base(nameof(ResidualBlock))
    {
        var inner = Expansion * channels;
        // Channels of a number that cannot be divided so are one group.
        var groups = inner % ChannelsPerGroup == 0 ? inner / ChannelsPerGroup : 1;
        _widen = Conv2d(channels, inner, 1);
        _mix = Conv2d(inner, inner, 3, padding: 1, groups: groups);
        _narrow = Conv2d(inner, channels, 1, bias: false);
        // Fixup (Zhang, Dauphin, Ma 2019) with two convolutions before the one that begins at 0: blocks to the power of -1 / (2 * 3 - 2).
        var gain = Math.Sqrt(2 / (1 + Slope * Slope)) * Math.Pow(blocks, -0.25);
        InitialWeights.Normal(_widen, gain);
        InitialWeights.Normal(_mix, gain);
        init.zeros_(_narrow.weight);
        register_module("widen", _widen);
        register_module("mix", _mix);
        register_module("narrow", _narrow);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var wide = _widen.call(input);
        using var first = functional.leaky_relu(wide, Slope, inplace: true);
        using var mixed = _mix.call(first);
        using var second = functional.leaky_relu(mixed, Slope, inplace: true);
        using var change = _narrow.call(second);
        return input + change;
    }
}
