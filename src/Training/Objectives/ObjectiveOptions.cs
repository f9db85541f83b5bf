namespace GanPipeline.Training;

/// <summary>Which objective, and how it departs from the plain one.</summary>
public sealed record ObjectiveOptions
{
    /// <summary>One of <see cref="Objectives.Names"/>.</summary>
    public string Name { get; init; } = "cross-entropy";

    /// <summary>
    /// The generator minimises log(1 - D(G(z))), the minimax game's own loss, whose gradient vanishes while the discriminator
    /// wins; else it minimises -log D(G(z)) (Goodfellow et al. 2014, section 3).
    /// </summary>
    public bool Saturating { get; init; }

    /// <summary>The discriminator's target for real images, from 0 to 1; 0.9 is one-sided label smoothing (Salimans et al. 2016, section 3.4).</summary>
    public double RealTarget { get; init; } = 1;

    /// <summary>The discriminator's target for generated images, from 0 to 1.</summary>
    public double GeneratedTarget { get; init; }

    /// <summary>
    /// Each real image's target is moved by this much at most, uniformly, upwards where it is positive. The bricks lesson has 0.1 here
    /// and -0.1 in <see cref="GeneratedNoise"/>.
    /// </summary>
    public double RealNoise { get; init; }

    /// <summary>Each generated image's target is moved by this much at most, uniformly, upwards where it is positive.</summary>
    public double GeneratedNoise { get; init; }

    /// <summary>
    /// The share of images, real and generated, that the discriminator is told the opposite of, from 0 to below 0.5. Not for
    /// <c>wasserstein</c>.
    /// </summary>
    public double LabelFlips { get; init; }

    /// <summary>
    /// The discriminator's loss is the sum of its halves, real and generated, or their mean. Null is what the objective's paper has: the sum for
    /// <c>hinge</c> and <c>wasserstein</c>, the mean for the others.
    /// </summary>
    public bool? SumHalves { get; init; }

    /// <summary>
    /// Weight of the gradient penalty (Gulrajani et al. 2017), 10 in the paper; 0 is off. <c>wasserstein</c> needs it, or another bound on the
    /// critic; the discriminator must have no batch normalisation.
    /// </summary>
    public double GradientPenalty { get; init; }

    /// <summary>R1's gamma: gamma / 2 times the mean squared norm of the gradient at real images is paid (Mescheder et al. 2018); 0 is off.</summary>
    public double R1 { get; init; }

    /// <summary>
    /// Steps between those that pay R1, each of which then pays so many times as much: the lazy regularisation of Karras et al. 2020
    /// (StyleGAN2, appendix B), Adam's settings left as they are.
    /// </summary>
    public int R1Every { get; init; } = 1;
}
