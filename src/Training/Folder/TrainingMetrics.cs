using System.Text.Json.Serialization;

namespace GanPipeline.Training;

/// <summary>A line of a training's <c>metrics.jsonl</c>: one log interval.</summary>
public abstract record TrainingMetrics
{
    /// <summary>Steps done.</summary>
    [JsonPropertyOrder(-1)]
    public required long Step { get; init; }

    /// <summary>Images trained on a second in this interval.</summary>
    [JsonPropertyOrder(1)]
    public double ImagesPerSecond { get; init; }

    /// <summary>Seconds spent in this training, before an interruption too.</summary>
    [JsonPropertyOrder(1)]
    public double Seconds { get; init; }
}

/// <summary>The metrics of a GAN's training in one log interval, see <see cref="TrainingProgress"/>; null is not measured.</summary>
public sealed record GanMetrics : TrainingMetrics
{
    /// <summary>Passes over the data set done, with their fraction.</summary>
    public double Epoch { get; init; }

    /// <summary>The discriminator's loss.</summary>
    public required double DiscriminatorLoss { get; init; }

    /// <summary>The generator's loss.</summary>
    public required double GeneratorLoss { get; init; }

    /// <summary>Share of real images that the discriminator takes for real, from 0 to 1.</summary>
    public required double RealAccuracy { get; init; }

    /// <summary>Share of generated images that it takes for generated, from 0 to 1.</summary>
    public required double GeneratedAccuracy { get; init; }

    /// <summary>See <see cref="TrainingProgress.SmoothedDiscriminatorLoss"/>.</summary>
    public double SmoothedDiscriminatorLoss { get; init; }

    /// <summary>See <see cref="TrainingProgress.SmoothedGeneratorLoss"/>.</summary>
    public double SmoothedGeneratorLoss { get; init; }

    /// <summary>See <see cref="TrainingProgress.DiscriminatorGradientNorm"/>; null where it is not finite.</summary>
    public double? DiscriminatorGradientNorm { get; init; }

    /// <summary>See <see cref="TrainingProgress.GeneratorGradientNorm"/>; null where it is not finite.</summary>
    public double? GeneratorGradientNorm { get; init; }

    /// <summary>The discriminator's learning rate in the interval's last step.</summary>
    public double DiscriminatorLearningRate { get; init; }

    /// <summary>The generator's learning rate in the interval's last step.</summary>
    public double GeneratorLearningRate { get; init; }

    /// <summary>The probability of augmentation; null where images are not augmented.</summary>
    public double? AugmentationProbability { get; init; }

    /// <summary>See <see cref="TrainingProgress.Difference"/>; null where the networks do not translate.</summary>
    public double? Difference { get; init; }

    /// <summary>The evaluator's metric for the generator after this step; null where there is none, or none that is finite.</summary>
    public double? Metric { get; init; }

    /// <summary>See <see cref="GeneratorSignals"/>; null where the samples were not looked at.</summary>
    public double? Diversity { get; init; }

    /// <summary>See <see cref="GeneratorSignals"/>; null where the samples were not looked at.</summary>
    public double? Distance { get; init; }

    /// <summary>See <see cref="GeneratorSignals"/>; null where the samples were not looked at.</summary>
    public double? Novelty { get; init; }

    /// <summary>See <see cref="GeneratorSignals"/>; null where the samples were not looked at.</summary>
    public double? Variation { get; init; }

    /// <summary>See <see cref="TrainingProgress.Overfitting"/>; null where it was not measured.</summary>
    public double? Overfitting { get; init; }

    /// <summary>
    /// What <see cref="Diagnosis"/> says is wrong after this step, by <see cref="ConditionText.Key"/>; null where nothing is.
    /// </summary>
    public IReadOnlyList<string>? Conditions { get; init; }

    internal static GanMetrics Of(TrainingProgress progress) => new()
    {
        Step = progress.Step,
        Epoch = Math.Round(progress.Epoch, 4),
        ImagesPerSecond = Math.Round(progress.ImagesPerSecond, 1),
        DiscriminatorLoss = progress.DiscriminatorLoss,
        GeneratorLoss = progress.GeneratorLoss,
        RealAccuracy = progress.RealAccuracy,
        GeneratedAccuracy = progress.GeneratedAccuracy,
        SmoothedDiscriminatorLoss = progress.SmoothedDiscriminatorLoss,
        SmoothedGeneratorLoss = progress.SmoothedGeneratorLoss,
        DiscriminatorGradientNorm = Finite(progress.DiscriminatorGradientNorm),
        GeneratorGradientNorm = Finite(progress.GeneratorGradientNorm),
        DiscriminatorLearningRate = progress.DiscriminatorLearningRate,
        GeneratorLearningRate = progress.GeneratorLearningRate,
        AugmentationProbability = progress.AugmentationProbability,
        Difference = Finite(progress.Difference),
        Metric = Finite(progress.Metric),
        Diversity = Finite(progress.Signals?.Diversity),
        Distance = Finite(progress.Signals?.Distance),
        Novelty = Finite(progress.Signals?.Novelty),
        Variation = Finite(progress.Signals?.Variation),
        Overfitting = progress.Overfitting,
        Seconds = Math.Round(progress.Elapsed.TotalSeconds, 3),
    };

    /// <summary>JSON has no other numbers.</summary>
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>The metrics of a classifier's or a text encoder's training in one log interval.</summary>
public sealed record FitMetrics : TrainingMetrics
{
    /// <summary>
    /// A classifier's cross-entropy on training images, summed over the attributes; a text encoder's loss of the joint embedding.
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>
    /// Share of training images that were read right, the mean over a classifier's attributes, or whose own caption was nearest of those
    /// of their batch, from 0 to 1.
    /// </summary>
    public required double Accuracy { get; init; }
}
