using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>A training that is interrupted in the middle ends in the bits of one that is not, whatever its state consists of.</summary>
public class ResumeTests
{
    private static readonly ImageShape Shape = TrainingProcess.Architecture.Shape;

    public static TheoryData<string> Cases => [.. Options.Keys];

    private static readonly Dictionary<string, Func<TrainingOptions, TrainingOptions>> Options = new()
    {
        ["wasserstein, three critic updates"] = o => o with { Objective = new() { Loss = GanLoss.Wasserstein, GradientPenalty = 10, CriticSteps = 3 } },
        ["R1 every fourth step, flipped labels"] = o => o with { Objective = new() { Loss = GanLoss.Hinge, R1 = 1, R1Every = 4, LabelFlips = 0.1 } },
        ["conditional"] = o => o with { Labels = Labels },
        ["adapting augmentation"] = o => o with { Objective = new() { Augment = AllChanges, AugmentTarget = 0.1, AugmentImages = 200 } },
        ["spectral normalisation, instance noise"] = o => o with { Objective = new() { SpectralNormalization = true, InstanceNoise = 0.2, InstanceNoiseSteps = 15 } },
        ["learning rates that halve"] = o => o with { LearningRateDecay = LearningRateDecay.Exponential, DecayFrom = 5, DecayHalfLife = 4 },
        ["everything at once"] = o => o with
        {
            Objective = new()
            {
                Loss = GanLoss.LeastSquares,
                R1 = 1,
                R1Every = 3,
                LabelFlips = 0.1,
                LabelNoise = 0.05,
                GeneratedLabelNoise = 0.05,
                CriticSteps = 2,
                SpectralNormalization = true,
                Augment = AllChanges,
                AugmentTarget = 0.5,
                AugmentImages = 200,
                InstanceNoise = 0.1,
            },
            Labels = Labels,
            EvaluateEvery = 4,
        },
    };

    private const Augmentations AllChanges = Augmentations.Color | Augmentations.Translation | Augmentations.Cutout | Augmentations.Flip;

    private static LabelLayout Labels
    {
        get
        {
            using var source = new SyntheticSource(Shape);
            return LabelLayout.Select(((IImageSource)source).Attributes, [LabelField.Class]);
        }
    }

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, CancellationToken stop = default)
    {
        var architecture = TrainingProcess.Architecture with { Name = "wgan-gp", LabelSize = options.Labels?.Size ?? 0 };
        using var networks = Architectures.Create(architecture, seed: 3);
        using var source = new SyntheticSource(Shape);
        return new Trainer(networks, source, options, observer, new BrightnessEvaluator()).Run(stop);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resumed_training_ends_in_the_same_bits(string name)
    {
        using var folder = new TemporaryFolder();
        var options = Options[name](TrainingProcess.Options(folder["whole"], 20) with { Objective = new() });
        var whole = Train(options);
        // An odd step: in the middle of everything that comes round every few steps.
        Train(options with { Folder = folder["parts"], Steps = 11 });
        var parts = Train(options with { Folder = folder["parts"] });

        Assert.Equal(whole.Best, parts.Best);
        foreach (var best in whole.Best is null ? [] : Directory.GetFiles(folder["whole/best"], "*.safetensors", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(best), File.ReadAllBytes(best.Replace("whole", "parts", StringComparison.Ordinal)));

        Assert.Equal(11, parts.FirstStep);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")), File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        Assert.Equal(Checkpoint.ReadInfo(whole.Checkpoint).RunHash, Checkpoint.ReadInfo(parts.Checkpoint).RunHash);
    }

    [Fact]
    public void Learning_rates_in_a_line_to_0_are_resumed_but_not_prolonged()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["whole"], 20) with { LearningRateDecay = LearningRateDecay.Linear, DecayFrom = 3 };
        var observer = new RecordingObserver();
        var whole = Train(options, observer);
        using var stop = new CancellationTokenSource();
        Train(options with { Folder = folder["parts"] }, new RecordingObserver { OnProgress = _ => stop.Cancel() }, stop.Token);
        var parts = Train(options with { Folder = folder["parts"] });
        Assert.Equal(5, parts.FirstStep);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")), File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        // After 5, 10, 15 and 20 steps, of which the last three seventeenths, and so on, are left for the step before.
        Assert.Equal([16, 11, 6, 1], observer.Lines.Select(line => (int)Math.Round(line.GeneratorLearningRate / options.LearningRate * 17)));
        Assert.Contains("decayEnd", Assert.Throws<CheckpointException>(() => Train(options with { Steps = 30 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_meaning_of_the_labels_is_another_training()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 5) with { Labels = Labels };
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
        var options = TrainingProcess.Options(folder["run"], 1) with { Labels = Labels, SampleCount = 20 };
        var first = Train(options with { Steps = 0 });
        using var image = SixLabors.ImageSharp.Image.Load<SixLabors.ImageSharp.PixelFormats.L8>(Path.Combine(folder["run"], "samples", "step-0000000000.png"));
        Assert.True(image.Width > image.Height, $"{image.Width} x {image.Height}");
        Assert.True(first.Finished);

        using var networks = Architectures.Create(TrainingProcess.Architecture with { Name = "wgan-gp", LabelSize = 4 });
        using var source = new SyntheticSource(Shape);
        Assert.Contains("label vectors of 4 numbers", Assert.Throws<ArgumentException>(
            () => new Trainer(networks, source, options with { Labels = null })).Message, StringComparison.Ordinal);
    }
}
