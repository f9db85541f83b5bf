namespace GanPipeline.Cli.Tests;

/// <summary>A sweep by the actual program.</summary>
public sealed class SweepProgramTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_sweep_compares_its_runs_keeps_them_and_tells_which_failed()
    {
        // The second of the rates makes numbers that are not finite.
        string[] sweep = ["sweep", "tiny", "--vary", "train.learning-rate=1e-4,1e30", "--vary", "train.seed=0,1", "--set", "train.steps=4",
            "--parallel", "2"];
        var outcome = _world.Gan(sweep);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("2 of 4 runs failed: learning-rate=1e30_seed=0: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("[1/4 learning-rate=1e-4_seed=0] ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("train.learning-rate  train.seed  steps", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("seeds", outcome.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_world["sweeps/tiny/learning-rate=1e-4_seed=1/report.html"]));
        Assert.True(File.Exists(_world["sweeps/tiny/sweep.json"]));
        // Those that are whole, side by side.
        var page = File.ReadAllText(_world["sweeps/tiny/compare.html"]);
        Assert.Contains("<h1>2 runs of tiny</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("1e30", page, StringComparison.Ordinal);

        // The same again does the rest alone.
        var good = _world.GanOk("sweep", "tiny", "--vary", "train.learning-rate=1e-4", "--vary", "train.seed=0,1", "--set", "train.steps=4",
            "--json");
        Assert.Equal(4, (int)good.Json["runs"]![1]!["metrics"]!["steps"]!);
        Assert.Contains("train: unchanged", good.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_combination_is_told_before_the_first_run()
    {
        var outcome = _world.Gan("sweep", "tiny", "--vary", "train.steps=4,many");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("train.steps", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world["sweeps"]));
    }
}
