using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>
/// One step of a run. A stage says what its result depends on and where the result lies; the runner decides whether it must run.
/// </summary>
internal abstract class Stage
{
    public abstract string Name { get; }

    /// <summary>Stages whose results this one reads.</summary>
    public abstract IReadOnlyList<string> Upstream { get; }

    /// <summary>Files that exist when the stage is done, relative to the run's folder.</summary>
    public abstract IReadOnlyList<string> Outputs(RunContext run);

    /// <summary>What decides the result apart from the stages upstream.</summary>
    public abstract JsonObject Depends(RunContext run);

    /// <summary>Finds what is wrong with the request's data before any stage runs.</summary>
    public virtual void Check(RunContext run) { }

    /// <summary>Does the work and returns the metrics for summary.json.</summary>
    public abstract JsonObject Run(RunContext run, CancellationToken stop);

    /// <summary>The metrics in one line for people.</summary>
    public abstract string Line(JsonObject metrics);
}
