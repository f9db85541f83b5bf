namespace GanPipeline.Studio;

/// <summary>What a page shows of a lab's training at one moment.</summary>
internal sealed record LabFrame
{
    /// <summary>Rounds done: of each the discriminator's updates, then the generator's.</summary>
    public required long Round { get; init; }

    /// <summary>Updates of the discriminator.</summary>
    public required long DiscriminatorSteps { get; init; }

    /// <summary>Updates of the generator.</summary>
    public required long GeneratorSteps { get; init; }

    /// <summary>The discriminator's loss in its last update; NaN before the first.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The generator's loss in its last update; NaN before the first.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>See <see cref="LabGrid.KullbackLeibler"/>.</summary>
    public required double KullbackLeibler { get; init; }

    /// <summary>See <see cref="LabGrid.JensenShannon"/>.</summary>
    public required double JensenShannon { get; init; }

    /// <summary>Share of real points that the discriminator takes for real.</summary>
    public required double RealAccuracy { get; init; }

    /// <summary>Share of generated points that it takes for generated.</summary>
    public required double GeneratedAccuracy { get; init; }

    /// <summary>What the diagnosis names now, by its keys.</summary>
    public required IReadOnlyList<string> Conditions { get; init; }

    /// <summary>Generated points, x and y by turns.</summary>
    public required float[] Generated { get; init; }

    /// <summary>At the first of them the direction in which the generator's loss falls, x and y by turns.</summary>
    public required float[] Gradients { get; init; }

    /// <summary>
    /// The discriminator's judgement over [-1, 1] x [-1, 1], row by row from the lower left corner: 0 generated, 1 real, in between unsure.
    /// </summary>
    public required float[] Judgements { get; init; }

    /// <summary>
    /// Where the generator puts noise that lies in a regular grid (two dimensions, row by row) or at regular distances (one): x and y by
    /// turns.
    /// </summary>
    public required float[] Manifold { get; init; }
}
