using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>
/// What makes two trainings the same one: all that changes the weights, which are the pictures, the networks and every option that is not
/// listed here as one that only decides what is kept or shown, how far the training goes, or how fast it runs. Trainings of one
/// identity continue each other's checkpoints.
/// </summary>
public sealed class TrainingIdentity
{
    /// <summary>The hash of the weights that a training began with, where it did not begin with random ones.</summary>
    internal const string FromKey = "from";

    /// <summary>The hash of the text encoder whose embeddings the networks are told.</summary>
    private const string TextEncoderKey = "textEncoder";

    private const int NamedDifferences = 5;

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // An option that is missing here counts, so that a new one is not overlooked. The names are those of ClassifierTrainingOptions too.
    private static readonly HashSet<string> _withoutEffect =
    [
        nameof(TrainingOptions.Folder), nameof(TrainingOptions.StartOver), nameof(TrainingOptions.Steps),
        nameof(TrainingOptions.Device), nameof(TrainingOptions.Threads), nameof(TrainingOptions.Workers),
        nameof(TrainingOptions.CacheMb),
        nameof(TrainingOptions.LogEvery), nameof(TrainingOptions.SampleEvery), nameof(TrainingOptions.SampleCount),
        nameof(TrainingOptions.EvaluateEvery), nameof(TrainingOptions.CheckpointEvery), nameof(TrainingOptions.KeepCheckpoints),
        nameof(TrainingOptions.Patience), nameof(TrainingOptions.MaxMinutes), nameof(TrainingOptions.Tensorboard),
        nameof(TrainingOptions.DiagnoseEvery),
    ];

    // Not counted where they are not set: there were checkpoints before there were these options.
    private static readonly HashSet<string> _later =
    [
        nameof(ArchitectureOptions.Blocks), nameof(ObjectiveOptions.R1End), nameof(ObjectiveOptions.R2), nameof(ObjectiveOptions.R2End),
        nameof(TrainingOptions.BurnInSteps), nameof(TrainingOptions.LearningRateEnd), nameof(TrainingOptions.Beta2End),
        nameof(TrainingOptions.AutoBalance), nameof(TrainingOptions.Jitter), nameof(ObjectiveOptions.L1),
        nameof(ObjectiveOptions.Cycle), nameof(ObjectiveOptions.Identity), nameof(ObjectiveOptions.Pool), nameof(ObjectiveOptions.Drift),
        nameof(ObjectiveOptions.Interpolation), nameof(ObjectiveOptions.ConditioningDivergence),
        nameof(ArchitectureOptions.ConditioningNoise), nameof(ArchitectureOptions.TextMatching),
        nameof(TrainingOptions.GrowImages), nameof(TrainingOptions.FinalBatchSize),
        nameof(TrainingOptions.FirstStageSteps), nameof(ArchitectureOptions.PoseChannels),
        nameof(ArchitectureOptions.ConditionChannels), nameof(ArchitectureOptions.Patch), nameof(ArchitectureOptions.Normalization),
    ];

    private readonly SortedDictionary<string, string> _options;

    private TrainingIdentity(IEnumerable<KeyValuePair<string, string>> options) =>
        _options = new(options.ToDictionary(), StringComparer.Ordinal);

    /// <summary>The options that count and their values, ordered by name; those of the networks begin with <c>architecture.</c>.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>The identity of a training.</summary>
    /// <param name="architecture">The record of options that the networks are built from.</param>
    /// <param name="training">The record of options that they are trained by.</param>
    /// <param name="source">The training pictures.</param>
    /// <param name="from">The hash of the weights that it begins with; null for random ones.</param>
    /// <param name="texts">The hash of the text encoder whose embeddings the networks are told; null where there is none.</param>
    internal static TrainingIdentity Of(
        object architecture, object training, IImageSource source, string? from = null, string? texts = null)
    {
        var options = new Dictionary<string, string> { ["data"] = source.Fingerprint };
        Add(options, "architecture.", architecture, _ => true);
        Add(options, "", training,
            name => name == nameof(TrainingOptions.Precision) ? IsPrecisionAskedFor(training)
                : name == nameof(TrainingOptions.SynchronizeBatchNormalization) ? SynchronizesBatchNormalization(training)
                : !_withoutEffect.Contains(name) && name != nameof(TrainingOptions.From));
        if (from is not null) options[FromKey] = from;
        if (texts is not null) options[TextEncoderKey] = texts;
        return new(options);
    }

    internal static TrainingIdentity Of(IEnumerable<KeyValuePair<string, string>> options) => new(options);

    /// <summary>Where the training chooses for itself, its checkpoints keep the choice.</summary>
    private static bool IsPrecisionAskedFor(object training) =>
        training is not TrainingOptions { Precision: TrainingPrecision.Auto };

    /// <summary>For one process it changes nothing, and there were checkpoints before there was the option.</summary>
    private static bool SynchronizesBatchNormalization(object training) =>
        training is TrainingOptions { SynchronizeBatchNormalization: true };

    private static void Add(Dictionary<string, string> options, string prefix, object record, Func<string, bool> counts)
    {
        foreach (var property in record.GetType().GetProperties().Where(property => property.CanWrite && counts(property.Name)))
        {
            var key = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = property.GetValue(record);
            if (IsOptionRecord(value)) Add(options, key + ".", value!, _ => true);
            else if (!_later.Contains(property.Name) || IsSet(property.PropertyType, value)) options[key] = Text(value);
        }
    }

    private static bool IsSet(Type type, object? value) =>
        value is not null && (Nullable.GetUnderlyingType(type) is not null || !value.Equals(Activator.CreateInstance(type)));

    // A list of a type that the compiler made is of this assembly too.
    private static bool IsOptionRecord(object? value) =>
        value is not (null or IEnumerable) && value.GetType() is { IsClass: true } type &&
        type.Assembly == typeof(TrainingIdentity).Assembly;

    /// <summary>A value with all that it means; of labels as in <c>class(cat, dog), round, width[2, 8]</c>.</summary>
    private static string Text(object? value) => value switch
    {
        string text => text,
        LabelLayout labels => Text(labels.Fields),
        Vocabulary vocabulary => $"{vocabulary.Size} tokens ({Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(vocabulary.ToJson())).AsSpan(0, 4))})",
        LabelField { Kind: LabelKind.Categorical } field => $"{field.Name}({Text(field.Values)})",
        LabelField { Kind: LabelKind.Numeric } field => $"{field.Name}[{Text(field.Low)}, {Text(field.High)}]",
        LabelField field => field.Name,
        Enum choice => string.Join(", ", choice.ToString().Split(", ").Select(JsonNamingPolicy.KebabCaseLower.ConvertName)),
        IEnumerable values => string.Join(", ", values.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>How this training differs from an earlier one: the first options, as in <c>seed was 0 and is 1</c>.</summary>
    /// <param name="earlier">The other training.</param>
    /// <param name="name">Names an option as its users write it; null keeps the names of <see cref="Options"/>.</param>
    /// <returns>Null where both are the same training.</returns>
    public string? DifferenceFrom(TrainingIdentity earlier, Func<string, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        name ??= key => key;
        string[] differences =
        [
            .. _options.Keys.Union(earlier._options.Keys).Order(StringComparer.Ordinal)
                .Select(key => (Key: key, Was: Value(earlier, key), Is: Value(this, key)))
                .Where(option => option.Was != option.Is)
                .Select(option => $"{name(option.Key)} was {option.Was} and is {option.Is}"),
        ];
        if (differences.Length == 0) return null;
        var more = differences.Length - NamedDifferences;
        return string.Join("; ", differences.Take(NamedDifferences)) + (more > 0 ? $"; and {more} more" : "");

        static string Value(TrainingIdentity identity, string key) =>
            identity._options.TryGetValue(key, out var value) ? value.Length > 0 ? value : "not set" : "unknown";
    }

    /// <summary>A short hash of the options, a number of steps and what they were planned for: equal hashes, equal weights.</summary>
    internal string Hash(long step, IReadOnlyList<PlannedSteps> planned)
    {
        var text = string.Concat(_options.Select(option => $"{option.Key}={option.Value}\n")) + "step=" + Text(step) +
            string.Concat(planned.Select(plan => $"\nfrom {plan.From} to {plan.Steps}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    internal string ToJson() => JsonSerializer.Serialize(_options, _json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static TrainingIdentity Parse(string json) => new(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);

    internal void Write(string path) => AtomicFile.WriteAllText(path, ToJson() + "\n");

    /// <summary>Null where there is no such file, or where it holds something else.</summary>
    internal static TrainingIdentity? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) is { } options ? new(options) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
