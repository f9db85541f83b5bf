namespace GanPipeline.Training;

/// <content>What options may be.</content>
public sealed partial record TrainingOptions
{
    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or two options do not go together.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Folder), "The run's folder is missing.");
        Require(Steps >= 0, $"The number of steps is at least 0; got {Steps}.");
        Require(BatchSize >= 2, $"A batch has at least 2 images; got {BatchSize}.");
        Require(CriticSteps >= 1, $"A step has at least 1 update of the discriminator; got {CriticSteps}.");
        Require(RandomCrop >= 0, $"The pixels of a random crop are at least 0; got {RandomCrop}.");
        Require(Threads >= 0, $"The number of threads is at least 0 (all processors); got {Threads}.");
        Require(GeneratorLearningRate > 0 && double.IsFinite(GeneratorLearningRate), $"A learning rate is above 0; got {GeneratorLearningRate} for the generator.");
        Require(DiscriminatorLearningRate > 0 && double.IsFinite(DiscriminatorLearningRate), $"A learning rate is above 0; got {DiscriminatorLearningRate} for the discriminator.");
        Require(Beta1 is >= 0 and < 1, $"beta1 lies from 0 to below 1; got {Beta1}.");
        Require(Beta2 is >= 0 and < 1, $"beta2 lies from 0 to below 1; got {Beta2}.");
        Require(Epsilon > 0, $"Adam's epsilon is above 0; got {Epsilon}.");
        Require(AverageDecay is >= 0 and < 1, $"The average's decay lies from 0 (off) to below 1; got {AverageDecay}.");
        Require(DecayFrom >= 0, $"The learning rates begin to fall after at least 0 steps; got {DecayFrom}.");
        Require(DecayHalfLife >= 1, $"The learning rates' half-life is at least 1 step; got {DecayHalfLife}.");
        Require(InstanceNoise >= 0 && double.IsFinite(InstanceNoise), $"Instance noise has a standard deviation of at least 0 (off); got {InstanceNoise}.");
        Require(InstanceNoiseSteps >= 1, $"Instance noise falls to 0 in at least 1 step; got {InstanceNoiseSteps}.");
        Require(Augmentation.Probability is >= 0 and <= 1, $"The augmentation's probability lies from 0 to 1; got {Augmentation.Probability}.");
        Require(Augmentation.Target is >= 0 and < 1, $"The augmentation's target lies from 0 (a fixed probability) to below 1, as the paper's 0.6; got {Augmentation.Target}.");
        Require(Augmentation.Images >= 1, $"The augmentation's probability takes at least 1 image from 0 to 1; got {Augmentation.Images}.");
        Require(Augmentation.Every >= 1, $"There is at least 1 step between adaptations; got {Augmentation.Every}.");
        Require(JudgeEvery >= 0, $"The steps between judgements are at least 0 (none); got {JudgeEvery}.");
        Require(CacheBytes >= 0, $"The cache's size is at least 0; got {CacheBytes}.");
        Require(Workers >= 0, $"The number of workers is at least 0 (the loader's choice); got {Workers}.");
        Require(LogEvery >= 1, $"There is at least 1 step between log lines; got {LogEvery}.");
        Require(SampleEvery >= 0, $"The steps between samples are at least 0 (none); got {SampleEvery}.");
        Require(SampleCount >= 1, $"A sample grid has at least 1 image; got {SampleCount}.");
        Require(CheckpointEvery >= 1, $"There is at least 1 step between checkpoints; got {CheckpointEvery}.");
        Require(KeepCheckpoints >= 1, $"At least 1 checkpoint is kept; got {KeepCheckpoints}.");
        _ = Devices.IsKnown(Device) ? Device : throw new ArgumentException($"The device is auto, cpu or cuda; got '{Device}'.");
        ValidateCombinations(Objectives.Create(Objective));
    }

    /// <summary>What is right by itself and wrong together.</summary>
    private void ValidateCombinations(Objective objective)
    {
        Require(Objective.Name != "wasserstein" || Objective.GradientPenalty > 0 || SpectralNormalization,
            "The objective 'wasserstein' needs a bound on the critic's gradient, else its scores grow without end: give the gradient penalty a weight, as the paper's 10, or " +
            "turn spectral normalisation on.");
        Require(!Augmentation.Adapts || objective.Boundary is not null,
            $"The augmentation cannot adapt to the objective '{Objective.Name}', whose scores do not say what is taken for real; set its target to 0, for a fixed probability.");
        foreach (var (kind, survives, change) in new (Augmentations, Func<LabelField, bool>, string)[]
        {
            (Augmentations.Flip, field => field.SurvivesMirroring, "mirrored"), (Augmentations.Color, field => field.SurvivesRecoloring, "recoloured"),
        })
        {
            if (Augmentation.Kinds.HasFlag(kind) && Labels?.Fields.FirstOrDefault(field => !survives(field)) is { } changed)
                throw new ArgumentException($"A {change} picture has another {changed.Name}, which the networks are told; leave '{changed.Name}' out of the labels, or {kind} out of the augmentation.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
