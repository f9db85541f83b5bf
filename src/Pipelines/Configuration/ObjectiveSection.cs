namespace GanPipeline.Pipelines;

/// <summary>What the networks are trained towards, and the remedies that belong to it.</summary>
internal sealed record ObjectiveSection
{
    public static readonly string[] Losses = [.. Training.Objectives.Names];
    public static readonly string[] GeneratorLosses = ["non-saturating", "saturating"];
    public static readonly string[] GeneratorBatches = ["shared", "fresh"];
    public static readonly string[] UpdateOrders = ["together", "in-turn"];
    public static readonly string[] Reductions = ["mean", "sum"];
    public static readonly string[] Augmentations = ["color", "translation", "cutout", "flip"];

    public required string Loss { get; init; }

    /// <summary>Real targets are moved by uniform noise of up to this much, upwards.</summary>
    public required double LabelNoise { get; init; }

    /// <summary>Generated targets are moved by uniform noise of up to this much, downwards where it is negative.</summary>
    public required double GeneratedLabelNoise { get; init; }

    /// <summary>Real targets are 1 minus this.</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>The share of images that the discriminator is told the opposite of.</summary>
    public required double LabelFlips { get; init; }

    /// <summary>"non-saturating" minimises -log D(G(z)); "saturating" minimises log(1 - D(G(z))).</summary>
    public required string GeneratorLoss { get; init; }

    /// <summary>"shared": both updates see one set of generated images; "fresh": the generator's update draws new latents.</summary>
    public required string GeneratorBatch { get; init; }

    /// <summary>"together": both gradients are taken before either update; "in-turn": the generator sees the updated discriminator.</summary>
    public required string Updates { get; init; }

    /// <summary>"mean" or "sum" of its real and generated halves.</summary>
    public required string DiscriminatorLoss { get; init; }

    /// <summary>Updates of the discriminator a step.</summary>
    public required int CriticSteps { get; init; }

    /// <summary>Weight of the gradient penalty between real and generated images; 0 is off.</summary>
    public required double GradientPenalty { get; init; }

    /// <summary>R1's gamma; 0 is off.</summary>
    public required double R1 { get; init; }

    /// <summary>Steps from one R1 penalty to the next.</summary>
    public required int R1Every { get; init; }

    /// <summary>Divide the discriminator's weights by their largest singular values.</summary>
    public required bool SpectralNormalization { get; init; }

    /// <summary>Standard deviation of the noise that the discriminator sees on all pictures at first; 0 is off.</summary>
    public required double InstanceNoise { get; init; }

    /// <summary>Steps in which it falls to 0.</summary>
    public required long InstanceNoiseSteps { get; init; }

    /// <summary>Changes that the discriminator sees in all pictures.</summary>
    public required IReadOnlyList<string> Augment { get; init; }

    /// <summary>The mean sign of the discriminator's outputs for real pictures that the changes' probability aims at; 0 is a fixed probability.</summary>
    public required double AugmentTarget { get; init; }

    /// <summary>The fixed probability.</summary>
    public required double AugmentProbability { get; init; }

    /// <summary>Pictures in which an adapting probability goes from 0 to 1.</summary>
    public required long AugmentImages { get; init; }
}
