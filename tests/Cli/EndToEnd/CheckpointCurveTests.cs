using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>gan evaluate RUN --checkpoints: a curve over the checkpoints, beside a training in progress.</summary>
public sealed class CheckpointCurveTests : IDisposable
{
    private static readonly string _classifier = Path.Combine(Repository.Root, "models", "bricks-classifier");

    private readonly TinyWorld _world = new();

    [Fact]
    public void Every_checkpoint_is_measured_and_nothing_else_changes()
    {
        string[] settings = ["--set", $"evaluate.classifier={_classifier}", "--set", "train.evaluate-every=2", "--set",
            "train.average-decay=0.9", "--set", "evaluate.samples=150"];
        _world.GanOk(["train", "tiny", .. settings]);
        // What a process that was killed leaves, and a checkpoint that is damaged.
        Directory.CreateDirectory(_world.Run("train/checkpoints/.step-0000000009.x.tmp"));
        var last = Directory.GetDirectories(_world.Run("train/checkpoints"), "step-*").Order(StringComparer.Ordinal).Last();
        var damaged = _world.Run("train/checkpoints/step-0000000005");
        Directory.CreateDirectory(damaged);
        File.WriteAllText(Path.Combine(damaged, "checkpoint.json"), "{}");
        var before = Files();

        // As while a training runs: the run's lock is another's.
        Outcome outcome;
        using (new FileStream(_world.Run(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            outcome = _world.GanOk("evaluate", "tiny", "--checkpoints", "--out", _world["curve"], "--json");
        Assert.Equal(before, Files());
        var found = outcome.Json;
        Assert.Equal(found.ToJsonString(), JsonNode.Parse(File.ReadAllText(_world["curve/checkpoints.json"]))!.ToJsonString());
        var points = found["checkpoints"]!.AsArray();
        Assert.Contains(points, p => (long)p!["step"]! == 6 && !(bool)p["isBest"]!);
        Assert.Contains(points, p => (bool)p!["isBest"]!);
        Assert.All(points, p => Assert.True((double)p!["frechet"]!["value"]! > 0 && (double)p["frechet"]!["error"]! > 0
            && (double)p["kernel"]!["error"]! > 0 && (bool)p["isAveraged"]!, p.ToJsonString()));
        Assert.Contains("Left out: ", found["notes"]!.ToJsonString(), StringComparison.Ordinal);
        var chart = File.ReadAllText(_world["curve/checkpoints.svg"]);
        Assert.Equal(points.Count, chart.Split("<circle").Length - 1);

        // The figure of the checkpoint that is exported is that of the evaluation.
        var evaluated = _world.GanOk(["evaluate", "tiny", .. settings, "--json"]).Json["stages"]!;
        var best = points.Single(p => (bool)p!["isBest"]! && (long)p["step"]! == (long)evaluated["train"]!["best"]!["step"]!)!;
        Assert.Equal((double)evaluated["evaluate"]!["frechet"]!["samples"]!, (double)best["frechet"]!["value"]!);
        Assert.True(Directory.Exists(last));
    }

    [Fact]
    public void A_run_without_checkpoints_is_told()
    {
        Directory.CreateDirectory(_world.Run(""));
        var outcome = _world.Gan("evaluate", "tiny", "--checkpoints", "--set", $"evaluate.classifier={_classifier}");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("tiny has no checkpoints", outcome.Error, StringComparison.Ordinal);
    }

    private List<(string, DateTime)> Files() => [.. Directory.EnumerateFileSystemEntries(_world.Run(""), "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(file => (file, File.GetLastWriteTimeUtc(file)))];

    public void Dispose() => _world.Dispose();
}
