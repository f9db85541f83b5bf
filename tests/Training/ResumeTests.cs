namespace GanPipeline.Training.Tests;

/// <summary>A training that is interrupted in the middle ends in the bits of one that is not, whatever its state consists of.</summary>
public class ResumeTests
{
    private static readonly ImageShape _shape = TrainingProcess.Architecture.Shape;

    public static TheoryData<string> Cases => [.. Remedies.Options.Keys];

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, CancellationToken stop = default)
    {
        using var networks = Architectures.Create(Remedies.Architecture(options), seed: 3);
        using var source = new SyntheticSource(_shape);
        return new Trainer(networks, source, options, observer, new BrightnessEvaluator()).Run(stop);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resumed_training_ends_in_the_same_bits(string name)
    {
        using var folder = new TemporaryFolder();
        var (whole, parts) = ResumedTraining.EndsInTheSameBits(folder, path => Remedies.For(name, path, ResumedTraining.Steps), Train);

        Assert.Equal(whole.Best, parts.Best);
        foreach (var best in whole.Best is null
            ? []
            : Directory.GetFiles(folder["whole/best"], "*.safetensors", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(best), File.ReadAllBytes(best.Replace("whole", "parts", StringComparison.Ordinal)));

        Assert.Equal(Checkpoint.ReadInfo(whole.Checkpoint).RunHash, Checkpoint.ReadInfo(parts.Checkpoint).RunHash);
    }

    [Fact]
    public void Every_option_that_decides_the_weights_is_in_a_case()
    {
        using var source = new SyntheticSource(_shape);
        var plain = Describe(new() { Folder = "unused", Steps = 20 });
        var covered = Remedies.Options.Keys
            .SelectMany(name => Describe(Remedies.For(name, "unused", 20))).Except(plain).Select(option => option.Key);
        // Numbers and choices that every training has, and that are no state.
        string[] others = ["data", "seed", "learningRate", "discriminatorLearningRate", "beta1", "beta2", "epsilon",
            "objective.generatorLoss", "objective.generatedTarget", "objective.discriminatorLoss"];
        var uncovered = plain.Keys.Except(covered).Except(others);
        Assert.DoesNotContain(uncovered, key => !key.StartsWith("architecture.", StringComparison.Ordinal));

        IReadOnlyDictionary<string, string> Describe(TrainingOptions options) =>
            Trainer.Identity(Remedies.Architecture(options), options, source).Options;
    }

    [Fact]
    public void Learning_rates_in_a_line_to_0_are_resumed()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["whole"], 20) with { LearningRateDecay = LearningRateDecay.Linear, DecayFrom = 3 };
        var observer = new RecordingObserver();
        var whole = Train(options, observer);
        using var stop = new CancellationTokenSource();
        Train(options with { Folder = folder["parts"] }, new RecordingObserver { OnProgress = _ => stop.Cancel() }, stop.Token);
        var parts = Train(options with { Folder = folder["parts"] });
        Assert.Equal(5, parts.FirstStep);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        // After 5, 10, 15 and 20 steps, of which the last three seventeenths, and so on, are left for the step before.
        Assert.Equal(
            [16, 11, 6, 1],
            observer.Lines.Select(line => (int)Math.Round(line.GeneratorLearningRate / options.LearningRate * 17)));
    }

    [Fact]
    public void A_training_that_is_looked_at_otherwise_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["whole"], 20);
        var whole = Train(options);
        Train(options with { Folder = folder["parts"], Steps = 10 });
        options = options with { Folder = folder["parts"] };
        var parts = Train(options with { EvaluateEvery = 4, LogEvery = 3, SampleEvery = 5, SampleCount = 9, CheckpointEvery = 7 });
        Assert.Equal(10, parts.FirstStep);
        Assert.NotNull(parts.Best);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        Assert.Null(
            new TrainingFolder(folder["whole"]).ReadIdentity()!.DifferenceFrom(new TrainingFolder(folder["parts"]).ReadIdentity()!));

        var error = Assert.Throws<CheckpointException>(() => Train(options with { LearningRate = 1e-4 }));
        Assert.Contains("of another training: discriminatorLearningRate was 0.0002 and is 0.0001; learningRate was 0.0002 and is 0.0001.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_meaning_of_the_labels_is_another_training()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 5) with { Labels = Remedies.Labels };
        var checkpoint = Train(options).Checkpoint;
        var info = Checkpoint.ReadInfo(checkpoint);
        Assert.Equal(["place 0", "place 1", "place 2", "place 3"], Assert.Single(info.Labels).Values);

        var other = LabelLayout.Select([LabelField.Categorical("class", ["a", "b", "c", "d"])], ["class"]);
        var error = Assert.Throws<CheckpointException>(() => Train(options with { Steps = 6, Labels = other }));
        Assert.Contains("place 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("class(a, b, c, d)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_reach_the_networks_and_rows_of_the_sample_grid_are_classes()
    {
        using var folder = new TemporaryFolder();
        // Five latents in a row for each of four classes.
        var options = TrainingProcess.Options(folder["run"], 1) with { Labels = Remedies.Labels, SampleCount = 20 };
        var first = Train(options with { Steps = 0 });
        using var image = SixLabors.ImageSharp.Image
            .Load<SixLabors.ImageSharp.PixelFormats.L8>(Path.Combine(folder["run"], "samples", "step-0000000000.png"));
        Assert.True(image.Width > image.Height, $"{image.Width} x {image.Height}");
        Assert.True(first.Finished);

        using var networks = Architectures.Create(TrainingProcess.Architecture with { Name = "wgan-gp", LabelSize = 4 });
        using var source = new SyntheticSource(_shape);
        Assert.Contains("label vectors of 4 numbers", Assert.Throws<ArgumentException>(
            () => new Trainer(networks, source, options with { Labels = null })).Message, StringComparison.Ordinal);
    }
}
