using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The networks of Zhu et al. 2017 (section 4 and appendix 7.2): for each direction a residual generator, after Johnson et al. 2016, and
/// for each side a discriminator of patches. Instance normalisation without parameters of its own; weights begin as N(0, 0.02).
/// </summary>
/// <remarks>
/// With 64 filters, 9 blocks and 3 channels on both sides, each generator has 11.4 million parameters and each discriminator of 70 x 70
/// patches 2.8 million.
/// </remarks>
internal static class CycleGan
{
    /// <summary>The paper's: 9 blocks from 256 pixels on, 6 below.</summary>
    public static int BlocksFor(ImageShape shape) => shape.Height >= 256 ? 9 : 6;

    public static GanNetworks Create(ArchitectureOptions options)
    {
        var (first, second) = (options.ConditionChannels, options.Shape.Channels);
        return InitialWeights.WithoutBiases(new GanNetworks(options,
            new CycleGenerators(Generator(options, first, second), Generator(options, second, first), first),
            new CycleDiscriminators(Discriminator(options, first), Discriminator(options, second), first)));
    }

    private static Module<Tensor, Tensor> Discriminator(ArchitectureOptions options, int channels) =>
        PatchDiscriminator.Create(options, channels, own => InstanceNorm2d(own), bias: true);

    /// <summary>
    /// Two layers of stride 2, residual blocks, and two layers back to the image's size: [N, from, H, W] to [N, to, H, W].
    /// </summary>
    private static Module<Tensor, Tensor> Generator(ArchitectureOptions options, int from, int to)
    {
        long filters = options.Filters;
        return FastSequential.Of([
            ("pad", ReflectionPad2d(3)), ("conv1", Conv2d(from, filters, 7)), .. Normalized(1, filters),
            ("conv2", Conv2d(filters, 2 * filters, 3, stride: 2, padding: 1)), .. Normalized(2, 2 * filters),
            ("conv3", Conv2d(2 * filters, 4 * filters, 3, stride: 2, padding: 1)), .. Normalized(3, 4 * filters),
            .. Enumerable.Range(1, options.Blocks).Select(i => ($"block{i}", Block(4 * filters))),
            ("conv4", Doubled(4 * filters, 2 * filters)), .. Normalized(4, 2 * filters),
            ("conv5", Doubled(2 * filters, filters)), .. Normalized(5, filters),
            ("pad6", ReflectionPad2d(3)), ("conv6", Conv2d(filters, to, 7)), ("tanh", Tanh()),
        ]);
    }

    private static Module<Tensor, Tensor> Doubled(long from, long to) =>
        ConvTranspose2d(from, to, 3, stride: 2, padding: 1, output_padding: 1);

    private static (string, Module<Tensor, Tensor>)[] Normalized(int number, long channels) =>
        [($"norm{number}", InstanceNorm2d(channels)), ($"activation{number}", ReLU())];

    private static Module<Tensor, Tensor> Block(long channels) => new SkippedOver(FastSequential.Of([
        ("pad1", ReflectionPad2d(1)), ("conv1", Conv2d(channels, channels, 3)), .. Normalized(1, channels),
        ("pad2", ReflectionPad2d(1)), ("conv2", Conv2d(channels, channels, 3)), ("norm2", InstanceNorm2d(channels)),
    ]));
}
