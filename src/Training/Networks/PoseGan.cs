using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The networks of Ma et al. 2017 (section 3), for square images whose side is a power of two: a generator of two stages, both U-Nets of
/// residual blocks, and a discriminator that judges patches of the image that was given, its wanted pose and the image that was made.
/// </summary>
/// <remarks>
/// Layers of half the size have as many more filters as the first one, and nothing is normalised, as in the paper: an instance
/// normalisation would take constant planes of a pose away. The first stage has a dense layer in its middle, through which all of the pose
/// reaches all of the picture.
/// </remarks>
internal static class PoseGan
{
    // What the first stage's middle has of an image.
    private const int Code = 64;

    private const int LeastSide = 8;

    public static GanNetworks Create(ArchitectureOptions options)
    {
        var (image, filters) = (options.Shape.Channels, options.Filters);
        var levels = BitOperations.Log2((uint)(options.Shape.Height / LeastSide)) + 1;
        // N(0, 0.02), which suits the discriminator's normalised layers, would leave nothing of a signal behind so many others.
        var discriminator = PatchDiscriminator.Create(options, options.ConditionChannels + image, channels =>
            options.Normalization == LayerNormalization.Instance ? InstanceNorm2d(channels, affine: true) : BatchNorm2d(channels),
            bias: false);
        var first = new PoseUNet(Encoder(options.ConditionChannels, filters, levels), Middle(filters * levels),
            Decoder(filters, levels), Output(filters, image, isImage: true));
        var second = new PoseUNet(Encoder(2 * image, filters, levels), null,
            Decoder(filters, levels), Output(filters, image, isImage: false));
        var networks = InitialWeights.WithoutBiases(new GanNetworks(options, new PoseGenerator(first, second, image), discriminator));
        foreach (var layer in networks.Generator.modules().Where(module => module is Convolution or TorchSharp.Modules.Linear))
            InitialWeights.Normal(layer, Math.Sqrt(2));
        // What the second stage adds begins as nothing.
        init.zeros_(second.get_parameter("output.conv.weight")!);
        return networks;
    }

    /// <summary>From the images' size to 8 x 8, each level of half the size of the one before.</summary>
    private static Sequential[] Encoder(long channels, long filters, int levels) => [.. Enumerable.Range(1, levels).Select(level =>
        FastSequential.Of([
            ("conv", Conv2d(level == 1 ? channels : (level - 1) * filters, level * filters, 3, stride: level == 1 ? 1 : 2, padding: 1)),
            ("activation", ReLU()), ("block", Block(level * filters)),
        ]))];

    /// <summary>All of the smallest level through few numbers.</summary>
    private static Sequential Middle(long channels) => FastSequential.Of([
        ("flatten", Flatten()), ("code", Linear(channels * LeastSide * LeastSide, Code)),
        ("decode", Linear(Code, channels * LeastSide * LeastSide)), ("unflatten", Unflatten(1, [channels, LeastSide, LeastSide])),
    ]);

    /// <summary>From 8 x 8 back, each level of twice the size of the one before, with the encoder's of the same size.</summary>
    private static (Sequential Up, Sequential Joined)[] Decoder(long filters, int levels) =>
        [.. Enumerable.Range(1, levels - 1).Reverse().Select(level => (
            FastSequential.Of([
                ("upsample", Upsample(scale_factor: [2, 2])), ("conv", Conv2d((level + 1) * filters, level * filters, 3, padding: 1)),
                ("activation", ReLU()),
            ]),
            FastSequential.Of([
                ("conv", Conv2d(2 * level * filters, level * filters, 3, padding: 1)), ("activation", ReLU()),
                ("block", Block(level * filters)),
            ])))];

    private static Sequential Output(long filters, long channels, bool isImage)
    {
        var conv = Conv2d(filters, channels, 3, padding: 1);
        return isImage ? FastSequential.Of(("conv", conv), ("tanh", Tanh())) : FastSequential.Of(("conv", conv));
    }

    private static Module<Tensor, Tensor> Block(long channels) => new SkippedOver(FastSequential.Of([
        ("conv1", Conv2d(channels, channels, 3, padding: 1)), ("activation1", ReLU()),
        ("conv2", Conv2d(channels, channels, 3, padding: 1)), ("activation2", ReLU()),
    ]));
}
