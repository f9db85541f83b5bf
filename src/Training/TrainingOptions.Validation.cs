namespace GanPipeline.Training;

/// <content>What options may be.</content>
public sealed partial record TrainingOptions
{
    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or two options do not go together; see
    /// <see cref="Problems"/>.</exception>
    public void Validate()
    {
        foreach (var (_, problem) in Problems()) throw new ArgumentException(problem);
    }

    /// <summary>What is wrong with the options: the member, as in <c>Objective.R1</c>, and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return (nameof(Folder), "The run's folder is missing.");
        if (Steps < 0) yield return (nameof(Steps), $"The number of steps is at least 0; got {Steps}.");
        if (BatchSize < 1) yield return (nameof(BatchSize), $"A batch has at least 1 image; got {BatchSize}.");
        if (Seed < 0) yield return (nameof(Seed), $"A seed is at least 0; got {Seed}.");
        if (RandomCrop is < 0 or > 512)
            yield return (nameof(RandomCrop), $"The pixels of a random crop are from 0 to 512; got {RandomCrop}.");
        if (Jitter is < 0 or > 512) yield return (nameof(Jitter), $"The pixels of the jitter are from 0 to 512; got {Jitter}.");
        else if (Jitter > 0 && RandomCrop > 0)
            yield return (nameof(Jitter), "Jitter and random crops both move images; keep one of them.");
        if (Threads is < 0 or > 1024)
            yield return (nameof(Threads), $"The number of threads is from 0 (all processors) to 1024; got {Threads}.");
        if (!IsRate(LearningRate))
            yield return (nameof(LearningRate), $"A learning rate is above 0; got {LearningRate} for the generator.");
        else if (!IsRate(DiscriminatorLearningRate))
            yield return (nameof(DiscriminatorLearningRate),
                $"A learning rate is above 0; got {DiscriminatorLearningRate} for the discriminator.");
        if (Beta1 is not (>= 0 and < 1)) yield return (nameof(Beta1), $"beta1 lies from 0 to below 1; got {Beta1}.");
        if (Beta2 is not (>= 0 and < 1)) yield return (nameof(Beta2), $"beta2 lies from 0 to below 1; got {Beta2}.");
        if (!(Epsilon > 0)) yield return (nameof(Epsilon), $"Adam's epsilon is above 0; got {Epsilon}.");
        if (BurnInSteps < 0) yield return (nameof(BurnInSteps), $"The steps of the burn-in are at least 0 (none); got {BurnInSteps}.");
        if (LearningRateEnd is { } rate && !IsRate(rate))
            yield return (nameof(LearningRateEnd), $"A learning rate is above 0; got {rate} for the end.");
        if (Beta2End is { } beta2 && beta2 is not (>= 0 and < 1))
            yield return (nameof(Beta2End), $"beta2 lies from 0 to below 1; got {beta2} for the end.");
        foreach (var (member, end) in new (string, double?)[]
        {
            (nameof(LearningRateEnd), LearningRateEnd), (nameof(Beta2End), Beta2End),
            ($"{nameof(Objective)}.{nameof(Objective.R1End)}", Objective.R1End),
            ($"{nameof(Objective)}.{nameof(Objective.R2End)}", Objective.R2End),
        })
        {
            if (end is not null && BurnInSteps == 0)
                yield return (member, "A value for the end needs a number of burn-in steps in which it is reached; there are none.");
        }
        if (AverageDecay is not (>= 0 and < 1))
            yield return (nameof(AverageDecay), $"The average's decay lies from 0 (off) to below 1; got {AverageDecay}.");
        if (DecayFrom < 0) yield return (nameof(DecayFrom), $"The learning rates begin to fall after at least 0 steps; got {DecayFrom}.");
        if (DecayHalfLife < 1)
            yield return (nameof(DecayHalfLife), $"The learning rates' half-life is at least 1 step; got {DecayHalfLife}.");
        if (EvaluateEvery < 0)
            yield return (nameof(EvaluateEvery), $"The steps between evaluations are at least 0 (none); got {EvaluateEvery}.");
        if (DiagnoseEvery < 0)
            yield return (nameof(DiagnoseEvery), $"The steps between looks at the samples are at least 0 (none); got {DiagnoseEvery}.");
        if (Patience < 0) yield return (nameof(Patience), $"A patience is at least 0 (without end); got {Patience} evaluations.");
        else if (Patience > 0 && EvaluateEvery == 0)
            yield return (nameof(Patience), "A patience counts evaluations, and there are none; say how many steps lie between them.");
        if (!(MaxMinutes >= 0 && double.IsFinite(MaxMinutes)))
            yield return (nameof(MaxMinutes), $"A training's minutes are at least 0 (without end); got {MaxMinutes}.");
        if (CacheMb < 0) yield return (nameof(CacheMb), $"The cache's size is at least 0; got {CacheMb}.");
        if (Workers is < 0 or > 256)
            yield return (nameof(Workers), $"The number of workers is from 0 (the loader's choice) to 256; got {Workers}.");
        if (LogEvery < 1) yield return (nameof(LogEvery), $"There is at least 1 step between log lines; got {LogEvery}.");
        if (GrowImages < 0)
            yield return (nameof(GrowImages), $"The images in which a level grows are at least 0 (the paper's 600,000); got {GrowImages}.");
        if (FinalBatchSize < 0 || FinalBatchSize > Math.Max(0, BatchSize))
            yield return (nameof(FinalBatchSize), $"The last level's batch has from 1 to {BatchSize} images, or 0 for the same at all " +
                $"levels; got {FinalBatchSize}.");
        if (FirstStageSteps < 0)
            yield return (nameof(FirstStageSteps), $"The steps of the first stage are at least 0; got {FirstStageSteps}.");
        if (SampleEvery < 0) yield return (nameof(SampleEvery), $"The steps between samples are at least 0 (none); got {SampleEvery}.");
        if (SampleCount is < 1 or > 1024)
            yield return (nameof(SampleCount), $"A sample grid has from 1 to 1024 images; got {SampleCount}.");
        if (CheckpointEvery < 1)
            yield return (nameof(CheckpointEvery), $"There is at least 1 step between checkpoints; got {CheckpointEvery}.");
        if (KeepCheckpoints < 1) yield return (nameof(KeepCheckpoints), $"At least 1 checkpoint is kept; got {KeepCheckpoints}.");
        if (!Devices.IsKnown(Device)) yield return (nameof(Device), $"The device is auto, cpu or cuda; got '{Device}'.");
        if (Precision == TrainingPrecision.Float16 && Device == "cpu")
            yield return (nameof(Precision), "The precision float16 is for CUDA, and the device is cpu; take bfloat16 or float32.");
        foreach (var (member, problem) in Objective.Problems()) yield return ($"{nameof(Objective)}.{member}", problem);
        foreach (var (kind, survives, change) in new (Augmentations, Func<LabelField, bool>, string)[]
        {
            (Augmentations.Flip, field => field.SurvivesMirroring, "mirrored"),
                (Augmentations.Color, field => field.SurvivesRecoloring, "recoloured"),
        })
        {
            if (Objective.Augment.HasFlag(kind) && Labels?.Fields.FirstOrDefault(field => !survives(field)) is { } changed)
            {
                yield return ($"{nameof(Objective)}.{nameof(Objective.Augment)}",
                    $"A {change} picture has another {changed.Name}, which the networks are told; " +
                    $"leave '{changed.Name}' out of the labels, or {kind} out of the augmentation.");
            }
        }
    }

    private static bool IsRate(double value) => value > 0 && double.IsFinite(value);
}
