namespace GanPipeline.Training;

/// <summary>Changes of an image that the discriminator is to overlook, and through which gradients pass.</summary>
[Flags]
public enum Augmentations
{
    /// <summary>Images are shown as they are.</summary>
    None = 0,

    /// <summary>Brightness by up to 0.5 either way, saturation by a factor from 0 to 2, contrast by one from 0.5 to 1.5.</summary>
    Color = 1,

    /// <summary>A shift by up to an eighth of the side, what comes in being gray.</summary>
    Translation = 2,

    /// <summary>A gray square of half the side, anywhere.</summary>
    Cutout = 4,

    /// <summary>Mirroring left to right.</summary>
    Flip = 8,
}

/// <summary>
/// Differentiable augmentation (Zhao et al. 2020) of all images that the discriminator sees, real and generated: it learns from a small data
/// set without knowing it by heart, and the generator does not learn the changes. With a <see cref="Target"/> their share follows the
/// discriminator's confidence (Karras et al. 2020, ADA).
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Which changes; each is made to an image with the same probability, independently.</summary>
    public Augmentations Kinds { get; init; }

    /// <summary>The probability where it does not adapt, from 0 to 1; above 0.8 the generator may begin to draw the changes themselves.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>
    /// How sure of real images the discriminator may be: the mean sign of its outputs for them, between -1 and 1, which
    /// raises the probability, from 0 on, where it is higher and lowers it where it is lower. 0.6 in the paper; 0 keeps the probability fixed.
    /// </summary>
    public double Target { get; init; }

    /// <summary>Real images in which an adapting probability goes from 0 to 1 at most; 500,000 in the paper.</summary>
    public long Images { get; init; } = 500_000;

    /// <summary>Steps between adaptations.</summary>
    public int Every { get; init; } = 4;

    /// <summary>Whether anything is changed.</summary>
    public bool IsOn => Kinds != Augmentations.None;

    internal bool Adapts => IsOn && Target > 0;
}
