namespace GanPipeline.Studio;

/// <summary>What a list of runs shows of one.</summary>
internal sealed record RunFacts
{
    /// <summary>Its folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its pipeline; null where its settings cannot be read.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Training steps done; null where none is logged.</summary>
    public long? Step { get; init; }

    /// <summary>Training steps that it is to have; null where its settings do not say.</summary>
    public long? Steps { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public double? Seconds { get; init; }

    /// <summary>Seconds of training that are left at the pace so far; null where nothing trains.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>What its process is at; null where this studio did not start it, or another one has worked on it since.</summary>
    public RunPhase? Phase { get; init; }

    /// <summary>Whether its process is there; where that is not known, whether it has written something in the last two minutes.</summary>
    public bool IsActive { get; init; }

    /// <summary>When it last wrote.</summary>
    public DateTime Changed { get; init; }

    /// <summary>What the diagnosis names at its last step, by key.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>The step of its last sample grid; null where there is none.</summary>
    public long? LastSample { get; init; }
}

/// <summary>What a run's page shows.</summary>
/// <param name="Facts">As in the list.</param>
/// <param name="Curves">Pairs of step and value by the metric's name in <c>metrics.jsonl</c>, thinned out.</param>
/// <param name="Samples">The steps of its sample grids.</param>
/// <param name="HasReport">Whether there is a report.</param>
/// <param name="Log">The last lines of its log.</param>
internal sealed record RunState(RunFacts Facts, IReadOnlyDictionary<string, double[][]> Curves, IReadOnlyList<long> Samples, bool HasReport,
    IReadOnlyList<string> Log)
{
    /// <summary>The last lines of its process's errors where it failed.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Whether something of it is left to do, and nothing is at work on it.</summary>
    public bool CanResume { get; init; }
}
