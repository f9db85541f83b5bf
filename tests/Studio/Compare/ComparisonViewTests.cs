using System.Globalization;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio.Tests;

/// <summary>Runs beside each other on their page.</summary>
public sealed class ComparisonViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunCatalog Catalog => new(_folder["runs"], new StartedRuns(null));

    public void Dispose() => _folder.Dispose();

    private void Run(string name, int steps, string filters = "4", double frechet = 2, double error = 0.1)
    {
        var run = _folder[$"runs/{name}"];
        Directory.CreateDirectory(Path.Combine(run, "train", "samples"));
        File.WriteAllText(Path.Combine(run, "settings.json"), $$"""
            { "pipelines": { "tiny": {
              "data": { "kind": "bricks", "size": 32 }, "architecture": { "name": "dcgan", "filters": {{filters}} } } } }
            """);
        File.WriteAllText(Path.Combine(run, "train", "metrics.jsonl"), string.Concat(Enumerable.Range(1, steps).Select(step => $$"""
            {"step":{{step}},"discriminatorLoss":{{step}},"generatorLoss":1,"realAccuracy":0.5,"generatedAccuracy":0.5,"seconds":{{step}}}

            """)));
        File.WriteAllText(Path.Combine(run, "train", "samples", $"step-{steps:D10}.png"), "");
        File.WriteAllText(Path.Combine(run, "summary.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            { "pipeline": "tiny", "inputs": {}, "stages": { "evaluate": { "classifier": "c", "features": 4,
              "images": { "samples": 100, "test": 100, "train": 100 },
              "frechet": { "samples": {{frechet}}, "samplesError": {{error}}, "real": 0.5 } } } }
            """));
    }

    [Fact]
    public void Runs_are_side_by_side_in_the_order_asked_for_with_what_differs_and_the_best()
    {
        Run("a", 40, frechet: 9);
        Run("b", 20, filters: "8");
        var view = ComparisonView.Create(Catalog, ["b", "a"]);
        Assert.Equal([("b", 20, 20L), ("a", 40, 40L)], view.Runs.Select(run => (run.Name, (int)run.Steps, run.LastSample!.Value)));
        var difference = Assert.Single(view.Differences);
        Assert.Equal(("architecture.filters", "8", "4"), (difference.Key, difference.Values[0], difference.Values[1]));
        Assert.True(view.EqualOptions > 50);
        var loss = view.Curves.Single(curve => curve.Key == "discriminatorLoss");
        Assert.Equal([20, 40], loss.Lines.Select(line => line.Length));
        // Of 40 values the mean of three.
        Assert.Equal([20, 20], loss.Lines[1][19]);
        Assert.DoesNotContain(view.Curves, curve => curve.Key == "metric");
        var frechet = view.Metrics.Single(metric => metric.Key == "frechet");
        Assert.Equal((0, true, "2.00 +- 0.10"), (frechet.Best, frechet.LessIsBetter, frechet.Values[0]!.Text));
        Assert.All(view.Curves, curve => Assert.Contains($"compare.curve.{curve.Key}", Texts.All.First().Keys));
        Assert.All(view.Metrics, metric => Assert.Contains($"compare.metric.{metric.Key}", Texts.All.First().Keys));
    }

    [Fact]
    public void What_cannot_be_compared_is_told()
    {
        Run("a", 4);
        Run("b", 0);
        Assert.Contains("but 1 were chosen", Refused("a"), StringComparison.Ordinal);
        Assert.Contains("2 to 6 runs", Refused("a", "a", "a", "a", "a", "a", "a"), StringComparison.Ordinal);
        Assert.Contains("no run \"../a\"", Refused("a", "../a"), StringComparison.Ordinal);
        Assert.Contains("no metrics yet", Refused("a", "b"), StringComparison.Ordinal);
        Assert.Contains("twice", Refused("a", "a"), StringComparison.Ordinal);

        string Refused(params string[] names) => Assert.Throws<RequestException>(() => ComparisonView.Create(Catalog, names)).Message;
    }
}
