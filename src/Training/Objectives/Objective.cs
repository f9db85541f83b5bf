using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// What the two networks are trained towards, as losses on the discriminator's outputs; independent of their architecture.
/// </summary>
public abstract class Objective
{
    /// <summary>
    /// The output above which the discriminator takes an image for real. Null where there is none: a critic's scores are only
    /// higher or lower than others.
    /// </summary>
    public virtual double? Boundary => 0;

    /// <summary>Whether the outputs are log-odds, so that their sigmoid is the probability of a real image; else they are scores.</summary>
    public virtual bool IsProbabilistic => false;

    /// <summary>What the discriminator minimises.</summary>
    /// <param name="real">Its outputs for real images, [N, 1].</param>
    /// <param name="generated">Its outputs for generated images, [N, 1].</param>
    /// <returns>A scalar.</returns>
    public abstract Tensor DiscriminatorLoss(Tensor real, Tensor generated);

    /// <summary>Whether <see cref="GeneratorLoss"/> looks at the outputs for real images.</summary>
    public virtual bool ComparesGenerated => false;

    /// <summary>What the generator minimises.</summary>
    /// <param name="generated">The discriminator's outputs for generated images, [N, 1].</param>
    /// <param name="real">Its outputs for real images, [N, 1]; may be null where <see cref="ComparesGenerated"/> is false.</param>
    /// <returns>A scalar.</returns>
    public abstract Tensor GeneratorLoss(Tensor generated, Tensor? real = null);
}
