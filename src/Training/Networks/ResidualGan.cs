using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The networks of R3GAN (Huang et al. 2024, section 4): residual blocks (<see cref="ResidualBlock"/>) at each resolution, without any
/// normalisation, between a learned basis of 4 x 4 and the image: a map for each channel, which the generator multiplies by a linear
/// function of the latent, as a transposed convolution of one filter a channel. The discriminator mirrors the generator. They are meant for
/// <see cref="GanLoss.Relativistic"/> with <see cref="ObjectiveOptions.R1"/> and <see cref="ObjectiveOptions.R2"/>.
/// </summary>
/// <remarks>
/// Resolutions change by bilinear interpolation, which is the mean of 2 x 2 pixels on the way down; channels by 1 x 1 convolutions at the
/// smaller size. There are f channels at the full resolution, and twice as many at each half of it, up to 8 f. The paper has 768 at nearly
/// all of them and two blocks a resolution; and no tanh, which this generator ends with as all of the project's do.
/// </remarks>
internal static class ResidualGan
{
    private const int MostMultiples = 8;
    private const int BasisSide = 4;

    public static bool Fits(ImageShape shape) => Dcgan.Fits(shape);

    public static GanNetworks Create(ArchitectureOptions options) => new(options, Generator(options), Discriminator(options));

    private static Sequential Generator(ArchitectureOptions options)
    {
        var stages = Dcgan.Stages(options);
        var (channels, blocks) = (Channels(options, stages), options.Blocks * (stages + 1));
        var amplitudes = nn.Linear(options.LatentSize + options.LabelSize, channels, hasBias: false);
        InitialWeights.Normal(amplitudes, gain: 1);
        var basis = ConvTranspose2d(channels, channels, BasisSide, groups: channels, bias: false);
        init.normal_(basis.weight);
        List<(string, Module<Tensor, Tensor>)> layers =
            [("amplitudes", amplitudes), ("unflatten", Unflatten(1, [channels, 1, 1])), ("basis", basis)];
        for (var stage = stages; stage >= 0; stage--)
        {
            var next = Channels(options, stage);
            if (stage < stages)
            {
                if (next != channels) layers.Add(($"width{stage}", Linear(channels, next)));
                layers.Add(($"upsample{stage}", Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false)));
                channels = next;
            }
            layers.AddRange(Blocks(options, stage, channels, blocks));
        }
        layers.Add(("image", Linear(channels, options.Shape.Channels)));
        layers.Add(("tanh", Tanh()));
        return FastSequential.Of(layers);
    }

    private static Sequential Discriminator(ArchitectureOptions options)
    {
        var stages = Dcgan.Stages(options);
        var (channels, blocks) = (Channels(options, 0), options.Blocks * (stages + 1));
        List<(string, Module<Tensor, Tensor>)> layers = [("channels", Linear(options.Shape.Channels + options.LabelSize, channels))];
        for (var stage = 0; stage <= stages; stage++)
        {
            var next = Channels(options, stage);
            if (stage > 0)
            {
                layers.Add(($"downsample{stage}", AvgPool2d(2)));
                if (next != channels) layers.Add(($"width{stage}", Linear(channels, next)));
                channels = next;
            }
            layers.AddRange(Blocks(options, stage, channels, blocks));
        }
        var basis = Conv2d(channels, channels, BasisSide, groups: channels, bias: false);
        InitialWeights.Normal(basis, gain: 1);
        layers.Add(("basis", basis));
        layers.Add(("flatten", Flatten()));
        var logit = nn.Linear(channels, 1, hasBias: false);
        InitialWeights.Normal(logit, gain: 1);
        layers.Add(("logit", logit));
        return FastSequential.Of(layers);
    }

    /// <summary>Channels after a number of halvings of the image's side.</summary>
    private static long Channels(ArchitectureOptions options, int stage) => (long)options.Filters * Math.Min(1 << stage, MostMultiples);

    private static IEnumerable<(string, Module<Tensor, Tensor>)> Blocks(ArchitectureOptions options, int stage, long channels, int all) =>
        Enumerable.Range(1, options.Blocks).Select(i => ($"block{stage}_{i}", (Module<Tensor, Tensor>)new ResidualBlock(channels, all)));

    /// <summary>The same linear function of the channels in each place.</summary>
    private static Conv2d Linear(long channels, long results)
    {
        var layer = Conv2d(channels, results, 1, bias: false);
        InitialWeights.Normal(layer, gain: 1);
        return layer;
    }
}
