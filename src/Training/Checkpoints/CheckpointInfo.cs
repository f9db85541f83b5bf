using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>What a checkpoint says of itself, in its <c>checkpoint.json</c>.</summary>
public sealed record CheckpointInfo
{
    /// <summary>The form of the checkpoint; others are refused.</summary>
    public required int Format { get; init; }

    /// <summary>The version of the project that wrote it.</summary>
    public required string Version { get; init; }

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds spent on them.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the networks are built from.</summary>
    public required ArchitectureOptions Architecture { get; init; }

    /// <summary>The data set's name.</summary>
    public required string DataSet { get; init; }

    /// <summary>The fields of the label vector, in its order; empty where the networks are unconditional.</summary>
    public IReadOnlyList<LabelField> Labels { get; init; } = [];

    /// <summary>Whether the discriminator's outputs are log-odds, see <see cref="Objective.IsProbabilistic"/>; else they are scores.</summary>
    public bool IsProbabilistic { get; init; } = true;

    /// <summary>All that decides the trained weights, as keys and values: equal options, equal weights after equal steps.</summary>
    public required SortedDictionary<string, string> Options { get; init; }

    /// <summary>A short hash of <see cref="Options"/> and <see cref="Step"/>: the training run's, for a model's metadata.</summary>
    public required string RunHash { get; init; }

    /// <summary>The best generator so far, or the one that is in this checkpoint where it lies in <c>best/</c>; null where none was evaluated.</summary>
    public EvaluatedGenerator? Best { get; init; }

    /// <summary>Whether there is an averaged generator, which samples and exports then use.</summary>
    public required bool Averaged { get; init; }

    /// <summary>Size of the weights' file in bytes.</summary>
    public required long WeightsSize { get; init; }

    /// <summary>SHA-256 of the weights' file, in hexadecimal.</summary>
    public required string WeightsHash { get; init; }

    internal const int CurrentFormat = 1;

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>All that decides the trained weights. What only decides how a run is watched, or on which machine it computes, is not in it.</summary>
    internal static SortedDictionary<string, string> Describe(ArchitectureOptions architecture, TrainingOptions training, IImageSource source) => new(StringComparer.Ordinal)
    {
        ["architecture.name"] = architecture.Name,
        ["architecture.channels"] = Text(architecture.Shape.Channels),
        ["architecture.height"] = Text(architecture.Shape.Height),
        ["architecture.width"] = Text(architecture.Shape.Width),
        ["architecture.latentSize"] = Text(architecture.LatentSize),
        ["architecture.labelSize"] = Text(architecture.LabelSize),
        ["architecture.filters"] = Text(architecture.Filters),
        ["architecture.dropout"] = Text(architecture.Dropout),
        ["data"] = source.Fingerprint,
        ["batchSize"] = Text(training.BatchSize),
        ["seed"] = Text(training.Seed),
        ["flip"] = Text(training.Flip),
        ["randomCrop"] = Text(training.RandomCrop),
        ["criticSteps"] = Text(training.Objective.CriticSteps),
        ["labels"] = Text(training.Labels),
        ["generatorBatch"] = Text(training.Objective.GeneratorBatch),
        ["updates"] = Text(training.Objective.Updates),
        ["generatorLearningRate"] = Text(training.LearningRate),
        ["discriminatorLearningRate"] = Text(training.DiscriminatorLearningRate),
        ["learningRateDecay"] = Text(training.LearningRateDecay),
        ["decayFrom"] = Text(training.DecayFrom),
        ["decayHalfLife"] = Text(training.DecayHalfLife),
        // A line to 0 at the end depends on where the end is.
        ["decayEnd"] = training.LearningRateDecay == LearningRateDecay.Linear ? Text(training.Steps) : "",
        ["spectralNormalization"] = Text(training.Objective.SpectralNormalization),
        ["instanceNoise"] = Text(training.Objective.InstanceNoise),
        ["instanceNoiseSteps"] = Text(training.Objective.InstanceNoiseSteps),
        ["augmentation.kinds"] = Text(training.Objective.Augment),
        ["augmentation.probability"] = Text(training.Objective.AugmentProbability),
        ["augmentation.target"] = Text(training.Objective.AugmentTarget),
        ["augmentation.images"] = Text(training.Objective.AugmentImages),
        ["augmentation.every"] = Text(training.Objective.AugmentEvery),
        ["beta1"] = Text(training.Beta1),
        ["beta2"] = Text(training.Beta2),
        ["epsilon"] = Text(training.Epsilon),
        ["averageDecay"] = Text(training.AverageDecay),
        ["objective.loss"] = Text(training.Objective.Loss),
        ["objective.generatorLoss"] = Text(training.Objective.GeneratorLoss),
        ["objective.realTarget"] = Text(training.Objective.RealTarget),
        ["objective.generatedTarget"] = Text(training.Objective.GeneratedTarget),
        ["objective.realNoise"] = Text(training.Objective.LabelNoise),
        ["objective.generatedNoise"] = Text(training.Objective.GeneratedLabelNoise),
        ["objective.labelFlips"] = Text(training.Objective.LabelFlips),
        ["objective.discriminatorLoss"] = Text(training.Objective.DiscriminatorLoss),
        ["objective.gradientPenalty"] = Text(training.Objective.GradientPenalty),
        ["objective.r1"] = Text(training.Objective.R1),
        ["objective.r1Every"] = Text(training.Objective.R1Every),
    };

    /// <summary>Fields with all that a label vector's numbers mean, as in <c>class(cat, dog), round, width[2, 8]</c>.</summary>
    private static string Text(LabelLayout? labels) => labels is null ? "" : string.Join(", ", labels.Fields.Select(field => field.Name + field.Kind switch
    {
        LabelKind.Categorical => $"({string.Join(", ", field.Values)})",
        LabelKind.Numeric => $"[{Text(field.Low)}, {Text(field.High)}]",
        _ => "",
    }));

    internal static string Hash(SortedDictionary<string, string> options, long step)
    {
        var text = string.Concat(options.Select(option => $"{option.Key}={option.Value}\n")) + "step=" + Text(step);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
