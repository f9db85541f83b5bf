using System.Text.Json;
using GanPipeline.Data;
using Xunit.Abstractions;

namespace GanPipeline.Training.Tests;

public class TrainerTests(ITestOutputHelper output)
{
    private static readonly ImageShape _shape = TrainingProcess.Architecture.Shape;

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, IImageSource? source = null,
        ArchitectureOptions? architecture = null, CancellationToken stop = default)
    {
        using var networks = Architectures.Create(architecture ?? TrainingProcess.Architecture, seed: 3);
        using var images = source ?? new SyntheticSource(_shape);
        return new Trainer(networks, images, options, observer).Run(stop);
    }

    // Beside other tests, steps with several threads are slow: one case has all processors.
    public static TheoryData<string, GeneratorBatch, UpdateOrder, double, int> Steps => new()
    {
        { "dcgan", GeneratorBatch.Fresh, UpdateOrder.Alternating, 0, 1 },
        { "dcgan", GeneratorBatch.Reused, UpdateOrder.Alternating, 0.9, 0 },
        { "dcgan", GeneratorBatch.Reused, UpdateOrder.Together, 0.9, 1 },
        { "dcgan", GeneratorBatch.Fresh, UpdateOrder.Together, 0, 1 },
        { "dense", GeneratorBatch.Fresh, UpdateOrder.Alternating, 0.9, 1 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Resumed_training_ends_in_the_same_bits(
        string architecture, GeneratorBatch batch, UpdateOrder updates, double averageDecay, int threads)
    {
        using var folder = new TemporaryFolder();
        var network = TrainingProcess.Architecture with { Name = architecture };
        var options = TrainingProcess.Options(folder["whole"], 20) with { AverageDecay = averageDecay, Flip = true, Threads = threads };
        options = options with { Objective = options.Objective with { GeneratorBatch = batch, Updates = updates } };
        var whole = Train(options, architecture: network);
        Train(options with { Folder = folder["parts"], Steps = 10 }, architecture: network);
        var observer = new RecordingObserver();
        var parts = Train(options with { Folder = folder["parts"] }, observer, architecture: network);

        Assert.Equal(10, parts.FirstStep);
        Assert.Equal(10, observer.Start!.FirstStep);
        Assert.Equal([15L, 20], observer.Lines.Select(line => line.Step));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        Assert.Equal(Checkpoint.ReadInfo(whole.Checkpoint).RunHash, Checkpoint.ReadInfo(parts.Checkpoint).RunHash);
    }

    [Fact]
    public void Step_options_make_a_difference()
    {
        using var folder = new TemporaryFolder();
        var weights = Steps.Where(row => (string)row[0] == "dcgan").Select((row, i) => Train(TrainingProcess.Options(
            folder[$"run{i}"],
            3) with
        {
            Objective = new() { LabelNoise = 0.1, GeneratorBatch = (GeneratorBatch)row[1], Updates = (UpdateOrder)row[2] },
        })).Select(result => Convert.ToHexString(File.ReadAllBytes(Path.Combine(result.Checkpoint, "weights.safetensors"))));
        Assert.Equal(4, weights.Distinct().Count());
    }

    [Fact]
    public void A_run_s_folder_explains_the_run()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        var result = Train(TrainingProcess.Options(folder["run"], 45) with { LogEvery = 10 }, observer);

        Assert.True(result.Finished);
        Assert.Equal(45, result.Step);
        Assert.Equal("cpu", result.Device);
        Assert.Equal(result.Checkpoint, Checkpoint.Last(folder["run"]));
        Assert.Equal([10L, 20, 30, 40, 45], observer.Lines.Select(line => line.Step));
        Assert.Equal([0L, 20, 40, 45], observer.Samples);
        Assert.Equal([5L, 10, 15, 20, 25, 30, 35, 40, 45], observer.Checkpoints);
        Assert.Equal(
            ["step-0000000040", "step-0000000045"],
            Directory.GetDirectories(folder["run/checkpoints"]).Select(Path.GetFileName).Order());
        Assert.Equal(["step-0000000000.png", "step-0000000020.png", "step-0000000040.png", "step-0000000045.png"],
            Directory.GetFiles(folder["run/samples"]).Select(Path.GetFileName).Order());
        Assert.StartsWith("GIF89a", File.ReadAllText(folder["run/evolution.gif"]), StringComparison.Ordinal);

        var lines = File.ReadAllLines(folder["run/metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal([10L, 20, 30, 40, 45], lines.Select(line => line.GetProperty("step").GetInt64()));
        foreach (var line in lines)
        {
            Assert.InRange(line.GetProperty("discriminatorLoss").GetDouble(), 0.1, 2);
            Assert.InRange(line.GetProperty("generatorLoss").GetDouble(), 0.1, 5);
            Assert.InRange(line.GetProperty("realAccuracy").GetDouble(), 0, 1);
            Assert.InRange(line.GetProperty("generatedAccuracy").GetDouble(), 0, 1);
            Assert.InRange(line.GetProperty("imagesPerSecond").GetDouble(), 1, 1e7);
            Assert.Equal(line.GetProperty("step").GetInt64() * 8 / 256.0, line.GetProperty("epoch").GetDouble(), 1e-4);
        }
    }

    [Fact]
    public void Averaged_generator_is_the_one_that_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var plain = Train(TrainingProcess.Options(folder["plain"], 10) with { AverageDecay = 0 });
        var averaged = Train(TrainingProcess.Options(folder["averaged"], 10) with { AverageDecay = 0.9 });
        using var a = Checkpoint.LoadNetworks(plain.Checkpoint);
        using var b = Checkpoint.LoadNetworks(averaged.Checkpoint);
        Assert.True(Bits.Same(a.Discriminator, b.Discriminator));
        Assert.False(Bits.Same(a.Generator, b.Generator));
        Assert.False(a.Generator.training);
        Assert.NotEqual(
            File.ReadAllBytes(folder["plain/samples/step-0000000010.png"]),
            File.ReadAllBytes(folder["averaged/samples/step-0000000010.png"]));
    }

    [Fact]
    public void Stop_finishes_the_step_and_leaves_a_whole_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var options = TrainingProcess.Options(folder["run"], 40) with { LogEvery = 7, CheckpointEvery = 1000 };
        var result = Train(options, new RecordingObserver { OnProgress = _ => stop.Cancel() }, stop: stop.Token);
        Assert.False(result.Finished);
        Assert.Equal(7, result.Step);
        Assert.Equal(7, Checkpoint.ReadInfo(result.Checkpoint).Step);

        var resumed = Train(options);
        var whole = Train(options with { Folder = folder["whole"] });
        Assert.Equal(7, resumed.FirstStep);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(resumed.Checkpoint, "weights.safetensors")));
    }

    [Fact]
    public void Finished_training_is_not_trained_again_but_can_be_prolonged_or_started_over()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 10);
        var first = Train(options);
        var again = Train(options);
        Assert.True(again.Finished);
        Assert.Equal((10, first.Checkpoint), (again.FirstStep, again.Checkpoint));
        Assert.Null(again.Last);

        Assert.Equal((10, 12), (Train(options with { Steps = 12 }) is var longer ? longer.FirstStep : 0, longer.Step));
        var error = Assert.Throws<CheckpointException>(() => Train(options));
        Assert.Contains("12 steps", error.Message, StringComparison.Ordinal);

        var fresh = Train(options with { StartOver = true });
        Assert.Equal((0, 10), (fresh.FirstStep, fresh.Step));
        Assert.Equal(
            [5, 10],
            File.ReadLines(folder["run/metrics.jsonl"]).Select(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
    }

    [Fact]
    public void Metrics_and_samples_after_the_checkpoint_are_dropped()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 20);
        Train(options);
        Directory.Delete(folder["run/checkpoints/step-0000000020"], recursive: true);
        File.AppendAllText(folder["run/metrics.jsonl"], "{\"step\": 25, \"epo");
        var result = Train(options);
        Assert.Equal(15, result.FirstStep);
        Assert.Equal(
            [5, 10, 15, 20],
            File.ReadLines(folder["run/metrics.jsonl"]).Select(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32()));
    }

    [Fact]
    public void Diverging_training_stops_at_once_names_the_step_and_keeps_the_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 1000);
        Train(options with { Steps = 10 });
        // From here on the weights grow by 1e30 a step. It is another training by its options, so the checkpoint is told so.
        var path = folder["run/checkpoints/step-0000000010/checkpoint.json"];
        var huge = options with { LearningRate = 1e30, DiscriminatorLearningRate = 1e30 };
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("earningRate\": \"0.0002\"", "earningRate\": \"1E\\u002B30\"", StringComparison.Ordinal));
        var error = Assert.Throws<TrainingException>(() => Train(huge));
        output.WriteLine(error.Message);
        Assert.Matches(
            @"diverged: the (discriminator's loss became|generator's loss became|weights '[\w.]+' were not finite).* step 1[1-5]\b",
            error.Message);
        Assert.Equal(10, Checkpoint.ReadInfo(Checkpoint.Last(folder["run"])).Step);
        using var networks = Checkpoint.LoadNetworks(Checkpoint.Last(folder["run"]));
    }

    [Fact]
    public void A_poisoned_weight_never_reaches_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using (TorchSharp.torch.no_grad()) networks.Generator.get_buffer("norm1.running_mean")!.fill_(float.NaN);
        using var source = new SyntheticSource(_shape);
        // Moving statistics are not used in training, so that no loss shows it.
        var error = Assert.Throws<TrainingException>(
            () => new Trainer(networks, source,
                TrainingProcess.Options(folder["run"], 20) with { CheckpointEvery = 3, LogEvery = 2 }).Run());
        Assert.Contains("'generator.norm1.running_mean' were not finite after step 3", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run/checkpoints/step-0000000003"]));
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using var source = new SyntheticSource(new ImageShape(3, 16, 16));
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, TrainingProcess.Options("unused", 1)));
        Assert.Contains("16 x 16 x 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_where_there_is_none_is_an_error_that_says_so()
    {
        if (TorchSharp.torch.cuda.is_available()) return;
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<TrainingException>(() => Train(TrainingProcess.Options(folder["run"], 1) with { Device = "cuda" }));
        Assert.Contains("cuda", error.Message, StringComparison.Ordinal);
        Assert.Equal("cpu", Train(TrainingProcess.Options(folder["run"], 1) with { Device = "auto" }).Device);
    }

    [Fact]
    public void Two_trainings_in_one_folder_do_not_mix()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TrainingFolder(folder["run"]).Lock();
        var error = Assert.Throws<TrainingException>(() => Train(TrainingProcess.Options(folder["run"], 1)));
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["run"], "");
        var error = Assert.Throws<TrainingException>(() => Train(TrainingProcess.Options(folder["run"], 1)));
        Assert.Contains(folder["run"], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Steps", -1)]
    [InlineData("BatchSize", 0)]
    [InlineData("LogEvery", 0)]
    [InlineData("CheckpointEvery", 0)]
    [InlineData("KeepCheckpoints", 0)]
    public void Options_out_of_range_are_refused(string option, int value)
    {
        var options = TrainingProcess.Options("unused", 1);
        var bad = option switch
        {
            "Steps" => options with { Steps = value },
            "BatchSize" => options with { BatchSize = value },
            "LogEvery" => options with { LogEvery = value },
            "CheckpointEvery" => options with { CheckpointEvery = value },
            _ => options with { KeepCheckpoints = value },
        };
        Assert.Contains($"got {value}", Assert.Throws<ArgumentException>(bad.Validate).Message, StringComparison.Ordinal);
    }
}
