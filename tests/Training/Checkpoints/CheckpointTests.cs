using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class CheckpointTests
{
    private static TrainingResult Train(
        TrainingOptions options,
        ITrainingObserver? observer = null,
        ArchitectureOptions? architecture = null,
        int images = 256)
    {
        using var networks = Architectures.Create(architecture ?? TrainingProcess.Architecture, seed: 3);
        using var source = new SyntheticSource(networks.Shape, images);
        return new Trainer(networks, source, options, observer).Run();
    }

    private static string Trained(TemporaryFolder folder, long steps = 10)
    {
        Train(TrainingProcess.Options(folder["run"], steps));
        return folder["run/checkpoints"];
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("upsampling")]
    [InlineData("dcgan")]
    [InlineData("wgan-gp")]
    [InlineData("transfer")]
    [InlineData("residual")]
    public void Every_architecture_trains_and_is_loaded_again(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var architecture = new ArchitectureOptions { Name = name, Shape = new ImageShape(1, 32, 32), LatentSize = 5, Filters = 4 };
        using var networks = Architectures.Create(architecture, seed: 3);
        using var source = new SyntheticSource(networks.Shape);
        var result = new Trainer(networks, source, TrainingProcess.Options(folder["run"], 2)).Run();
        using var loaded = Checkpoint.LoadNetworks(result.Checkpoint);
        Assert.Equal(architecture, loaded.Options);
        Assert.True(Bits.Same(networks.Discriminator, loaded.Discriminator));
        using var fresh = Architectures.Create(architecture, seed: 3);
        Assert.False(Bits.Same(fresh.Discriminator, loaded.Discriminator));
    }

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "has", path => Cut(Path.Combine(path, "weights.safetensors"), 100) },
        { "has", path => Cut(Path.Combine(path, "weights.safetensors"), int.MaxValue) },
        { "SHA-256", path => Flip(Path.Combine(path, "weights.safetensors")) },
        { "Cannot read", path => File.Delete(Path.Combine(path, "weights.safetensors")) },
        { "Cannot read", path => File.Delete(Path.Combine(path, "checkpoint.json")) },
        { "not the JSON", path => Cut(Path.Combine(path, "checkpoint.json"), 20) },
        { "not the JSON", path => File.WriteAllText(Path.Combine(path, "checkpoint.json"), new string('[', 100_000)) },
        { "not the JSON", path => File.WriteAllText(Path.Combine(path, "checkpoint.json"), "{}") },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damaged_checkpoint_is_passed_over_for_the_one_before(string what, Action<string> damage)
    {
        using var folder = new TemporaryFolder();
        var last = Path.Combine(Trained(folder), "step-0000000010");
        var before = File.ReadAllBytes(Path.Combine(last, "weights.safetensors"));
        damage(last);

        Assert.EndsWith("step-0000000005", Checkpoint.Last(folder["run"]), StringComparison.Ordinal);
        Assert.Contains(what, Assert.Throws<CheckpointException>(() => Checkpoint.LoadNetworks(last)).Message, StringComparison.Ordinal);

        var observer = new RecordingObserver();
        var result = Train(TrainingProcess.Options(folder["run"], 10), observer);
        Assert.Equal(5, result.FirstStep);
        var warning = Assert.Single(observer.Warnings);
        Assert.Contains(what, warning, StringComparison.Ordinal);
        Assert.Contains("step-0000000010", warning, StringComparison.Ordinal);
        Assert.Contains("continues from step 5", warning, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(last, "weights.safetensors")));
    }

    [Fact]
    public void Where_no_checkpoint_is_whole_training_does_not_begin_anew_by_itself()
    {
        using var folder = new TemporaryFolder();
        foreach (var checkpoint in Directory.GetDirectories(Trained(folder))) Cut(Path.Combine(checkpoint, "weights.safetensors"), 1000);
        var error = Assert.Throws<CheckpointException>(() => Train(TrainingProcess.Options(folder["run"], 10)));
        Assert.Contains("start over", error.Message, StringComparison.Ordinal);
        Assert.Contains("step-0000000010", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "step-0000000010",
            Assert.Throws<CheckpointException>(() => Checkpoint.Last(folder["run"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(10, Train(TrainingProcess.Options(folder["run"], 10) with { StartOver = true }).Step);
    }

    [Fact]
    public void Another_training_s_checkpoint_is_refused_by_the_keys_that_differ()
    {
        using var folder = new TemporaryFolder();
        Trained(folder);
        var options = TrainingProcess.Options(folder["run"], 10);
        var error = Assert.Throws<CheckpointException>(() => Train(
            options with { Seed = 6, Beta1 = 0.9 },
            architecture: TrainingProcess.Architecture with { Filters = 8 },
            images: 200));
        Assert.Contains("architecture.filters was 4 and is 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("beta1 was 0.5 and is 0.9", error.Message, StringComparison.Ordinal);
        Assert.Contains("seed was 5 and is 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("data was synthetic", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("batchSize", error.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => Train(options, architecture: TrainingProcess.Architecture with { Name = "dense" }));
    }

    [Fact]
    public void Weights_of_another_structure_are_refused_by_the_tensor_that_differs()
    {
        using var folder = new TemporaryFolder();
        var last = Path.Combine(Trained(folder), "step-0000000010");
        using var wider = Architectures.Create(TrainingProcess.Architecture with { Filters = 8 });
        Assert.Contains(
            "[8, 8, 4, 4]",
            Assert.Throws<CheckpointException>(() => Checkpoint.LoadWeights(last, wider)).Message,
            StringComparison.Ordinal);
        using var dense = Architectures.Create(TrainingProcess.Architecture with { Name = "dense" });
        Assert.Contains(
            "lacks the tensor 'average.dense1.weight'",
            Assert.Throws<CheckpointException>(() => Checkpoint.LoadWeights(last, dense)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_format_of_a_later_version_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(Trained(folder), "step-0000000010", "checkpoint.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        Assert.Contains(
            "format 2",
            Assert.Throws<CheckpointException>(() => Checkpoint.ReadInfo(Path.GetDirectoryName(path)!)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_trained_is_told() =>
        Assert.Contains(
            "nothing was trained",
            Assert.Throws<CheckpointException>(() => Checkpoint.Last("no/such/folder")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void What_a_killed_process_left_is_cleared_away()
    {
        using var folder = new TemporaryFolder();
        var left = Path.Combine(Trained(folder), ".step-0000000015.abc.tmp");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "weights.safetensors"), "half");
        Train(TrainingProcess.Options(folder["run"], 15));
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void Checkpoint_that_cannot_be_written_leaves_the_last_one_whole()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = Trained(folder);
        // The next checkpoint's name is taken by a file, which no folder can replace.
        File.WriteAllText(Path.Combine(checkpoints, "step-0000000015"), "");
        var error = Assert.Throws<TrainingException>(() => Train(TrainingProcess.Options(folder["run"], 20)));
        Assert.Contains("step-0000000015", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("step-0000000010", Checkpoint.Last(folder["run"]), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(checkpoints, ".*"));
    }

    private static void Cut(string path, int length)
    {
        using var stream = new FileStream(path, FileMode.Open);
        stream.SetLength(Math.Min(length, stream.Length - 1));
    }

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^10] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
