using System.Text.Json;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>A run's folder as a comparison reads it. Nothing is written or locked, so that a training may go on in it.</summary>
internal sealed class ComparedRun
{
    private ComparedRun(string name, RunFolder folder, PipelineOptions options, Summary summary, IReadOnlyList<TrainingMetrics> metrics) =>
        (Name, Folder, Options, Summary, Metrics) = (name, folder, options, summary, metrics);

    /// <summary>What tells it from the others: the last parts of its folder's path.</summary>
    public string Name { get; }

    public RunFolder Folder { get; }

    /// <summary>The settings that it was last run with.</summary>
    public PipelineOptions Options { get; }

    public Summary Summary { get; }

    /// <summary>The training's, by step, one at least: <see cref="GanMetrics"/>, or <see cref="FitMetrics"/>.</summary>
    public IReadOnlyList<TrainingMetrics> Metrics { get; }

    public bool IsClassifier => Options.Kind == PipelineOptions.Classifier;

    /// <summary>The steps done so far.</summary>
    public long Steps => Metrics[^1].Step;

    /// <summary>Of the training so far, parts before an interruption included.</summary>
    public double Seconds => Metrics[^1].Seconds;

    /// <summary>Whether the training has ended.</summary>
    public bool IsTrained => Summary.Stage("train") is not null;

    /// <summary>Reads a run.</summary>
    /// <param name="choice">Its folder and settings.</param>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <exception cref="RequestException">Its training has no metrics yet.</exception>
    public static ComparedRun Read(RunChoice choice, string name)
    {
        var folder = new RunFolder(choice.Folder, choice.Folder);
        IReadOnlyList<TrainingMetrics> metrics = choice.Options.Kind == PipelineOptions.Classifier
            ? folder.Training.ReadMetrics<FitMetrics>() : folder.Training.ReadMetrics<GanMetrics>();
        if (metrics.Count == 0)
            throw new RequestException($"The training in {choice.Folder} has no metrics yet. Compare it when it has logged some; gan " +
                $"resume {choice.Folder} goes on with it.");
        return new(name, folder, choice.Options, Summary.Load(folder.Summary), metrics);
    }

    /// <summary>A stage's metrics; null where it has not run since the training.</summary>
    /// <exception cref="WorkException">They are of another version, or damaged.</exception>
    public T? Of<T>(string stage) where T : class
    {
        try
        {
            return Summary.Metrics<T>(stage);
        }
        catch (JsonException e)
        {
            throw new WorkException($"What {Folder.ShownPath("summary.json")} says of the stage {stage} cannot be read: {e.Message} " +
                $"gan run {Folder.Shown} --from {stage} writes it anew.", e);
        }
    }
}
