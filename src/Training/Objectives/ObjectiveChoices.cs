namespace GanPipeline.Training;

/// <summary>The losses of the two networks.</summary>
public enum GanLoss
{
    /// <summary>Binary cross-entropy (Goodfellow et al. 2014).</summary>
    CrossEntropy,

    /// <summary>Squared distance from targets, LSGAN (Mao et al. 2017).</summary>
    LeastSquares,

    /// <summary>Hinge loss (Lim and Ye 2017; Miyato et al. 2018).</summary>
    Hinge,

    /// <summary>The Wasserstein distance, estimated by a critic (Arjovsky, Chintala and Bottou 2017).</summary>
    Wasserstein,

    /// <summary>
    /// Relativistic pairing (Jolicoeur-Martineau 2019; Huang et al. 2024, section 2): cross-entropy of the difference between the
    /// discriminator's outputs for a real image and for a generated one, which are paired at random. Not the level of an output counts, but
    /// which of two is higher.
    /// </summary>
    Relativistic,
}

/// <summary>The two forms of the generator's cross-entropy.</summary>
public enum GeneratorLoss
{
    /// <summary>Minimises -log D(G(z)).</summary>
    NonSaturating,

    /// <summary>Minimises log(1 - D(G(z))).</summary>
    Saturating,
}

/// <summary>How two losses become one.</summary>
public enum LossReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

/// <summary>Which generated images the generator's update is computed from.</summary>
public enum GeneratorBatch
{
    /// <summary>Images of latents drawn for it.</summary>
    Fresh,

    /// <summary>Those that the discriminator's update of the same step saw.</summary>
    Reused,
}

/// <summary>When a step changes the weights.</summary>
public enum UpdateOrder
{
    /// <summary>The discriminator first; the generator then learns from the changed discriminator.</summary>
    Alternating,

    /// <summary>Both after both gradients are taken.</summary>
    Together,
}

/// <summary>Changes of an image that the discriminator is to overlook, and through which gradients pass.</summary>
[Flags]
public enum Augmentations
{
    /// <summary>Images are shown as they are.</summary>
    None = 0,

    /// <summary>Brightness by up to 0.5 either way, saturation by a factor from 0 to 2, contrast by one from 0.5 to 1.5.</summary>
    Color = 1,

    /// <summary>A shift by up to an eighth of the side; the gap is gray.</summary>
    Translation = 2,

    /// <summary>A gray square of half the side, anywhere.</summary>
    Cutout = 4,

    /// <summary>Mirroring left to right.</summary>
    Flip = 8,
}
