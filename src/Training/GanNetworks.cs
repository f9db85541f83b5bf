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
    /// <param name="labelPlanes">How a conditional discriminator gets its labels, see <see cref="LabelPlanes"/>.</param>
    public GanNetworks(ArchitectureOptions options, Module<Tensor, Tensor> generator, Module<Tensor, Tensor> discriminator,
        bool labelPlanes = true)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        Options = options;
        Generator = generator;
        Discriminator = discriminator;
        LabelPlanes = labelPlanes;
    }

    /// <summary>What the networks were built from.</summary>
    public ArchitectureOptions Options { get; }

    /// <summary>
    /// Latents, with the label vector behind them where there is one, [N, latent size + label size] to images [N, C, H, W] in [-1, 1].
    /// </summary>
    public Module<Tensor, Tensor> Generator { get; }

    /// <summary>Images, with their labels where the networks are conditional (see <see cref="LabelPlanes"/>), to logits [N, 1].</summary>
    public Module<Tensor, Tensor> Discriminator { get; }

    /// <summary>
    /// Whether a conditional discriminator sees a constant plane for each number of the label vector behind the image's channels,
    /// [N, C + label size, H, W], as convolutions want it; else the vector itself behind the flattened image, [N, C H W + label size].
    /// </summary>
    public bool LabelPlanes { get; }

    /// <summary>Generates images; gradients flow as the caller's mode says.</summary>
    /// <param name="latents">[N, <see cref="LatentSize"/>].</param>
    /// <param name="labels">[N, <see cref="LabelSize"/>] where the networks are conditional, else null.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is <see cref="Generator"/>.</param>
    /// <returns>Images [N, C, H, W] in [-1, 1].</returns>
    public Tensor Generate(Tensor latents, Tensor? labels = null, Module<Tensor, Tensor>? generator = null)
    {
        RequireLabels(labels);
        return (generator ?? Generator).call(labels is null ? latents : cat([latents, labels], 1));
    }

    /// <summary>The discriminator's logits, [N, 1].</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1].</param>
    /// <param name="labels">[N, <see cref="LabelSize"/>] where the networks are conditional, else null.</param>
    public Tensor Discriminate(Tensor images, Tensor? labels = null)
    {
        RequireLabels(labels);
        if (labels is null) return Discriminator.call(images);
        if (!LabelPlanes) return Discriminator.call(cat([images.flatten(1), labels], 1));
        var planes = labels.reshape(labels.shape[0], labels.shape[1], 1, 1).expand(-1, -1, Shape.Height, Shape.Width);
        return Discriminator.call(cat([images, planes], 1));
    }

    /// <summary>The architecture's name.</summary>
    public string Architecture => Options.Name;

    /// <summary>Numbers in a latent vector.</summary>
    public int LatentSize => Options.LatentSize;

    /// <summary>Numbers in a label vector; 0 where the networks are unconditional.</summary>
    public int LabelSize => Options.LabelSize;

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape => Options.Shape;

    private void RequireLabels(Tensor? labels)
    {
        if ((labels is null) != (LabelSize == 0))
            throw new ArgumentException(labels is null ? $"These networks are conditional: give labels [N, {LabelSize}]." : "These " +
                "networks take no labels.", nameof(labels));
    }

    /// <summary>Frees both networks' tensors.</summary>
    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }
}
