using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <summary>
    /// Whether the discriminator's outputs are log-odds, see <see cref="Objective.IsProbabilistic"/>; else they are scores.
    /// </summary>
    public bool IsProbabilistic { get; init; } = true;

    /// <summary>
    /// What decides the weights, see <see cref="TrainingIdentity.Options"/>: equal options, equal weights after equal steps.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>
    /// Where learning rates fall in a line to 0 at the last step: which last step was asked for, and from which step on. Several where the
    /// training was made longer or shorter on its way. Empty where the last step decides nothing.
    /// </summary>
    public IReadOnlyList<PlannedSteps> Planned { get; init; } = [];

    /// <summary>
    /// A short hash of <see cref="Options"/>, <see cref="Step"/> and <see cref="Planned"/>: the training run's, for a model's metadata.
    /// </summary>
    public required string RunHash { get; init; }

    /// <summary>
    /// The best generator so far, or the one that is in this checkpoint where it lies in <c>best/</c>; null where none was evaluated.
    /// </summary>
    public EvaluatedGenerator? Best { get; init; }

    /// <summary>Whether there is an averaged generator, which samples and exports then use.</summary>
    public required bool Averaged { get; init; }

    /// <summary>What the networks were computed with.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;

    /// <summary>Processor threads that they were computed with; 0 is one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Processes that trained together, see <see cref="ProcessGroup"/>; any number of them may go on.</summary>
    public int Processes { get; init; } = 1;

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

    /// <summary>The version of this assembly.</summary>
    internal static string CurrentVersion { get; } =
        typeof(CheckpointInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
