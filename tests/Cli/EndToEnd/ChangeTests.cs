using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>What runs again after which change.</summary>
public sealed class ChangeTests : IDisposable
{
    private readonly TinyWorld _world = new();

    private static string Ran(Outcome outcome) => string.Join(' ', outcome.Json["ran"]!.AsArray().Select(n => (string)n!));

    [Fact]
    public void Only_what_a_change_reaches_runs_again()
    {
        Assert.Equal("train export sample report", Ran(_world.GanOk("run", "--json")));
        Assert.Equal("sample report", Ran(_world.GanOk("run", "--json", "--set", "sample.count=2")));
        Assert.False(File.Exists(_world.Run("samples/000002.png")));

        File.Delete(_world.Run("models/generator.onnx"));
        Assert.StartsWith("export", Ran(_world.GanOk("run", "--json", "--set", "sample.count=2")), StringComparison.Ordinal);

        Assert.Equal("export sample report", Ran(_world.GanOk("run", "--json", "--from", "export", "--set", "sample.count=2")));
        Assert.Equal("", Ran(_world.GanOk("train", "tiny", "--json")));

        // More steps: the training goes on from where it was.
        var longer = _world.GanOk("run", "--json", "--set", "train.steps=8");
        Assert.Equal("train export sample report", Ran(longer));
        Assert.Contains("Goes on from step 6 of 8", longer.Error, StringComparison.Ordinal);
        Assert.Equal(6, (long)longer.Json["stages"]!["train"]!["resumedFrom"]!);
        Assert.Equal([2, 4, 6, 8], File.ReadLines(_world.Run("train/metrics.jsonl")).Select(l => (long)JsonNode.Parse(l)!["step"]!));

        // Another training is refused, and by force the old one is kept.
        var refused = _world.Gan("run", "--set", "train.seed=1");
        Assert.Equal(2, refused.Code);
        Assert.Contains("holds 8 trained steps of another training: train.seed was 0 and is 1. gan resume ", refused.Error,
            StringComparison.Ordinal);
        var other = _world.GanOk("run", "--json", "--force", "--set", "train.seed=1");
        Assert.Contains("starts from its first step; the last one is kept in train.1.", other.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_world.Run("train.1/checkpoints/step-0000000008")));
        Assert.True(Directory.Exists(_world.Run("train/checkpoints/step-0000000008")));

        // By force: the same once more.
        Assert.Equal("train", Ran(_world.GanOk("train", "tiny", "--json", "--force")));
        Assert.True(Directory.Exists(_world.Run("train.2/checkpoints/step-0000000008")));
    }

    [Fact]
    public void A_training_goes_on_where_only_what_is_looked_at_changes_and_another_learning_rate_is_told()
    {
        // A classifier that is there already measures the generator.
        string[] classifier = ["--set", "evaluate.classifier=" + Path.Combine(Repository.Root, "models", "bricks-classifier")];
        _world.GanOk(["train", "tiny", .. classifier]);
        string[] longer = ["train", "tiny", "--json", "--set", "train.steps=8", .. classifier];
        var evaluated = _world.GanOk(
            [.. longer, "--set", "train.evaluate-every=4", "--set", "train.log-every=1", "--set", "train.sample-count=2"]);
        Assert.Contains("Goes on from step 6 of 8", evaluated.Error, StringComparison.Ordinal);
        Assert.Equal(8, (long)evaluated.Json["stages"]!["train"]!["best"]!["step"]!);

        // Not evaluated any more: nothing is trained again, and the last generator is the one that is exported.
        var last = _world.GanOk([.. longer, "--set", "train.evaluate-every=0"]);
        Assert.Contains("All 8 steps are done already.", last.Error, StringComparison.Ordinal);

        var other = _world.Gan([.. longer, "--set", "train.learning-rate=0.0001"]);
        Assert.Equal(2, other.Code);
        Assert.Contains(
            "train.discriminator-learning-rate was 0.0002 and is 0.0001; train.learning-rate was 0.0002 and is 0.0001",
            other.Error,
            StringComparison.Ordinal);
        Assert.True(Directory.Exists(_world.Run("train/checkpoints/step-0000000008")));
    }

    [Fact]
    public void A_stage_that_does_not_exist_is_told_before_anything_is_made()
    {
        var outcome = InProcess.Gan("run", "--file", _world["pipelines.yaml"], "--out", _world["runs/tiny"], "--from", "sampel");
        Assert.Equal(2, outcome.Code);
        Assert.Equal("tiny has no stage \"sampel\". Did you mean sample? It has train, export, sample and report.", outcome.Error.Trim());
        Assert.False(Directory.Exists(_world.Run("")));
    }

    public void Dispose() => _world.Dispose();
}
