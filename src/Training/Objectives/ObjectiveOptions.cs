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

    /// <summary>The discriminator's loss is the sum of its halves, real and generated, not their mean.</summary>
    public bool SumHalves { get; init; }
}
