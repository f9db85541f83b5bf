using System.Text.Json;

namespace GanPipeline.Training;

/// <summary>Conditions in words: what they are called, what they mean, and what helps, with the options that set it.</summary>
public static class ConditionText
{
    /// <summary>The condition's name in logs: <c>mode-collapse</c>.</summary>
    public static string Key(this TrainingCondition condition) => JsonNamingPolicy.KebabCaseLower.ConvertName(condition.ToString());

    /// <summary>Its name in sentences: <c>mode collapse</c>.</summary>
    public static string Name(this TrainingCondition condition) => condition switch
    {
        TrainingCondition.DiscriminatorDominates => "the discriminator dominates",
        TrainingCondition.GeneratorDominates => "the generator dominates",
        _ => condition.Key().Replace('-', ' '),
    };

    /// <summary>What it means, a sentence.</summary>
    public static string Meaning(this TrainingCondition condition) => condition switch
    {
        TrainingCondition.SwappedLabels => "The discriminator takes real images for generated ones and generated ones for real.",
        TrainingCondition.Divergence => "The losses have left all bounds, or the generator no longer reacts.",
        TrainingCondition.VanishingGradients => "The discriminator is right on everything, and next to no gradient reaches the generator.",
        TrainingCondition.ModeCollapse => "The samples are alike while real images are not.",
        TrainingCondition.DiscriminatorDominates =>
            "The discriminator is right on nearly everything, and the generator gets nowhere against it.",
        TrainingCondition.GeneratorDominates => "The discriminator cannot tell samples from real images, although they are far from them.",
        TrainingCondition.HiddenCues =>
            "The discriminator is right on nearly everything while the samples get worse: it reads something that does not count.",
        TrainingCondition.Overfitting =>
            "The discriminator knows the training images by heart: it takes held-out real images for generated ones.",
        TrainingCondition.Copying => "The samples repeat training images.",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    /// <summary>What helps, the first thing to try first, with the keys of a pipeline that set it.</summary>
    public static IReadOnlyList<string> Remedies(this TrainingCondition condition) => condition switch
    {
        TrainingCondition.SwappedLabels =>
        [
            "targets near 1 for real images (objective.label-smoothing, objective.label-noise) and near 0 for generated ones " +
            "(objective.generated-target)",
        ],
        TrainingCondition.Divergence =>
        [
            "lower learning rates (train.learning-rate, 2e-4 is usual)", "objective.r1: 0.05 or more",
            "objective.spectral-normalization: true", "train.precision: float32",
        ],
        TrainingCondition.VanishingGradients =>
        [
            "objective.generator-loss: non-saturating", "objective.r1: 0.05 or more", "a lower train.discriminator-learning-rate",
            "objective.loss: wasserstein or relativistic",
        ],
        TrainingCondition.ModeCollapse =>
        [
            "objective.loss: relativistic with objective.r1 and r2, or wasserstein", "objective.r1: 0.05 or more", "lower learning rates",
            "a larger train.batch-size", "architecture.condition, where there are labels",
        ],
        TrainingCondition.DiscriminatorDominates =>
        [
            "a lower train.discriminator-learning-rate (a quarter of the generator's)", "objective.r1: 0.05 or more",
            "objective.instance-noise: 0.1", "objective.label-smoothing: 0.1", "architecture.dropout: 0.3", "train.auto-balance: true",
        ],
        TrainingCondition.GeneratorDominates =>
        [
            "a lower train.learning-rate with a train.discriminator-learning-rate as before", "objective.critic-steps: 2 or more",
            "less of what slows the discriminator (objective.r1, instance-noise, label-noise, architecture.dropout)",
            "train.auto-balance: true",
        ],
        TrainingCondition.HiddenCues =>
        [
            "objective.instance-noise: 0.1", "objective.r1: 0.05 or more", "objective.augment: [translation, color]",
            "a look at the pictures (gan data inspect): borders, sizes, traces of compression that samples cannot have",
        ],
        TrainingCondition.Overfitting =>
        [
            "objective.augment: [translation, color]", "more pictures, or train.flip: true", "objective.r1: more of it",
            "fewer steps (train.evaluate-every keeps the best)", "architecture.dropout: 0.3, fewer filters",
        ],
        TrainingCondition.Copying =>
        [
            "more pictures", "objective.augment: [translation, color]", "fewer steps", "fewer architecture.filters",
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };
}
