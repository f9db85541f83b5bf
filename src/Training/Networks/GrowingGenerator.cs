using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The generator of progressive growing (Karras et al. 2018, table 2): [N, latent and label] to images, in training of the level's side, in
/// use of the full size and within [-1, 1].
/// </summary>
internal sealed class GrowingGenerator : Module<Tensor, Tensor>
{
    // How fine the share is in checkpoints.
    private const double Parts = 1 << 20;

    private readonly int _latentSize;
    private readonly long[] _channels;
    private readonly Equalized _first;
    private readonly Equalized[] _widths, _details, _images;

    /// <param name="options">Latents, labels and images.</param>
    /// <param name="channels">Of each level, from 4 x 4 on.</param>
    /// <param name="growth">Shared with the discriminator.</param>
    public GrowingGenerator(ArchitectureOptions options, long[] channels, Growth growth) : base(nameof(GrowingGenerator))
    {
        (_latentSize, _channels, Growth) = (options.LatentSize, channels, growth);
        // As for a convolution of 4 x 4, of which the paper's program makes a dense layer.
        _first = Equalized.Dense(options.LatentSize + options.LabelSize, channels[0] * Growth.FirstSide * Growth.FirstSide,
            GrowingGan.Gain / Growth.FirstSide, hasBias: false);
        _widths = [.. Enumerable.Range(1, channels.Length - 1)
            .Select(level => Equalized.Conv(channels[level - 1], channels[level], 3, GrowingGan.Gain))];
        _details = [.. channels.Select(own => Equalized.Conv(own, own, 3, GrowingGan.Gain))];
        _images = [.. channels.Select(own => Equalized.Conv(own, options.Shape.Channels, 1, gain: 1))];
        register_module("first", _first);
        register_parameter("first_bias", Equalized.Lasting(zeros(channels[0], 1, 1)));
        for (var level = 0; level < channels.Length; level++)
        {
            if (level > 0) register_module($"width{level}", _widths[level - 1]);
            register_module($"detail{level}", _details[level]);
            register_module($"image{level}", _images[level]);
        }
        register_buffer("growth", tensor(new long[] { growth.Level, (long)Parts }).DetachFromDisposeScope());
    }

    /// <summary>How far it has grown.</summary>
    public Growth Growth { get; set; }

    /// <summary>Lets checkpoints hold how far it has grown.</summary>
    public void KeepGrowth()
    {
        using var untracked = no_grad();
        var kept = get_buffer("growth")!;
        using var now = tensor(new long[] { Growth.Level, (long)(Growth.Share * Parts) }, device: kept.device);
        kept.copy_(now);
    }

    /// <summary>Grows to what was loaded from a checkpoint.</summary>
    public void RestoreGrowth()
    {
        var kept = get_buffer("growth")!.cpu().data<long>().ToArray();
        Growth.Set((int)kept[0], kept[1] / Parts);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // The latent is normalised, the label is not: its zeros and ones would change with the latent's length.
        var latent = Normalize(input.narrow(1, 0, _latentSize));
        var size = input.shape[1];
        var x = size == _latentSize ? latent : cat([latent, input.narrow(1, _latentSize, size - _latentSize)], 1);
        x = Activate(_first.call(x).view(-1, _channels[0], Growth.FirstSide, Growth.FirstSide) + get_parameter("first_bias")!);
        x = Activate(_details[0].call(x));
        Tensor? before = null;
        for (var level = 1; level <= Growth.Level; level++)
        {
            if (level == Growth.Level && Growth.Share < 1) before = Growth.Enlarge(_images[level - 1].call(x), 2);
            x = Activate(_widths[level - 1].call(Growth.Enlarge(x, 2)));
            x = Activate(_details[level].call(x));
        }
        var image = _images[Growth.Level].call(x);
        if (before is not null) image = Growth.Mix(before, image);
        if (training) return image;
        var times = 1 << (_channels.Length - 1 - Growth.Level);
        return (times == 1 ? image : Growth.Enlarge(image, times)).clamp(-1, 1);
    }

    private static Tensor Activate(Tensor x) => Normalize(functional.leaky_relu(x, GrowingGan.Slope));

    /// <summary>Each place's channels, divided by their root mean square (the paper's section 4.2).</summary>
    private static Tensor Normalize(Tensor x) => x * (x.square().mean([1], keepdim: true) + 1e-8).rsqrt();
}
