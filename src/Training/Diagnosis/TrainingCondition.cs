namespace GanPipeline.Training;

/// <summary>What can be wrong with a GAN's training; see <see cref="Diagnosis"/> for how each is told.</summary>
public enum TrainingCondition
{
    /// <summary>
    /// The discriminator takes real images for generated ones and generated ones for real: it was told the opposite of what they are.
    /// </summary>
    SwappedLabels,

    /// <summary>Losses have left all bounds, or the generator is dead: its weights are so large that its outputs no longer react.</summary>
    Divergence,

    /// <summary>
    /// The discriminator is right on everything, and next to no gradient reaches the generator (Goodfellow et al. 2014, section 3).
    /// </summary>
    VanishingGradients,

    /// <summary>The samples are alike while real images are not.</summary>
    ModeCollapse,

    /// <summary>The discriminator is right on nearly everything, and the generator gets nowhere against it.</summary>
    DiscriminatorDominates,

    /// <summary>The discriminator cannot tell samples from real images, although they are far from them.</summary>
    GeneratorDominates,

    /// <summary>
    /// The discriminator is right on nearly everything while samples that were better get worse: it reads something that does not count,
    /// such as a trace of how pictures were stored.
    /// </summary>
    HiddenCues,

    /// <summary>The discriminator knows the training images by heart: it takes held-out real images for generated ones.</summary>
    Overfitting,

    /// <summary>The samples repeat training images.</summary>
    Copying,
}
