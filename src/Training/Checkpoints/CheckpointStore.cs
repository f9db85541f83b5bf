using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Saves a training's state, and brings it back.</summary>
internal sealed class CheckpointStore(
    TrainingFolder folder, TrainingIdentity identity, GanNetworks networks, IImageSource source, TrainingOptions options, GanStep step,
    AveragedGenerator? average, ITrainingObserver observer)
{
    private readonly CheckpointFolder _folder = new(folder.Checkpoints);
    private readonly CheckpointFolder _bestFolder = new(folder.Best);

    private IReadOnlyList<PlannedSteps> _planned = [];

    /// <summary>The best generator so far; null where none was evaluated.</summary>
    public EvaluatedGenerator? Best { get; private set; }

    /// <summary>Processor threads, which checkpoints remember.</summary>
    public int Threads { get; set; }

    /// <summary>Processes that train together, which checkpoints remember.</summary>
    public int Processes { get; set; } = 1;

    /// <summary>Writes a whole checkpoint and deletes those that are too many.</summary>
    /// <exception cref="TrainingException">A number is not finite, or the folder cannot be written.</exception>
    public string Save(long done, double seconds)
    {
        var optimizers = TrainingState.Optimizers(networks, step);
        (string, Tensor)[] tensors =
            [.. TrainingState.Tensors(networks, step, average), .. optimizers.SelectMany(optimizer => optimizer.Moments)];
        Divergence.RequireFinite(tensors, done);
        using var scope = NewDisposeScope();
        var path = _folder.Write(Info(done, seconds), [.. tensors, .. optimizers.SelectMany(optimizer => optimizer.Counters)],
            options.KeepCheckpoints);
        // A best generator stays as long as training may continue from a checkpoint that names it.
        var spokenOf = _folder.Newest().Select(BestOf).OfType<EvaluatedGenerator>().Select(best => best.Step).ToHashSet();
        foreach (var old in _bestFolder.Newest().Where(best =>
            !spokenOf.Contains(CheckpointFolder.StepOf(best))).ToArray()) CheckpointFolder.Remove(old);
        observer.Checkpointed(new(done, path));
        return path;
    }

    /// <summary>Takes note of a metric, and keeps the generator that has it where it is lower than all before.</summary>
    /// <exception cref="TrainingException">The folder cannot be written.</exception>
    public void Evaluated(long done, double seconds, double metric)
    {
        var isBest = metric < (Best?.Metric ?? double.PositiveInfinity);
        if (isBest)
        {
            Best = new(done, metric);
            _bestFolder.Write(Info(done, seconds) with { Averaged = false },
                [.. TrainingState.Of(TrainingState.Generator, average?.Network ?? networks.Generator),
                    .. TrainingState.Of(TrainingState.Discriminator, networks.Discriminator)]);
        }
        observer.Evaluated(new(done, metric, isBest));
    }

    private CheckpointInfo Info(long done, double seconds) => new()
    {
        Format = CheckpointInfo.CurrentFormat,
        Version = CheckpointInfo.CurrentVersion,
        Step = done,
        Seconds = seconds,
        Architecture = networks.Options,
        DataSet = source.Name,
        Labels = options.Labels?.Fields ?? [],
        IsProbabilistic = step.Objective.IsProbabilistic,
        Options = identity.Options,
        Planned = _planned,
        RunHash = identity.Hash(done, _planned),
        Best = Best,
        Precision = step.Precision,
        Threads = Threads,
        Processes = Processes,
        Averaged = average is not null,
        WeightsSize = 0,
        WeightsHash = "",
    };

    private static EvaluatedGenerator? BestOf(string checkpoint)
    {
        try
        {
            return CheckpointFile.ReadInfo(checkpoint).Best;
        }
        catch (CheckpointException)
        {
            // Training will not continue from it.
            return null;
        }
    }

    /// <summary>Continues from the last whole checkpoint, if there is one.</summary>
    /// <returns>What it says of itself, and its folder; null where there is none.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public (CheckpointInfo Info, string Path)? Resume()
    {
        if (options.StartOver) _folder.DeleteAll();
        _bestFolder.Clean();
        var info = _folder.Resume(identity, Load, observer.Warned);
        _planned = PlannedSteps.GoOn(info?.Planned ?? [], info?.Step ?? 0, options, observer.Warned);
        if (info is null)
        {
            _bestFolder.DeleteAll();
            return null;
        }
        ResumeBest(info);
        return (info, _folder.PathOf(info.Step));
    }

    private void Load(CheckpointInfo info, SafeTensorsFile weights, string path)
    {
        if (info.Step > options.Steps)
            throw new CheckpointException(
                $"The checkpoint '{Path.GetDirectoryName(path)}' has {info.Step} steps behind it, but the training asks for " +
                    $"{options.Steps}. " +
                $"Ask for at least {info.Step}, use another folder, or start over.");
        TrainingState.Load(weights, path, networks, step, average);
    }

    /// <summary>Forgets the best generators of steps that are about to be trained again.</summary>
    private void ResumeBest(CheckpointInfo info)
    {
        foreach (var later in _bestFolder.Newest().Where(best =>
            CheckpointFolder.StepOf(best) > info.Step).ToArray()) CheckpointFolder.Remove(later);
        if (info.Best is not { } best) return;
        var path = _bestFolder.PathOf(best.Step);
        try
        {
            CheckpointFile.OpenWeights(path, CheckpointFile.ReadInfo(path)).Dispose();
            Best = best;
        }
        catch (CheckpointException e)
        {
            observer.Warned($"The best generator so far, of step {best.Step}, is lost: {e.Message} The best one from here on is kept.");
        }
    }
}
