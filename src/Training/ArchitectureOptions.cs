namespace GanPipeline.Training;

/// <summary>What an architecture is built from; kept in every checkpoint.</summary>
public sealed record ArchitectureOptions
{
    /// <summary>One of <see cref="Architectures.Names"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Channels, height and width of the images.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Numbers in a latent vector, standard normal each; at least 1.</summary>
    public int LatentSize { get; init; } = 100;

    /// <summary>Numbers in the label vector of a conditional GAN (Mirza and Osindero 2014), or 0 for an unconditional one.</summary>
    public int LabelSize { get; init; }

    /// <summary>Convolution filters at the image's full resolution (the widest layer has several times as many); at least 1. Unused by <c>dense</c>.</summary>
    public int Filters { get; init; } = 64;

    /// <summary>Share of activations that the discriminator's dropout layers zero in training, from 0 to below 1. Unused by <c>dense</c>.</summary>
    public double Dropout { get; init; } = 0.3;
}
