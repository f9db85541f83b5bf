using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings with everything that a training's state can consist of, for the tests that interrupt them.</summary>
internal static class Remedies
{
    /// <summary>The names of those that have all that goes together.</summary>
    public const string AllWithR1 = "everything with R1";
    public const string AllWithPenalty = "everything with a gradient penalty";

    private const Augmentations AllChanges = Augmentations.Color | Augmentations.Translation | Augmentations.Cutout | Augmentations.Flip;

    public static readonly Dictionary<string, Func<TrainingOptions, TrainingOptions>> Options = new()
    {
        ["average, label noise"] = o => o,
        ["wasserstein, three critic updates"] =
            o => o with { Objective = new() { Loss = GanLoss.Wasserstein, GradientPenalty = 10, CriticSteps = 3 } },
        ["R1 every fourth step, flipped labels"] =
            o => o with { Objective = new() { Loss = GanLoss.Hinge, R1 = 1, R1Every = 4, LabelFlips = 0.1 } },
        ["conditional"] = o => o with { Labels = Labels },
        ["adapting augmentation"] =
            o => o with { Objective = o.Objective with { Augment = AllChanges, AugmentTarget = 0.1, AugmentImages = 200 } },
        ["fixed augmentation"] = o => o with { Objective = o.Objective with { Augment = AllChanges, AugmentProbability = 0.5 } },
        ["spectral normalisation"] = o => o with { Objective = new() { Loss = GanLoss.Hinge, SpectralNormalization = true } },
        ["instance noise"] = o => o with { Objective = o.Objective with { InstanceNoise = 0.2, InstanceNoiseSteps = 15 } },
        ["learning rates that halve"] = o => o with { LearningRateDecay = LearningRateDecay.Exponential, DecayFrom = 5, DecayHalfLife = 4 },
        ["learning rates in a line to 0"] = o => o with { LearningRateDecay = LearningRateDecay.Linear, DecayFrom = 3 },
        ["pairs, both penalties, a burn-in"] = o => o with
        {
            Objective = new() { Loss = GanLoss.Relativistic, R1 = 1, R1End = 0.1, R2 = 0.5, R2End = 0.1, R1Every = 2 },
            BurnInSteps = 15, LearningRateEnd = 1e-4, Beta2 = 0.9, Beta2End = 0.99,
        },
        ["bfloat16"] = o => o with { Precision = TrainingPrecision.Bfloat16 },
        ["best generator"] = o => o with { EvaluateEvery = 4 },
        [AllWithR1] = o => o with
        {
            Precision = TrainingPrecision.Bfloat16,
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
                AugmentEvery = 3,
                InstanceNoise = 0.1,
                InstanceNoiseSteps = 50,
            },
            Labels = Labels,
            LearningRateDecay = LearningRateDecay.Linear,
            DecayFrom = 3,
            EvaluateEvery = 4,
            Flip = true,
            RandomCrop = 1,
        },
        [AllWithPenalty] = o => o with
        {
            Objective = new()
            {
                GradientPenalty = 1,
                LabelFlips = 0.1,
                LabelSmoothing = 0.1,
                GeneratedLabelNoise = 0,
                GeneratorBatch = GeneratorBatch.Reused,
                Updates = UpdateOrder.Together,
                CriticSteps = 2,
                SpectralNormalization = true,
                Augment = AllChanges,
                AugmentTarget = 0.1,
                AugmentImages = 200,
                InstanceNoise = 0.2,
                InstanceNoiseSteps = 70,
            },
            LearningRateDecay = LearningRateDecay.Exponential,
            DecayFrom = 5,
            DecayHalfLife = 20,
            EvaluateEvery = 6,
        },
    };

    public static LabelLayout Labels
    {
        get
        {
            using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
            return LabelLayout.Select(((IImageSource)source).Attributes, [LabelField.Class]);
        }
    }

    /// <summary>All have the average and, where they have no objective of their own, noisy targets.</summary>
    public static TrainingOptions For(string name, string folder, long steps) =>
        Options[name](TrainingProcess.Options(folder, steps) with { Objective = new() { LabelNoise = 0.1 } });

    /// <summary>A critic without batch normalisation, which goes with every remedy; it has dropout.</summary>
    public static ArchitectureOptions Architecture(TrainingOptions options) =>
        TrainingProcess.Architecture with { Name = "wgan-gp", LabelSize = options.Labels?.Size ?? 0 };
}
