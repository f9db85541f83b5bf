using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The network whose discriminator's features classify pictures (Radford, Metz, Chintala 2016, section 5.1), for 32 x 32 pixels and a
/// latent of 256: six 3 x 3 convolutions of f, f, 2f, 2f, 4f, 4f filters and strides 1, 2, 1, 2, 1, 2 with f = 128, batch
/// normalisation on all but the first, LeakyReLU 0.2. The generator is <see cref="Dcgan"/>'s.
/// </summary>
/// <remarks>
/// With 128 filters the activations of the six convolutions, each pooled to 4 x 4, are 28,672 numbers. At 3 channels and a latent of 256
/// the discriminator has 4,589,440 parameters and the generator 4,728,320, moving statistics included. No biases, weights from N(0, 0.02),
/// as in <see cref="Dcgan"/>.
/// </remarks>
internal static class TransferGan
{
    public static bool Fits(ImageShape shape) => shape is { Height: 32, Width: 32 };

    public static GanNetworks Create(ArchitectureOptions options) =>
        InitialWeights.Normal(new GanNetworks(options, Dcgan.Generator(options), Discriminator(options)));

    private static Sequential Discriminator(ArchitectureOptions options)
    {
        long filters = options.Filters, channels = options.Shape.Channels + options.LabelSize;
        (long Filters, long Stride)[] plan = [(filters, 1), (filters, 2), (2 * filters, 1), (2 * filters, 2), (4 * filters, 1),
            (4 * filters, 2)];
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < plan.Length; channels = plan[i++].Filters)
        {
            layers.Add(($"conv{i + 1}", Conv2d(channels, plan[i].Filters, 3, stride: plan[i].Stride, padding: 1, bias: false)));
            if (i > 0) layers.Add(($"norm{i + 1}", Dcgan.Normalization(plan[i].Filters)));
            layers.Add(($"activation{i + 1}", Dcgan.Activation()));
            layers.Add(($"dropout{i + 1}", Dropout(options.Dropout)));
        }
        layers.Add(("logit", Conv2d(channels, 1, 4, bias: false)));
        layers.Add(("flatten", Flatten()));
        return FastSequential.Of(layers);
    }
}
