using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The two networks of a generative adversarial network (Goodfellow et al. 2014). The generator maps latents
/// [N, <see cref="LatentSize"/>] to images [N, C, H, W] in [-1, 1]; the discriminator maps images to logits [N, 1],
/// positive where it believes an image to be real.
/// </summary>
public sealed class GanNetworks : IDisposable
{
    /// <summary>Networks of any origin; for the ones that come with the project see <see cref="Architectures.Create"/>.</summary>
    /// <param name="options">What the networks were built from; a checkpoint is only resumed by networks of equal options.</param>
    /// <param name="generator">[N, latent size] to [N, C, H, W] in [-1, 1].</param>
    /// <param name="discriminator">[N, C, H, W] to logits [N, 1].</param>
    public GanNetworks(ArchitectureOptions options, Module<Tensor, Tensor> generator, Module<Tensor, Tensor> discriminator)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        Options = options;
        Generator = generator;
        Discriminator = discriminator;
    }

    /// <summary>What the networks were built from.</summary>
    public ArchitectureOptions Options { get; }

    /// <summary>Latents [N, <see cref="LatentSize"/>] to images [N, C, H, W] in [-1, 1].</summary>
    public Module<Tensor, Tensor> Generator { get; }

    /// <summary>Images [N, C, H, W] to logits [N, 1].</summary>
    public Module<Tensor, Tensor> Discriminator { get; }

    /// <summary>The architecture's name.</summary>
    public string Architecture => Options.Name;

    /// <summary>Numbers in a latent vector.</summary>
    public int LatentSize => Options.LatentSize;

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape => Options.Shape;

    /// <summary>Frees both networks' tensors.</summary>
    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }
}
