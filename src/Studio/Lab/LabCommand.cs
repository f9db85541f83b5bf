namespace GanPipeline.Studio;

/// <summary>What a page asks of its lab.</summary>
internal enum LabAction
{
    /// <summary>Train on, at <see cref="LabCommand.Speed"/>.</summary>
    Play,

    /// <summary>Stand still.</summary>
    Pause,

    /// <summary>One update of the discriminator.</summary>
    StepDiscriminator,

    /// <summary>One update of the generator.</summary>
    StepGenerator,

    /// <summary>One round.</summary>
    StepRound,

    /// <summary>Begin anew.</summary>
    Restart,

    /// <summary>Go on by <see cref="LabCommand.Settings"/>.</summary>
    Change,
}

/// <summary>How fast a lab trains.</summary>
internal enum LabSpeed
{
    /// <summary>As many rounds as there is time for.</summary>
    Fast,

    /// <summary>A round a picture.</summary>
    Steady,

    /// <summary>Each round in its phases, see <see cref="LabPhase"/>, about a second each.</summary>
    Slow,
}

/// <summary>Where in a round a slow training is.</summary>
internal enum LabPhase
{
    /// <summary>Between rounds, or not slow.</summary>
    None,

    /// <summary>Noise goes into the generator.</summary>
    Noise,

    /// <summary>The generator has made points of it.</summary>
    Generated,

    /// <summary>The discriminator has judged real and generated points.</summary>
    Judged,

    /// <summary>The discriminator has learned from its mistakes.</summary>
    DiscriminatorUpdated,

    /// <summary>The discriminator's gradient says where generated points should go.</summary>
    Gradients,

    /// <summary>The generator has learned from it.</summary>
    GeneratorUpdated,
}

/// <summary>A page's message.</summary>
internal sealed record LabCommand
{
    /// <summary>What is asked.</summary>
    public required LabAction Action { get; init; }

    /// <summary>Of <see cref="LabAction.Play"/>.</summary>
    public LabSpeed Speed { get; init; }

    /// <summary>Of <see cref="LabAction.Change"/>.</summary>
    public LabSettings? Settings { get; init; }
}
