using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.ML;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <param name="Name">The key of the section.</param>
/// <param name="Kind">The kind of pipeline that has it; null for all.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Parts">The records that take its keys.</param>
internal sealed record PipelineSection(string Name, string? Kind, string Title, IReadOnlyList<OptionPart> Parts);

/// <summary>
/// What pipelines.yaml may say: which section sets which options. The options themselves, with their defaults, ranges and
/// documentation, are the libraries'. docs/pipelines.md is made from this.
/// </summary>
internal static class PipelineSections
{
    private static readonly string[] _notSet =
        [nameof(TrainingOptions.Folder), nameof(TrainingOptions.Objective), nameof(TrainingOptions.StartOver)];

    /// <summary>A file may leave the path and the keypoints open, which are then asked for when the pipeline runs.</summary>
    public static readonly OptionPart<DataOptions> Data = new(new(),
        o => o.Problems().Where(p => p.Member != nameof(o.Path) && (p.Member != nameof(o.Keypoints) || o.Keypoints is not null)),
        [nameof(DataOptions.Split)],
        [
            nameof(DataOptions.Path), nameof(DataOptions.Attributes), nameof(DataOptions.Partition), nameof(DataOptions.CaptionFiles),
            nameof(DataOptions.Keypoints), nameof(DataOptions.PairsTable),
        ]);

    public static readonly OptionPart<ArchitectureOptions> Architecture = new(new() { Shape = default }, o => o.Problems(),
        [
            nameof(ArchitectureOptions.LabelSize), nameof(ArchitectureOptions.ConditionChannels),
            nameof(ArchitectureOptions.PoseChannels),
        ]);
    public static readonly OptionPart<ConditionSection> Condition = new(new(), _ => [], paths: [nameof(ConditionSection.TextEncoder)]);
    public static readonly OptionPart<ClassifierOptions> Classifier = new(new() { Shape = default, Fields = [] }, o => o.Problems());
    public static readonly OptionPart<ReadsSection> Reads = new(new(), o => o.Problems());
    public static readonly OptionPart<ObjectiveOptions> Objective = new(new(), o => o.Problems());
    public static readonly OptionPart<PresetSection> Preset = new(new(), _ => []);
    public static readonly OptionPart<TrainingOptions> Train = new(new() { Folder = "." }, TrainProblems, _notSet,
        [nameof(TrainingOptions.From)]);
    public static readonly OptionPart<ClassifierTrainingOptions> ClassifierTrain = new(new(), o => o.Problems(), _notSet);
    public static readonly OptionPart<TextEncoderOptions> TextEncoder = new(
        new() { Shape = default, Vocabulary = null! }, o => o.Problems());
    public static readonly OptionPart<VocabularyOptions> Words = new(new(), o => o.Problems());
    public static readonly OptionPart<TextEncoderTrainingOptions> TextEncoderTrain = new(new(), o => o.Problems(), _notSet);
    public static readonly OptionPart<RetrievalSection> Retrieval = new(new(), o => o.Problems());
    public static readonly OptionPart<ExportOptions> Onnx = new(new(), _ => [],
        // A pipeline's files have fixed names and the evaluation form; its own settings make smaller ones.
        [
            nameof(ExportOptions.InputName), nameof(ExportOptions.OutputName), nameof(ExportOptions.Mode), nameof(ExportOptions.Precision),
            nameof(ExportOptions.ExternalData),
        ]);
    public static readonly OptionPart<ExportSection> Export = new(new(), o => o.Problems());
    public static readonly OptionPart<SampleSection> Sample = new(new(), o => o.Problems());
    public static readonly OptionPart<EvaluateSection> Evaluate = new(new(), o => o.Problems(),
        paths: [nameof(EvaluateSection.Classifier), nameof(EvaluateSection.Reader)]);
    public static readonly OptionPart<ClassifySection> Classify = new(new(), o => o.Problems(), [nameof(ClassifySection.Transfer)]);
    public static readonly OptionPart<TransferOptions> Transfer = new(new(), o => o.Problems(), [nameof(TransferOptions.Threads)]);
    public static readonly OptionPart<ReportSection> Report = new(new(), o => o.Problems());

    /// <summary>All sections in the order in which people write them.</summary>
    public static IReadOnlyList<PipelineSection> All { get; } =
    [
        new("data", null, "the images", [Data]),
        new("architecture", PipelineOptions.Gan, "the two networks", [Architecture, Condition]),
        new("objective", PipelineOptions.Gan, "the losses, and what keeps the networks in balance", [Objective]),
        new("train", PipelineOptions.Gan, "the training", [Train, Preset]),
        new("architecture", PipelineOptions.Classifier, "the network of a classifier", [Classifier, Reads]),
        new("train", PipelineOptions.Classifier, "the training of a classifier", [ClassifierTrain, Preset]),
        new("architecture", PipelineOptions.TextEncoder, "the networks of a text encoder, and the words that it knows",
            [TextEncoder, Words]),
        new("train", PipelineOptions.TextEncoder, "the training of a text encoder", [TextEncoderTrain, Preset]),
        new("export", null, "the ONNX files", [Onnx, Export]),
        new("sample", PipelineOptions.Gan, "the images that a run writes", [Sample]),
        new("evaluate", PipelineOptions.Gan, "the metrics of samples", [Evaluate]),
        new("evaluate", PipelineOptions.TextEncoder, "whether pictures find their captions", [Retrieval]),
        new(
            "classify",
            PipelineOptions.Gan,
            "the transfer experiment: classes told apart by the discriminator's features",
            [Classify, Transfer]),
        new("report", null, "report.html", [Report]),
    ];

    private static IEnumerable<(string Member, string Problem)> TrainProblems(TrainingOptions options) =>
        options.Steps == 0
            ? options.Problems().Append((nameof(options.Steps), "A pipeline trains for at least 1 step; got 0."))
            : options.Problems();
}
