using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>
/// A stage whose metrics are a record: it is serialised into summary.json, and read from there for the line that people see.
/// </summary>
internal abstract class Stage<TMetrics> : Stage where TMetrics : class
{
    public sealed override JsonObject Run(RunContext run, CancellationToken stop) => MetricsJson.Write(Execute(run, stop));

    public sealed override string Line(JsonObject metrics) => Describe(MetricsJson.Read<TMetrics>(metrics));

    /// <summary>Does the work.</summary>
    protected abstract TMetrics Execute(RunContext run, CancellationToken stop);

    /// <summary>The metrics in one line.</summary>
    protected abstract string Describe(TMetrics metrics);
}
