using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The discriminator of progressive growing (Karras et al. 2018, table 2): images of the level's side, or larger ones, which it shrinks, to
/// logits [N, 1]. Near its end it sees how much the images of a group of four differ (section 3); in use, where an image's logit must not
/// depend on others, it takes the mean of what it saw in training.
/// </summary>
internal sealed class GrowingDiscriminator : Module<Tensor, Tensor>
{
    private const int Group = 4;
    private const double Momentum = 0.01;

    private readonly Growth _growth;
    private readonly long[] _channels;
    private readonly Equalized[] _images, _details, _widths;
    private readonly Equalized _last, _dense, _logit;

    /// <param name="options">Images and labels.</param>
    /// <param name="channels">Of each level, from 4 x 4 on.</param>
    /// <param name="growth">Shared with the generator.</param>
    public GrowingDiscriminator(ArchitectureOptions options, long[] channels, Growth growth) : base(nameof(GrowingDiscriminator))
    {
        (_growth, _channels) = (growth, channels);
        _images = [.. channels.Select(own => Equalized.Conv(options.Shape.Channels + options.LabelSize, own, 1, GrowingGan.Gain))];
        _details = [.. channels[1..].Select(own => Equalized.Conv(own, own, 3, GrowingGan.Gain))];
        _widths = [.. Enumerable.Range(1, channels.Length - 1)
            .Select(level => Equalized.Conv(channels[level], channels[level - 1], 3, GrowingGan.Gain))];
        _last = Equalized.Conv(channels[0] + 1, channels[0], 3, GrowingGan.Gain);
        _dense = Equalized.Dense(channels[0] * Growth.FirstSide * Growth.FirstSide, channels[0], GrowingGan.Gain);
        _logit = Equalized.Dense(channels[0], 1, gain: 1);
        for (var level = 0; level < channels.Length; level++)
        {
            register_module($"image{level}", _images[level]);
            if (level == 0) continue;
            register_module($"detail{level}", _details[level - 1]);
            register_module($"width{level}", _widths[level - 1]);
        }
        register_module("last", _last);
        register_module("dense", _dense);
        register_module("logit", _logit);
        register_buffer("deviation", zeros(1).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var image = _growth.Shrink(input);
        var x = Activate(_images[_growth.Level].call(image));
        for (var level = _growth.Level; level > 0; level--)
        {
            x = Activate(_details[level - 1].call(x));
            x = functional.avg_pool2d(Activate(_widths[level - 1].call(x)), 2);
            if (level == _growth.Level && _growth.Share < 1)
                x = _growth.Mix(Activate(_images[level - 1].call(functional.avg_pool2d(image, 2))), x);
        }
        x = Activate(_last.call(cat([x, Deviation(x)], 1)));
        x = Activate(_dense.call(x.view(-1, _channels[0] * Growth.FirstSide * Growth.FirstSide)));
        return _logit.call(x);
    }

    /// <summary>The mean deviation of channels and places within each group, as one more channel, [N, 1, 4, 4].</summary>
    private Tensor Deviation(Tensor x)
    {
        var kept = get_buffer("deviation")!;
        if (!training) return (x.narrow(1, 0, 1) * 0) + kept.view(1, 1, 1, 1);
        var count = x.shape[0];
        // Images at equal places of the groups' parts are a group, as in the paper's program; where four do not divide them, fewer are.
        var group = count % Group == 0 ? Group : count % 2 == 0 ? 2 : 1;
        var groups = x.view(group, count / group, x.shape[1], x.shape[2], x.shape[3]);
        var centered = groups - groups.mean([0], keepdim: true);
        var deviation = (centered.square().mean([0]) + 1e-8).sqrt().mean([1, 2, 3], keepdim: true);
        using (no_grad()) kept.mul_(1 - Momentum).add_(deviation.mean().detach().to(kept.dtype) * Momentum);
        return deviation.repeat(group, 1, x.shape[2], x.shape[3]);
    }

    private static Tensor Activate(Tensor x) => functional.leaky_relu(x, GrowingGan.Slope);
}
