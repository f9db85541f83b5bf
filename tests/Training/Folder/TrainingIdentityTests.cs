namespace GanPipeline.Training.Tests;

/// <summary>Which options make two trainings the same one.</summary>
public class TrainingIdentityTests
{
    private static readonly TrainingOptions _training = TrainingProcess.Options("run", 10) with { Precision = TrainingPrecision.Auto };
    private static readonly ClassifierTrainingOptions _classifierTraining = new() { Folder = "run" };

    private static TrainingIdentity Identity(TrainingOptions training)
    {
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        return Trainer.Identity(TrainingProcess.Architecture, training, source);
    }

    private static TrainingIdentity Identity(ClassifierTrainingOptions training, int features = 128)
    {
        using var source = new SyntheticSource(new ImageShape(1, 16, 16));
        var classifier = ClassifierOptions.OfClasses(source.Shape, source.Classes) with { FeatureCount = features };
        return ClassifierTrainer.Identity(classifier, training, source);
    }

    [Fact]
    public void A_gan_s_identity_has_what_changes_the_weights_and_nothing_else() => Assert.Equal(
    [
        "architecture.dropout", "architecture.filters", "architecture.labelSize", "architecture.latentSize", "architecture.name",
        "architecture.shape",
        "averageDecay", "batchSize", "beta1", "beta2", "data", "decayFrom", "decayHalfLife", "discriminatorLearningRate", "epsilon", "flip",
        "labels", "learningRate", "learningRateDecay",
        "objective.augment", "objective.augmentEvery", "objective.augmentImages", "objective.augmentProbability",
        "objective.augmentTarget", "objective.criticSteps", "objective.discriminatorLoss", "objective.generatedLabelNoise",
        "objective.generatedTarget", "objective.generatorBatch", "objective.generatorLoss", "objective.gradientPenalty",
        "objective.instanceNoise", "objective.instanceNoiseSteps", "objective.labelFlips", "objective.labelNoise",
        "objective.labelSmoothing", "objective.loss", "objective.r1", "objective.r1Every", "objective.spectralNormalization",
        "objective.updates", "randomCrop", "seed",
    ], Identity(_training).Options.Keys);

    [Fact]
    public void Options_that_came_later_count_where_they_are_set()
    {
        var set = Identity(_training with
        {
            BurnInSteps = 10, Beta2End = 0.9, LearningRateEnd = 1e-4,
            Objective = _training.Objective with { R1 = 1, R1End = 0, R2 = 0.5, R2End = 1 },
        });
        Assert.Equal(
            ["beta2End", "burnInSteps", "learningRateEnd", "objective.r1End", "objective.r2", "objective.r2End"],
            set.Options.Keys.Except(Identity(_training).Options.Keys));
    }

    [Fact]
    public void A_classifier_s_identity_likewise() => Assert.Equal(
    [
        "architecture.depth", "architecture.featureCount", "architecture.fields", "architecture.filters", "architecture.shape",
        "batchSize", "data", "epochs", "flip", "learningRate", "noise", "randomCrop", "seed",
    ], Identity(_classifierTraining).Options.Keys);

    [Fact]
    public void What_is_looked_at_and_how_fast_it_runs_does_not_matter()
    {
        Assert.Null(Identity(_training with
        {
            Folder = "elsewhere", Steps = 99, Device = "cuda", Threads = 7, Workers = 7, CacheMb = 7,
            LogEvery = 7, SampleEvery = 7, SampleCount = 7,
            EvaluateEvery = 7, CheckpointEvery = 7, KeepCheckpoints = 7, StartOver = true,
        }).DifferenceFrom(Identity(_training)));
        var classifier = _classifierTraining with
        {
            Folder = null, Device = "cuda", Threads = 7, CacheMb = 7, LogEvery = 7, CheckpointEvery = 7,
        };
        Assert.Null(Identity(classifier).DifferenceFrom(Identity(_classifierTraining)));
    }

    [Fact]
    public void Options_that_are_newer_than_checkpoints_count_where_they_are_set() => Assert.Equal(
        "synchronizeBatchNormalization was unknown and is True",
        Identity(_training with { SynchronizeBatchNormalization = true }).DifferenceFrom(Identity(_training)));

    [Fact]
    public void Steps_do_not_matter_even_where_the_learning_rates_end_with_them()
    {
        var falling = _training with { LearningRateDecay = LearningRateDecay.Linear };
        Assert.Null(Identity(falling with { Steps = 20 }).DifferenceFrom(Identity(falling)));
        Assert.Equal("learningRateDecay was none and is linear", Identity(falling).DifferenceFrom(Identity(_training)));
        // Checkpoints say what they were planned for, and their hash with it.
        Assert.NotEqual(Identity(falling).Hash(5, [new(0, 10)]), Identity(falling).Hash(5, [new(0, 10), new(4, 20)]));
    }

    [Fact]
    public void Options_are_named_as_asked() => Assert.Equal("train.seed was 5 and is 6",
        Identity(_training with { Seed = 6 }).DifferenceFrom(Identity(_training), key => "train." + key));

    [Fact]
    public void Differences_are_named_with_both_values()
    {
        LabelField[] fields = [LabelField.Categorical("kind", ["a", "b"]), LabelField.Numeric("width", 2, 8), LabelField.Binary("round")];
        var other = _training with
        {
            LearningRate = 1e-5,
            Labels = LabelLayout.Select(fields, ["round", "kind", "width"]),
            Objective = _training.Objective with { R1 = 0.5 },
        };
        Assert.Equal(
            "discriminatorLearningRate was 0.0002 and is 1E-05; labels was not set and is round, kind(a, b), width[2, 8]; " +
            "learningRate was 0.0002 and is 1E-05; objective.r1 was 0 and is 0.5",
            Identity(other).DifferenceFrom(Identity(_training)));
        Assert.Equal("architecture.featureCount was 128 and is 8; learningRate was 0.002 and is 0.001",
            Identity(_classifierTraining with { LearningRate = 1e-3 }, features: 8).DifferenceFrom(Identity(_classifierTraining)));
        // A GAN and a classifier have little in common.
        Assert.EndsWith(" more", Identity(_training).DifferenceFrom(Identity(_classifierTraining)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_survives_being_written()
    {
        using var folder = new TemporaryFolder();
        var training = new TrainingFolder(folder["run"]);
        Assert.Null(training.ReadIdentity());
        training.WriteIdentity(Identity(_training));
        Assert.Null(Identity(_training).DifferenceFrom(training.ReadIdentity()!));
        Assert.Equal("seed was 5 and is 6", Identity(_training with { Seed = 6 }).DifferenceFrom(training.ReadIdentity()!));

        foreach (var other in new[] { "", "{", "null", "[]", """{"seed": {"of": "another form"}}""" })
        {
            File.WriteAllText(training.Options, other);
            Assert.Null(training.ReadIdentity());
        }
    }
}
