namespace GanPipeline.Training.Tests;

/// <summary>Trainings that are made longer on their way, and trainings that begin with another's weights.</summary>
public class ProlongedTests
{
    private static TrainingResult Train(
        TrainingOptions options, ITrainingObserver? observer = null, ArchitectureOptions? architecture = null)
    {
        using var networks = Architectures.Create(architecture ?? TrainingProcess.Architecture, seed: 3);
        using var images = new SyntheticSource(TrainingProcess.Architecture.Shape);
        return new Trainer(networks, images, options, observer).Run();
    }

    private static byte[] Weights(TrainingResult result) => File.ReadAllBytes(Path.Combine(result.Checkpoint, "weights.safetensors"));

    [Fact]
    public void Learning_rates_that_fell_to_0_take_the_line_to_the_new_last_step_and_say_so()
    {
        using var folder = new TemporaryFolder();
        var falling = TrainingProcess.Options(folder["run"], 10) with { LearningRateDecay = LearningRateDecay.Linear };
        var first = Train(falling);
        Assert.Equal([new PlannedSteps(0, 10)], Checkpoint.ReadInfo(first.Checkpoint).Planned);

        var observer = new RecordingObserver();
        var longer = Train(falling with { Steps = 20 }, observer);
        Assert.Equal(
            "The learning rates were falling to 0 at step 10; from step 10 on they take the line that is 0 at step 20.",
            Assert.Single(observer.Warnings));
        var info = Checkpoint.ReadInfo(longer.Checkpoint);
        Assert.Equal([new PlannedSteps(0, 10), new PlannedSteps(10, 20)], info.Planned);
        Assert.Equal(
            [2e-4 * 6 / 20, 2e-4 * 1 / 20], observer.Lines.Select(l => l.GeneratorLearningRate), (a, b) => Math.Abs(a - b) < 1e-12);

        // It is not the training that was to have 20 steps from the first on, and its hash says so.
        var whole = Train(falling with { Folder = folder["whole"], Steps = 20 });
        Assert.NotEqual(Weights(whole), Weights(longer));
        Assert.NotEqual(Checkpoint.ReadInfo(whole.Checkpoint).RunHash, info.RunHash);

        // Interrupted after that, it goes on as if it had not been.
        var weights = Weights(longer);
        Directory.Delete(longer.Checkpoint, recursive: true);
        var quiet = new RecordingObserver();
        var again = Train(falling with { Steps = 20 }, quiet);
        Assert.Equal(15, again.FirstStep);
        Assert.Empty(quiet.Warnings);
        Assert.Equal(weights, Weights(again));
        Assert.Equal(info.RunHash, Checkpoint.ReadInfo(again.Checkpoint).RunHash);

        // Elsewhere the last step decides nothing.
        Assert.Empty(Checkpoint.ReadInfo(Train(TrainingProcess.Options(folder["plain"], 5)).Checkpoint).Planned);
    }

    [Theory]
    [InlineData("")]
    [InlineData("checkpoints/step-0000000010")]
    [InlineData("of a run")]
    public void A_training_begins_with_the_weights_of_another(string form)
    {
        using var folder = new TemporaryFolder();
        var from = folder["first"];
        if (form == "of a run") Train(TrainingProcess.Options(folder["first/train"], 10));
        else Train(TrainingProcess.Options(from, 10));
        var options = TrainingProcess.Options(folder["second"], 0) with
        {
            From = form == "of a run" ? from : Path.Combine(from, form), LearningRate = 1e-5,
        };
        var begun = Train(options);
        using var given = Checkpoint.LoadNetworks(Checkpoint.Last(form == "of a run" ? folder["first/train"] : from));
        using var taken = Checkpoint.LoadNetworks(begun.Checkpoint);
        Assert.True(Bits.Same(given.Generator, taken.Generator));
        Assert.True(Bits.Same(given.Discriminator, taken.Discriminator));

        // Where it goes on, the first weights need not be there any more; it is another training than one from random weights.
        Directory.Delete(from, recursive: true);
        Assert.Equal(10, Train(options with { Steps = 10 }).Step);
        var plain = Assert.Throws<CheckpointException>(() => Train(options with { Steps = 10, From = "" }));
        Assert.Contains("from was ", plain.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<CheckpointException>(() => Train(options with { Folder = folder["third"] }));
        Assert.StartsWith("There is no checkpoint in '", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spectral_normalisation_goes_on_from_the_weights_of_another_training()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["first"], 10) with { Objective = new() { SpectralNormalization = true } };
        using var given = Checkpoint.LoadNetworks(Train(options).Checkpoint);
        var begun = Train(options with { Folder = folder["second"], From = folder["first"], Steps = 1, DiscriminatorLearningRate = 1e-12 });
        using var taken = Checkpoint.LoadNetworks(begun.Checkpoint);
        // Their largest singular values are 1 up to what fifteen rounds of power iteration leave.
        foreach (var (one, other) in given.Discriminator.parameters().Zip(taken.Discriminator.parameters()))
            Assert.True((one - other).norm().item<float>() < 0.05 * one.norm().item<float>());
    }

    [Fact]
    public void Weights_of_another_structure_are_refused()
    {
        using var folder = new TemporaryFolder();
        Train(TrainingProcess.Options(folder["first"], 2));
        var error = Assert.Throws<CheckpointException>(() => Train(
            TrainingProcess.Options(folder["second"], 2) with { From = folder["first"] },
            architecture: TrainingProcess.Architecture with { Filters = 8 }));
        Assert.Contains("this network's is", error.Message, StringComparison.Ordinal);
    }
}
