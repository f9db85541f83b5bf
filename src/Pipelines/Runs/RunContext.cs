using GanPipeline.Data;
using GanPipeline.Training;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>What the stages of one run share.</summary>
internal sealed class RunContext(
    RunChoice choice,
    RunRequest request,
    RunFolder folder,
    Summary summary,
    IRunDisplay display,
    ILogger logger,
    ProcessGroup? processes = null) : IDisposable
{
    private readonly Dictionary<string, IImageSource> _sources = [];
    private LabelLayout? _labels;
    private Vocabulary? _vocabulary;
    private TextEncoder? _texts;
    private ArchitectureOptions? _architecture;

    public PipelineOptions Options { get; private set; } = choice.Options;
    public RunRequest Request { get; } = request;

    /// <summary>The --set values of earlier commands that count again, as --set takes them.</summary>
    public IReadOnlyList<string> Remembered => choice.Remembered;

    public RunFolder Folder { get; } = folder;
    public Summary Summary { get; } = summary;
    public IRunDisplay Display { get; } = display;
    public ILogger Logger { get; } = logger;

    /// <summary>Those that train together.</summary>
    public ProcessGroup Processes { get; } = processes ?? ProcessGroup.Alone;

    /// <summary>How the others are called to train.</summary>
    public TrainingCall Call { get; } = new(processes ?? ProcessGroup.Alone);

    /// <summary>What a conditional GAN is told of each picture, or null.</summary>
    public LabelLayout? Labels => Options.Condition.Count == 0 ? null : _labels ??= Layout();

    /// <summary>What embeds the texts that a text-to-image GAN is told, or null.</summary>
    public TextEncoder? Texts =>
        !Options.Architecture.TellsTexts ? null : _texts ??= TextEncoderFolder.Open(Options.TextEncoderPath);

    /// <summary>The networks' options, which go with the data: what does not is the request's mistake.</summary>
    public ArchitectureOptions Architecture => _architecture ??= Fitting();

    /// <summary>The words of the captions to train with; data without captions is the request's mistake.</summary>
    public Vocabulary Vocabulary => _vocabulary ??= Words();

    /// <summary>The data's train or test part, opened once.</summary>
    public IImageSource Source(string split)
    {
        if (_sources.TryGetValue(split, out var open)) return open;
        var source = Open(Options.DataOf(split));
        Summary.Input("data." + split, source.Fingerprint);
        // Both parts have the same to say.
        foreach (var note in source.Notes.Except(_sources.Values.SelectMany(s => s.Notes))) Display.Note(note);
        return _sources[split] = source;
    }

    /// <summary>
    /// For a command that does not train: the training counts as it stands, with as many steps as it has.
    /// </summary>
    /// <exception cref="RequestException">There is none, or only part of one other than a GAN's.</exception>
    public void TakeTrainingAsItStands()
    {
        var trains = $"gan train {Options.Name} does that, or gan resume {Folder.Shown} where it was begun.";
        var steps = Folder.Training.LastStep;
        if (steps is null && Summary.Stage("train") is null)
            throw new RequestException($"Nothing was trained in {Folder.Shown} yet: {trains}");
        if (Options.Kind != PipelineOptions.Gan)
        {
            if (Summary.Stage("train") is null)
                throw new RequestException($"The {Options.KindName} in {Folder.Shown} is not trained yet: {trains}");
            return;
        }
        if (steps is null || steps == Options.Train.Steps) return;
        if (steps < Options.Train.Steps)
            Display.Note($"The training stands at step {TextFormat.Count(steps.Value)} of {TextFormat.Count(Options.Train.Steps)}, and " +
                "is taken as it stands.");
        Options = Options with { Train = Options.Train with { Steps = steps.Value } };
    }

    /// <summary>The step of the checkpoint that the training ended with.</summary>
    public long TrainedStep => Options.Train is { Patience: 0, MaxMinutes: 0 } ? Options.Train.Steps
        : Folder.Training.LastStep ?? Options.Train.Steps;

    private LabelLayout Layout()
    {
        LabelLayout labels;
        try { labels = Source("train").SelectLabels(Options.Condition); }
        catch (DataSetException e) { throw new RequestException($"architecture.condition: {e.Message}", e); }
        if (Options.Train.Flip && labels.Fields.FirstOrDefault(f => !f.SurvivesMirroring) is { } turned)
            throw new RequestException($"train.flip: a mirrored picture has another {turned.Name}, which architecture.condition tells " +
                $"the networks. " +
                $"Set train.flip to false, or leave {turned.Name} out.");
        return labels;
    }

    private Vocabulary Words()
    {
        try { return Vocabulary.Build(Source("train").AllCaptions(), Options.Words); }
        catch (Exception e) when (e is DataSetException or ArgumentException) { throw new RequestException(e.Message, e); }
    }

    private ArchitectureOptions Fitting()
    {
        var (shape, condition) = (Source("train").Shape, Source("train").ConditionChannels);
        var options = Options.Architecture with
        {
            Shape = shape with { Channels = shape.Channels - condition }, ConditionChannels = condition,
            PoseChannels = Source("train").Pose?.Channels ?? 0, LabelSize = Labels?.Size ?? Texts?.Options.EmbeddingSize ?? 0,
        };
        try { Architectures.Check(options); }
        catch (ArgumentException e) { throw new RequestException($"{Options.Name}: these networks cannot be built: {e.Message}", e); }
        return options;
    }

    /// <summary>Data that cannot be opened is the request's mistake, which named it.</summary>
    private static IImageSource Open(DataOptions options)
    {
        try { return DataSets.Open(options); }
        catch (DataSetException e) { throw new RequestException(e.Message, e); }
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values) source.Dispose();
        _texts?.Dispose();
    }
}
