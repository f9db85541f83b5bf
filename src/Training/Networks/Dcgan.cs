using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The deep convolutional GAN (Radford, Metz, Chintala 2016) as the course (docs/sources.md) builds it, for square
/// images whose side is a power of two: 4 x 4 convolutions of stride 2 without biases, batch normalisation, LeakyReLU 0.2 in
/// both networks, dropout in the discriminator, weights from N(0, 0.02).
/// </summary>
/// <remarks>
/// At 64 x 64 with 1 channel, 64 filters and a latent of 100 the discriminator has 2,765,312 parameters and the generator
/// 3,576,576, moving statistics included. Half the side is one stage less in each network. Batch normalisation has Keras'
/// epsilon of 1e-3; its momentum of 0.9 is 0.1 in Torch's sense. Images of another size are brought to such a side by the
/// data set's options, as MNIST's 28 pixels to 32.
/// </remarks>
internal static class Dcgan
{
    /// <summary>What <see cref="Fits"/> asks for.</summary>
    public const string Images = "square images with a side of 16, 32, 64, 128 or 256 pixels";

    public static bool Fits(ImageShape shape) => shape.Height == shape.Width && shape.Height is (16 or 32 or 64 or 128 or 256);

    public static GanNetworks Create(ArchitectureOptions options) =>
        InitialWeights.Normal(new GanNetworks(options, Generator(options), Discriminator(options)));

    /// <summary>Convolutions of stride 2 between the image and 4 x 4.</summary>
    public static int Stages(ArchitectureOptions options) => BitOperations.Log2((uint)options.Shape.Height) - 2;

    private static Sequential Discriminator(ArchitectureOptions options) => FastSequential.Of(
    [
        .. FeatureLayers(options),
        ("logit", Conv2d((long)options.Filters << (Stages(options) - 1), 1, 4, bias: false)),
        ("flatten", Flatten()),
    ]);

    /// <summary>The discriminator without its last layer: images to features of 4 x 4 places.</summary>
    public static Sequential Features(ArchitectureOptions options) => FastSequential.Of(FeatureLayers(options));

    private static List<(string, Module<Tensor, Tensor>)> FeatureLayers(ArchitectureOptions options)
    {
        var stages = Stages(options);
        long filters = options.Filters;
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv1", Conv2d(options.Shape.Channels + options.LabelSize, filters, 4, stride: 2, padding: 1, bias: false)),
            ("activation1", Activation()),
            ("dropout1", Dropout(options.Dropout)),
        };
        for (var stage = 2; stage <= stages; stage++, filters *= 2)
        {
            layers.Add(($"conv{stage}", Conv2d(filters, 2 * filters, 4, stride: 2, padding: 1, bias: false)));
            layers.Add(($"norm{stage}", Normalization(2 * filters)));
            layers.Add(($"activation{stage}", Activation()));
            layers.Add(($"dropout{stage}", Dropout(options.Dropout)));
        }
        return layers;
    }

    /// <summary>Latents to images through transposed convolutions, from 4 x 4 pixels on.</summary>
    public static Sequential Generator(ArchitectureOptions options)
    {
        long latent = options.LatentSize + options.LabelSize;
        var stages = Stages(options);
        var filters = (long)options.Filters << (stages - 1);
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("unflatten", Unflatten(1, [latent, 1, 1])),
            ("conv1", ConvTranspose2d(latent, filters, 4, bias: false)),
            ("norm1", Normalization(filters)),
            ("activation1", Activation()),
        };
        for (var stage = 2; stage <= stages; stage++, filters /= 2)
        {
            layers.Add(($"conv{stage}", ConvTranspose2d(filters, filters / 2, 4, stride: 2, padding: 1, bias: false)));
            layers.Add(($"norm{stage}", Normalization(filters / 2)));
            layers.Add(($"activation{stage}", Activation()));
        }
        layers.Add(("image", ConvTranspose2d(filters, options.Shape.Channels, 4, stride: 2, padding: 1, bias: false)));
        layers.Add(("tanh", Tanh()));
        return FastSequential.Of(layers);
    }

    // What comes before it needs no values of its own for its gradient, so the activation may overwrite them.
    public static LeakyReLU Activation() => LeakyReLU(0.2, inplace: true);

    public static BatchNorm2d Normalization(long channels) => BatchNorm2d(channels, eps: 1e-3, momentum: 0.1);
}
