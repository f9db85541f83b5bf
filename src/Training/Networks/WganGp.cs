using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The networks of the Wasserstein GAN with gradient penalty (Gulrajani et al. 2017) in the form of the course (docs/sources.md): the
/// generator of
/// <see cref="Dcgan"/>, and a critic like its discriminator but without batch normalisation, which would make the gradient of one image
/// depend on the others, and therefore with biases.
/// </summary>
/// <remarks>
/// At 64 x 64 with 3 channels, 64 filters and a latent of 128 the critic has 2,764,737 parameters and the generator 3,808,000. Dropout,
/// where there is any, follows all convolutions but the first and the last. Weights are Glorot's, as Keras' are by default. The paper
/// trains with a penalty of weight 10, five critic steps to one of the generator, and Adam 1e-4 with betas 0 and 0.9; the critic goes with
/// any other objective as well.
/// </remarks>
internal static class WganGp
{
    public static GanNetworks Create(ArchitectureOptions options) =>
        InitialWeights.Glorot(new GanNetworks(options, Dcgan.Generator(options), Critic(options)));

    private static Sequential Critic(ArchitectureOptions options)
    {
        long channels = options.Shape.Channels + options.LabelSize, filters = options.Filters;
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var stage = 1; stage <= Dcgan.Stages(options); stage++, channels = filters, filters *= 2)
        {
            layers.Add(($"conv{stage}", Conv2d(channels, filters, 4, stride: 2, padding: 1)));
            layers.Add(($"activation{stage}", LeakyReLU(0.2, inplace: true)));
            if (stage > 1) layers.Add(($"dropout{stage}", Dropout(options.Dropout)));
        }
        layers.Add(("score", Conv2d(channels, 1, 4)));
        layers.Add(("flatten", Flatten()));
        return FastSequential.Of(layers);
    }
}
