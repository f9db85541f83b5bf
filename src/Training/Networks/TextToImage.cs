using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The text-to-image GAN of Reed et al. 2016 ("Generative adversarial text to image synthesis", section 4): DCGAN's networks, which are
/// told a text by its embedding. Both project it to 128 numbers; the generator's latent has these behind it, and the discriminator joins
/// them to its features at 4 x 4 pixels.
/// </summary>
/// <remarks>
/// The label vector is the embedding. How such networks are trained, with texts that do not match, see <see cref="RealBatch.Others"/> and
/// <see cref="ObjectiveOptions.Interpolation"/>. At 64 x 64 with 3 channels, 64 filters, latents of 100 and embeddings of 1024, the
/// generator has 4,758,400 parameters and the discriminator 3,228,288, moving statistics included.
/// </remarks>
internal static class TextToImage
{
    /// <summary>Numbers that an embedding is projected to, in either network.</summary>
    public const int Projected = 128;

    public static GanNetworks Create(ArchitectureOptions options) => InitialWeights.Normal(
        new GanNetworks(options, new TextGenerator(options), new TextDiscriminator(options), labelPlanes: false));

    /// <summary>Embeddings [N, D] to as many numbers as are wanted.</summary>
    public static TorchSharp.Modules.Linear Projection(ArchitectureOptions options, int size = Projected)
    {
        var projection = Linear(options.LabelSize, size);
        // As the convolutions, whose weights are drawn where the networks are whole.
        init.normal_(projection.weight, mean: 0, std: 0.02);
        init.zeros_(projection.bias!);
        return projection;
    }
}
