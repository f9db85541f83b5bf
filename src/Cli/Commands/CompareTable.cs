using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>A comparison as a table for terminals, a column a run, and as JSON.</summary>
internal static class CompareTable
{
    private const int WidestName = 28, WidestValue = 24;

    /// <summary>The runs' names, the options that differ, what the trainings took, and the metrics.</summary>
    public static IEnumerable<string> Lines(RunComparison comparison)
    {
        var runs = comparison.Runs;
        var costs = runs.Select(RunCost.Of).ToArray();
        List<string[]?> rows =
        [
            ["", .. runs.Select(run => run.Name)],
            .. comparison.Differences.Select(option => (string[])[option.Key, .. option.Values.Select(value => value ?? "-")]),
            null,
            ["steps", .. costs.Select(cost => TextFormat.Count(cost.Steps) + (cost.State.Length > 0 ? $" {cost.State}" : ""))],
            ["minutes", .. costs.Select(cost => TextFormat.Number(cost.Minutes))],
            ["images/s", .. costs.Select(cost => TextFormat.Count((long)cost.ImagesPerSecond))],
        ];
        if (costs.Any(cost => cost.Parameters.Length > 0)) rows.Add(["parameters", .. costs.Select(cost => cost.Parameters)]);
        if (comparison.Metrics.Count > 0) rows.Add(null);
        rows.AddRange(comparison.Metrics.Select(metric => (string[])
        [
            metric.Title, .. metric.Values.Select((value, run) => value is null ? "-" : value.Text + (metric.Best == run ? " *" : "")),
        ]));
        rows = [.. rows.Select(row => row?.Select((cell, column) =>
            TextFormat.Shorten(cell, column == 0 || row == rows[0] ? WidestName : WidestValue)).ToArray())];
        var widths = Enumerable.Range(0, runs.Count + 1).Select(column => rows.Max(row => row?[column].Length ?? 0)).ToArray();
        foreach (var row in rows)
            yield return row is null ? "" : string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
        yield return "";
        yield return $"Same in all: {TextFormat.Count(comparison.EqualOptions, "other option")}.";
        if (comparison.Metrics.Any(metric => metric.Best is not null))
            yield return "* the best: its interval overlaps that of no other run.";
        if (comparison.Metrics.Any(metric => !metric.IsComparable))
            yield return "Not all were measured against the same pictures in the same features: such metrics cannot be compared.";
    }

    /// <summary>The same for programs, one value a run where there are lists.</summary>
    public static JsonObject ToJson(RunComparison comparison) => new()
    {
        ["runs"] = new JsonArray([.. comparison.Runs.Select(run => (JsonNode)ToJson(run))]),
        ["differences"] = new JsonObject(comparison.Differences.Select(option =>
            KeyValuePair.Create(option.Key, (JsonNode?)new JsonArray([.. option.Values.Select(value => (JsonNode?)value)])))),
        ["equalOptions"] = comparison.EqualOptions,
        ["metrics"] = new JsonObject(comparison.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)new JsonObject
        {
            ["values"] = Each(metric, value => value.Value),
            ["low"] = Each(metric, value => value.Low),
            ["high"] = Each(metric, value => value.High),
            ["comparable"] = metric.IsComparable,
            ["best"] = metric.Best is { } best ? comparison.Runs[best].Name : null,
        }))),
        ["commonSteps"] = new JsonArray([.. comparison.CommonSteps.Select(step => (JsonNode)step)]),
    };

    private static JsonObject ToJson(ComparedRun run)
    {
        var cost = RunCost.Of(run);
        return new()
        {
            ["name"] = run.Name,
            ["folder"] = run.Folder.Root,
            ["pipeline"] = run.Options.Name,
            ["trained"] = run.IsTrained,
            ["steps"] = cost.Steps,
            ["minutes"] = Json.Rounded(cost.Minutes),
            ["imagesPerSecond"] = Json.Rounded(cost.ImagesPerSecond),
            ["generatorParameters"] = cost.GeneratorParameters,
            ["discriminatorParameters"] = cost.DiscriminatorParameters,
        };
    }

    private static JsonArray Each(ComparedMetric metric, Func<Estimate, double?> value) =>
        new([.. metric.Values.Select(of => of is not null && value(of) is { } number ? Json.Rounded(number) : null)]);
}
