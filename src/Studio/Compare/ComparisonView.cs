using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>Runs beside each other, as their page shows them. Lists with one value a run are in the order of the runs.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Curves">What the trainings logged.</param>
/// <param name="Differences">The options that are not the same in all.</param>
/// <param name="EqualOptions">How many others there are.</param>
/// <param name="Metrics">What was measured of one at least.</param>
internal sealed record ComparisonView(IReadOnlyList<ComparedRunView> Runs, IReadOnlyList<CurveView> Curves,
    IReadOnlyList<OptionDifference> Differences, int EqualOptions, IReadOnlyList<MetricView> Metrics)
{
    /// <summary>More lines cannot be told apart on a page of their colours.</summary>
    public const int MostRuns = 6;

    /// <summary>Reads runs as they are now.</summary>
    /// <param name="runs">All runs.</param>
    /// <param name="names">Two to <see cref="MostRuns"/> of them.</param>
    /// <exception cref="RequestException">They cannot be compared, or there are too few or too many.</exception>
    /// <exception cref="WorkException">What one has measured cannot be read.</exception>
    public static ComparisonView Create(RunCatalog runs, IReadOnlyList<string> names)
    {
        if (names.Count is < 2 or > MostRuns)
            throw new RequestException($"From 2 to {MostRuns} runs can be compared here, but {TextFormat.Count(names.Count)} were chosen.");
        if (names.FirstOrDefault(name => runs.Find(name) is null) is { } unknown)
            throw new RequestException($"There is no run \"{TextFormat.Shorten(unknown)}\".");
        var comparison = RunComparison.Of([.. names.Select(name => Path.Combine(runs.Folder, name))]);
        var curves = ComparedCurve.Of(comparison).Select(curve => View(curve, comparison.Runs));
        return new([.. names.Zip(comparison.Runs, View)], [.. curves.Where(curve => curve.Lines.Any(line => line.Length > 0))],
            comparison.Differences, comparison.EqualOptions, [.. comparison.Metrics.Select(View)]);
    }

    private static ComparedRunView View(string name, ComparedRun run)
    {
        var cost = RunCost.Of(run);
        return new(name, run.Options.Name, cost.Steps, cost.State, cost.Minutes, cost.ImagesPerSecond,
            run.Folder.Training.SampleGrids() is [.., var grid] ? grid.Step : null);
    }

    private static CurveView View(ComparedCurve curve, IReadOnlyList<ComparedRun> runs) => new(curve.Key, curve.Title,
        [.. runs.Select(run => Chart.Line(curve.Points(run)).Select(point => new[] { point.X, point.Y }).ToArray())]);

    private static MetricView View(ComparedMetric metric) => new(
        metric.Key, metric.Title, metric.Note, metric.LessIsBetter, metric.IsComparable, metric.Best,
        [.. metric.Values.Select(value => value is null ? null : new EstimateView(value.Text, value.Note))]);
}

/// <summary>A run of a comparison.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Steps">Training steps done.</param>
/// <param name="State">Where the training is not over, or ended early; empty otherwise.</param>
/// <param name="Minutes">Of training so far.</param>
/// <param name="ImagesPerSecond">Trained on.</param>
/// <param name="LastSample">The step of its last sample grid; null where there is none.</param>
internal sealed record ComparedRunView(string Name, string Pipeline, long Steps, string State, double Minutes, double ImagesPerSecond,
    long? LastSample);

/// <summary>A value by step.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Title">Its name in words.</param>
/// <param name="Lines">Of each run pairs of step and value, running means; none where it was not logged.</param>
internal sealed record CurveView(string Key, string Title, IReadOnlyList<double[][]> Lines);

/// <summary>A metric of the runs.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its name in words.</param>
/// <param name="Note">What it is.</param>
/// <param name="LessIsBetter">Null where no direction is better.</param>
/// <param name="IsComparable">Whether all were measured alike.</param>
/// <param name="Best">The index of the run that is better than all others, beyond their errors; null where there is none.</param>
/// <param name="Values">Of each run; null where it was not measured.</param>
internal sealed record MetricView(string Key, string Title, string Note, bool? LessIsBetter, bool IsComparable, int? Best,
    IReadOnlyList<EstimateView?> Values);

/// <summary>What was measured of a run, with its error, and further figures.</summary>
internal sealed record EstimateView(string Text, string Note);
