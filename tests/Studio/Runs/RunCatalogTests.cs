namespace GanPipeline.Studio.Tests;

public sealed class RunCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunCatalog Catalog => new(_folder["runs"], new StartedRuns(null));

    public void Dispose() => _folder.Dispose();

    /// <summary>A run's folder, as one whose settings are of another version.</summary>
    private string Run(string name, int lines, string? rest = null)
    {
        var run = _folder[$"runs/{name}"];
        Directory.CreateDirectory(Path.Combine(run, "train", "samples"));
        File.WriteAllText(Path.Combine(run, "settings.json"), "{}");
        var log = Enumerable.Range(1, lines).Select(i =>
        {
            var (metric, conditions) = (i % 100 == 0 ? "7" : "null", i == lines ? "[\"mode-collapse\"]" : "null");
            return $$"""
                {"step":{{20 * i}},"smoothedDiscriminatorLoss":{{i}}.5,"metric":{{metric}},"seconds":{{i}},"conditions":{{conditions}}}

                """;
        });
        File.WriteAllText(Path.Combine(run, "train", "metrics.jsonl"), string.Concat(log) + rest);
        return run;
    }

    [Fact]
    public void Runs_are_listed_by_their_last_change_with_what_they_are_at()
    {
        Assert.Empty(Catalog.List());
        var old = Run("old", 3);
        foreach (var file in Directory.EnumerateFiles(old, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        // A line that is being written does not count.
        var run = Run("new", 1000, """{"step":99999,"smoo""");
        File.WriteAllText(Path.Combine(run, "train", "samples", "step-0000000500.png"), "");
        Directory.CreateDirectory(_folder["runs/no-run"]);

        var list = Catalog.List();
        Assert.Equal(["new", "old"], list.Select(facts => facts.Name));
        Assert.Equal((20_000, 1000.0, true, 500L), (list[0].Step, list[0].Seconds!.Value, list[0].IsActive, list[0].LastSample));
        Assert.Equal(["mode-collapse"], list[0].Conditions);
        Assert.False(list[1].IsActive);
    }

    [Fact]
    public void A_long_training_is_thinned_out_and_keeps_its_last_line_and_all_metrics()
    {
        Run("long", 2345);
        var state = Catalog.State(Catalog.Find("long")!);
        var losses = state.Curves["smoothedDiscriminatorLoss"];
        Assert.InRange(losses.Length, 400, 500);
        Assert.Equal([46_900, 2345.5], losses[^1]);
        Assert.Equal(23, state.Curves["metric"].Length);
        Assert.False(state.Curves.ContainsKey("accuracy"));
    }

    [Fact]
    public void Nothing_outside_the_folder_is_a_run()
    {
        Run("inside", 1);
        var outside = _folder["outside"];
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "settings.json"), "{}");
        Directory.CreateSymbolicLink(_folder["runs/link"], outside);
        Assert.Single(Catalog.List());
        foreach (var name in new[] { "link", "../outside", "..", ".", "", "inside/../inside", _folder["runs/inside"] })
            Assert.Null(Catalog.Find(name));
        Assert.NotNull(Catalog.Find("inside"));
    }
}
