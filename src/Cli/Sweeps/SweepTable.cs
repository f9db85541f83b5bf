using System.Text.Json.Nodes;

namespace GanPipeline.Cli;

/// <summary>The results of a sweep, a row a run; and where seeds were varied, a row a combination of the other values.</summary>
internal sealed class SweepTable
{
    public const string Seed = "train.seed";

    private readonly string[] _keys;
    private readonly SweepMetric[] _metrics;
    private readonly IReadOnlyList<SweepResult> _results;

    public SweepTable(IReadOnlyList<SweepResult> results)
    {
        _results = results;
        _keys = [.. results[0].Run.Settings.Select(setting => setting.Key)];
        _metrics = [.. SweepMetric.All.Where(metric => results.Any(result => metric.Of(result.Summary) is not null))];
    }

    /// <summary>Whether there are several seeds to average over.</summary>
    public bool HasSeeds => _keys.Contains(Seed) && _results.Select(result => Value(result, Seed)).Distinct().Count() > 1;

    /// <summary>A line of titles, and a line a run.</summary>
    public IEnumerable<string> Lines() => Aligned(
    [
        [.. _keys, .. _metrics.Select(metric => metric.Title)],
        .. _results.Select(result => (string[])
        [
            .. _keys.Select(key => Value(result, key)),
            .. result.Error is { } error ? [error]
                : _metrics.Select(metric => metric.Of(result.Summary) is { } value ? metric.Text(value) : ""),
        ]),
    ]);

    /// <summary>A line of titles, and a line for all seeds of a combination: mean and standard deviation.</summary>
    public IEnumerable<string> SeedLines()
    {
        string[] keys = [.. _keys.Where(key => key != Seed)];
        return Aligned(
        [
            [.. keys, "seeds", .. _metrics.Select(metric => metric.Title)],
            .. Groups().Select(group => (string[])
            [
                .. keys.Select(key => Value(group[0], key)), $"{group.Count}",
                .. _metrics.Select(metric => Spread(group, metric) is var (_, mean, deviation)
                    ? $"{metric.Text(mean)} +- {metric.Text(deviation)}" : ""),
            ]),
        ]);
    }

    /// <summary>The same for programs.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["runs"] = new JsonArray([.. _results.Select(result => (JsonNode)new JsonObject
            {
                ["name"] = result.Run.Name,
                ["folder"] = result.Folder,
                ["settings"] = Settings(result.Run.Settings),
                ["metrics"] = new JsonObject(_metrics.Where(metric => metric.Of(result.Summary) is not null)
                    .Select(metric => KeyValuePair.Create(metric.Name, (JsonNode?)metric.Of(result.Summary)))),
                ["error"] = result.Error,
            })]),
        };
        if (!HasSeeds) return json;
        json["seeds"] = new JsonArray([.. Groups().Select(group => (JsonNode)new JsonObject
        {
            ["settings"] = Settings(group[0].Run.Settings.Where(setting => setting.Key != Seed)),
            ["metrics"] = new JsonObject(_metrics.Select(metric => (metric.Name, Spread: Spread(group, metric)))
                .Where(entry => entry.Spread is not null)
                .Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)new JsonObject
                {
                    ["mean"] = entry.Spread!.Value.Mean, ["deviation"] = entry.Spread.Value.Deviation, ["count"] = entry.Spread.Value.Count,
                }))),
        })]);
        return json;
    }

    private List<List<SweepResult>> Groups() =>
    [
        .. _results.GroupBy(result => string.Join('\n', _keys.Where(key => key != Seed).Select(key => Value(result, key))))
            .Select(group => group.ToList()),
    ];

    /// <summary>Mean and standard deviation (of n - 1) over the runs that have the metric; null where fewer than two do.</summary>
    private static (int Count, double Mean, double Deviation)? Spread(List<SweepResult> group, SweepMetric metric)
    {
        var values = group.Select(result => metric.Of(result.Summary)).OfType<double>().ToArray();
        if (values.Length < 2) return null;
        var mean = values.Average();
        return (values.Length, mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }

    private static string Value(SweepResult result, string key) => result.Run.Settings.First(setting => setting.Key == key).Value;

    private static JsonObject Settings(IEnumerable<KeyValuePair<string, string>> settings) =>
        new(settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value)));

    private static IEnumerable<string> Aligned(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Where(row => row.Length == rows[0].Length)
            .Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}

/// <summary>What a run of a sweep came to.</summary>
/// <param name="Run">Which.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Summary">Its summary.json; null where there is none.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
internal sealed record SweepResult(SweepRun Run, string Folder, JsonObject? Summary, string? Error);
