using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The upsampling GAN of the course (docs/sources.md), for one class of CIFAR-10: a generator that doubles its picture by repeating each
/// pixel and then convolves it, twice, and a discriminator of four 3 x 3 convolutions, LeakyReLU and dropout 0.25.
/// </summary>
/// <remarks>
/// At 32 x 32 with 3 channels and a latent of 100 the generator has 1,051,267 parameters, of which 384 are moving statistics, and the
/// discriminator 396,609, of which 896 are; its dense layer sees 5 x 5 x 256. It has Keras' defaults: Glorot weights, batch
/// normalisation with an epsilon of 1e-3, whose momenta are 1 minus Torch's, and 'same' padding, which at stride 2 pads an even side at
/// bottom and right alone. Its training: Adam 2e-4, beta1 0.5; the targets of real and generated images raised by noise of up to 0.05.
/// </remarks>
internal static class UpsamplingGan
{
    private const double GeneratorMomentum = 0.78;

    /// <summary>Halved twice, and an odd side after that, as the course's padding needs it.</summary>
    public static bool Fits(ImageShape shape) => shape.Height % 8 == 0 && shape.Width % 8 == 0;

    public static GanNetworks Create(ArchitectureOptions options) =>
        InitialWeights.Glorot(new GanNetworks(options, Generator(options), Discriminator(options)));

    private static Sequential Generator(ArchitectureOptions options)
    {
        long filters = options.Filters, height = options.Shape.Height / 4, width = options.Shape.Width / 4;
        return FastSequential.Of(
            ("dense", Linear(options.LatentSize + options.LabelSize, 2 * filters * height * width)),
            ("activation", ReLU(inplace: true)),
            ("unflatten", Unflatten(1, [2 * filters, height, width])),
            ("upsample1", Upsample(scale_factor: [2, 2])),
            ("conv1", Conv2d(2 * filters, 2 * filters, 3, padding: 1)),
            ("norm1", Normalization(2 * filters, GeneratorMomentum)),
            ("activation1", ReLU(inplace: true)),
            ("upsample2", Upsample(scale_factor: [2, 2])),
            ("conv2", Conv2d(2 * filters, filters, 3, padding: 1)),
            ("norm2", Normalization(filters, GeneratorMomentum)),
            ("activation2", ReLU(inplace: true)),
            ("image", Conv2d(filters, options.Shape.Channels, 3, padding: 1)),
            ("tanh", Tanh()));
    }

    private static Sequential Discriminator(ArchitectureOptions options)
    {
        // 32, 64, 128 and 256 beside the generator's 64.
        var filters = Math.Max(1, options.Filters / 2L);
        var (height, width) = (Halved(options.Shape.Height), Halved(options.Shape.Width));
        return FastSequential.Of(
            ("same1", SamePadding()),
            ("conv1", Conv2d(options.Shape.Channels + options.LabelSize, filters, 3, stride: 2)),
            ("activation1", LeakyReLU(0.2, inplace: true)),
            ("dropout1", Dropout(options.Dropout)),
            ("same2", SamePadding()),
            ("conv2", Conv2d(filters, 2 * filters, 3, stride: 2)),
            ("pad", ZeroPad2d((0, 1, 0, 1))),
            ("norm2", Normalization(2 * filters, 0.82)),
            ("activation2", LeakyReLU(0.25, inplace: true)),
            ("dropout2", Dropout(options.Dropout)),
            ("conv3", Conv2d(2 * filters, 4 * filters, 3, stride: 2, padding: 1)),
            ("norm3", Normalization(4 * filters, 0.82)),
            ("activation3", LeakyReLU(0.2, inplace: true)),
            ("dropout3", Dropout(options.Dropout)),
            ("conv4", Conv2d(4 * filters, 8 * filters, 3, padding: 1)),
            ("norm4", Normalization(8 * filters, 0.8)),
            ("activation4", LeakyReLU(0.25, inplace: true)),
            ("dropout4", Dropout(options.Dropout)),
            ("flatten", Flatten()),
            ("logit", Linear(8 * filters * height * width, 1)));
    }

    /// <summary>The side after three convolutions of stride 2, with the padding between: 5 of 32.</summary>
    private static long Halved(int side) => side / 8 + 1;

    /// <summary>What Keras' 'same' adds to an even side before a 3 x 3 convolution of stride 2.</summary>
    private static ZeroPad2d SamePadding() => ZeroPad2d((0, 1, 0, 1));

    private static BatchNorm2d Normalization(long channels, double kerasMomentum) =>
        BatchNorm2d(channels, eps: 1e-3, momentum: 1 - kerasMomentum);
}
