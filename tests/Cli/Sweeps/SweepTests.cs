using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli.Tests;

/// <summary>Which runs a sweep consists of, and its tables.</summary>
public class SweepTests
{
    [Theory]
    [InlineData("train.seed=0,1,2", "train.seed", new[] { "0", "1", "2" })]
    [InlineData("train.seed=3", "train.seed", new[] { "3" })]
    [InlineData("objective.augment=[flip, color], [] ,[cutout]", "objective.augment", new[] { "[flip, color]", "[]", "[cutout]" })]
    [InlineData("data.bricks={ yaw: [1, 2], pitch: [3, 4] },{}", "data.bricks", new[] { "{ yaw: [1, 2], pitch: [3, 4] }", "{}" })]
    [InlineData("data.path='a,b',\"c,d\"", "data.path", new[] { "'a,b'", "\"c,d\"" })]
    public void Values_are_told_apart(string text, string key, string[] values)
    {
        var variation = Variation.Parse(text);
        Assert.Equal(key, variation.Key);
        Assert.Equal(values, variation.Values);
    }

    [Theory]
    [InlineData("train.seed", "give a setting and its values")]
    [InlineData("=1,2", "give a setting and its values")]
    [InlineData("train.seed=", "a value is empty")]
    [InlineData("train.seed=1,,2", "a value is empty")]
    [InlineData("train.seed=1,2,1", "stands there twice")]
    public void What_is_no_variation_says_so(string text, string why) =>
        Assert.Contains(why, Assert.Throws<RequestException>(() => Variation.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void All_combinations_have_folders_of_their_own()
    {
        var runs = SweepRun.All([new("train.learning-rate", ["2e-4", "4e-4"]), new("train.seed", ["0", "1"])]);
        Assert.Equal(
            ["learning-rate=2e-4_seed=0", "learning-rate=2e-4_seed=1", "learning-rate=4e-4_seed=0", "learning-rate=4e-4_seed=1"],
            runs.Select(run => run.Name));
        Assert.Equal([new("train.learning-rate", "4e-4"), new("train.seed", "0")], runs[2].Settings);
        // Keys that end alike, and values that differ in what no folder can be called.
        Assert.Equal(
            ["evaluate.seed=1_train.seed=2", "evaluate.seed=1_train.seed=3"],
            SweepRun.All([new("evaluate.seed", ["1"]), new("train.seed", ["2", "3"])]).Select(run => run.Name));
        Assert.Equal(["path=a-b", "path=a-b.2"], SweepRun.All([new("data.path", ["a/b", "a:b"])]).Select(run => run.Name));
        Assert.InRange(SweepRun.All([new("data.path", [new string('x', 400)])])[0].Name.Length, 1, 120);
        Assert.Contains("stands there twice", Assert.Throws<RequestException>(() =>
            SweepRun.All([new("train.seed", ["1"]), new("train.seed", ["2"])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_more_runs_than_a_page_takes_the_best_are_shown()
    {
        var runs = SweepRun.All([new("train.seed", [.. Enumerable.Range(0, 10).Select(seed => $"{seed}")])]);
        SweepResult[] Results(Func<int, string> summary) =>
            [.. runs.Select((run, i) => new SweepResult(run, run.Name, JsonNode.Parse(summary(i))!.AsObject(), null))];
        var measured = Results(i => "{\"stages\": {\"evaluate\": {\"frechet\": {\"samples\": " + $"{20 - i}" + "}}}}");
        var (shown, choice) = SweepPage.Choose(measured);
        Assert.Equal(["seed=9", "seed=8", "seed=7", "seed=6", "seed=5", "seed=4", "seed=3", "seed=2"], shown.Select(r => r.Run.Name));
        Assert.Equal("Of 10 whole runs of the sweep the 8 with the smallest Frechet distance, the smallest first.", choice);
        Assert.Equal((8, ""), SweepPage.Choose(measured[..8]) is var (all, none) ? (all.Count, none) : default);
        Assert.StartsWith("The first 8 of 10 whole runs", SweepPage.Choose(Results(_ => "{}")).Choice, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_have_what_the_runs_have_and_the_spread_over_seeds()
    {
        var runs = SweepRun.All([new("train.learning-rate", ["2e-4", "4e-4"]), new("train.seed", ["0", "1", "2"])]);
        double?[] distances = [10, 12, 14, 20, null, 30];
        var table = new SweepTable([.. runs.Select((run, i) => new SweepResult(run, "sweeps/" + run.Name, distances[i] is { } distance
            ? JsonNode.Parse("{\"stages\": {\"train\": {\"steps\": 1500, \"seconds\": 90}, \"evaluate\": {\"frechet\": {\"samples\": " +
                $"{distance}" + "}}}}")!.AsObject() : [], distances[i] is null ? "it diverged" : null))]);
        Assert.Equal(
        [
            "train.learning-rate  train.seed  steps  minutes  Frechet distance",
            "2e-4                 0           1,500  1.5      10",
            "2e-4                 1           1,500  1.5      12",
            "2e-4                 2           1,500  1.5      14",
            "4e-4                 0           1,500  1.5      20",
            "4e-4                 1           it diverged",
            "4e-4                 2           1,500  1.5      30",
        ], table.Lines());
        Assert.True(table.HasSeeds);
        Assert.Equal(
        [
            "train.learning-rate  seeds  steps       minutes     Frechet distance",
            "2e-4                 3      1,500 +- 0  1.5 +- 0.0  12 +- 2",
            "4e-4                 3      1,500 +- 0  1.5 +- 0.0  25 +- 7.071",
        ], table.SeedLines());
        var seeds = table.ToJson()["seeds"]!.AsArray();
        Assert.Equal(2, (int)seeds[1]!["metrics"]!["frechet"]!["count"]!);
        Assert.Equal("4e-4", (string?)seeds[1]!["settings"]!["train.learning-rate"]);
        Assert.Equal("it diverged", (string?)table.ToJson()["runs"]![4]!["error"]);
        Assert.False(new SweepTable([new(SweepRun.All([new("train.steps", ["1"])])[0], "", [], null)]).HasSeeds);
    }
}
