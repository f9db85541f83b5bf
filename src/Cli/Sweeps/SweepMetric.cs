using System.Globalization;
using System.Text.Json.Nodes;

namespace GanPipeline.Cli;

/// <summary>A metric of a sweep's table, and where summary.json has it.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Title">In the table.</param>
/// <param name="Path">Keys below <c>stages</c>.</param>
/// <param name="Format">How the table writes it.</param>
/// <param name="Scale">What it is multiplied by there.</param>
internal sealed record SweepMetric(string Name, string Title, string[] Path, string Format, double Scale = 1)
{
    /// <summary>Those that a sweep shows where a run has them.</summary>
    public static IReadOnlyList<SweepMetric> All { get; } =
    [
        new("steps", "steps", ["train", "steps"], "N0"),
        new("minutes", "minutes", ["train", "seconds"], "0.0", 1 / 60.0),
        new("imagesPerSecond", "images/s", ["train", "imagesPerSecond"], "N0"),
        new("frechet", "Frechet distance", ["evaluate", "frechet", "samples"], "G4"),
        new("kernelDistance", "kernel distance", ["evaluate", "kernel", "samples", "mean"], "G4"),
        new("precision", "precision", ["evaluate", "samples", "precision"], "0.000"),
        new("recall", "recall", ["evaluate", "samples", "recall"], "0.000"),
        new("density", "density", ["evaluate", "samples", "density"], "0.000"),
        new("coverage", "coverage", ["evaluate", "samples", "coverage"], "0.000"),
        new("modes", "modes", ["evaluate", "modes", "modes"], "N0"),
        new("klDivergence", "KL divergence", ["evaluate", "modes", "klDivergence"], "0.000"),
        new("transferAccuracy", "linear classifier right", ["classify", "accuracy"], "P2"),
        new("accuracy", "held-out pictures right", ["train", "accuracy"], "P2"),
    ];

    /// <summary>The metric of a run; null where it has none.</summary>
    /// <param name="summary">What the run's summary.json says.</param>
    public double? Of(JsonObject? summary)
    {
        var node = summary?["stages"];
        foreach (var key in Path) node = node is JsonObject map ? map[key] : null;
        return node is JsonValue value && value.TryGetValue<double>(out var number) ? number * Scale : null;
    }

    /// <summary>A value as the table has it.</summary>
    public string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
