using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>What the two networks are trained towards, as losses on the discriminator's logits; independent of their architecture.</summary>
public abstract class Objective
{
    /// <summary>What the discriminator minimises.</summary>
    /// <param name="real">Its logits for real images, [N, 1].</param>
    /// <param name="generated">Its logits for generated images, [N, 1].</param>
    /// <returns>A scalar.</returns>
    public abstract Tensor DiscriminatorLoss(Tensor real, Tensor generated);

    /// <summary>What the generator minimises.</summary>
    /// <param name="generated">The discriminator's logits for generated images, [N, 1].</param>
    /// <returns>A scalar.</returns>
    public abstract Tensor GeneratorLoss(Tensor generated);
}
