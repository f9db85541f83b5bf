using System.Reflection;
using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Saves a training's state, and brings it back.</summary>
internal sealed class CheckpointStore(
    GanNetworks networks, IImageSource source, TrainingOptions options, GanStep step, AveragedGenerator? average, ITrainingObserver observer)
{
    private static readonly string Version = typeof(CheckpointStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly CheckpointFolder _folder = new(Path.Combine(options.Folder, Checkpoint.FolderName));
    private readonly CheckpointFolder _bestFolder = new(Path.Combine(options.Folder, Checkpoint.BestFolderName));
    private readonly SortedDictionary<string, string> _identity = CheckpointInfo.Describe(networks.Options, options, source);

    /// <summary>The best generator so far; null where none was evaluated.</summary>
    public EvaluatedGenerator? Best { get; private set; }

    /// <summary>Writes a whole checkpoint and deletes those that are too many.</summary>
    /// <exception cref="TrainingException">A number is not finite, or the folder cannot be written.</exception>
    public string Save(long done, double seconds)
    {
        var tensors = TrainingState.Tensors(networks, step, average);
        Divergence.RequireFinite(tensors, done);
        using var scope = NewDisposeScope();
        var path = _folder.Write(Info(done, seconds), [.. tensors, .. TrainingState.Counters(networks, step)], options.KeepCheckpoints);
        // A best generator stays as long as training may continue from a checkpoint that speaks of it.
        var spokenOf = _folder.Newest().Select(BestOf).OfType<EvaluatedGenerator>().Select(best => best.Step).ToHashSet();
        foreach (var old in _bestFolder.Newest().Where(best => !spokenOf.Contains(CheckpointFolder.StepOf(best))).ToArray()) CheckpointFolder.Remove(old);
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
                [.. TrainingState.Of(TrainingState.Generator, average?.Network ?? networks.Generator), .. TrainingState.Of(TrainingState.Discriminator, networks.Discriminator)]);
        }
        observer.Evaluated(new(done, metric, isBest));
    }

    private CheckpointInfo Info(long done, double seconds) => new()
    {
        Format = CheckpointInfo.CurrentFormat,
        Version = Version,
        Step = done,
        Seconds = seconds,
        Architecture = networks.Options,
        DataSet = source.Name,
        Labels = options.Labels?.Fields ?? [],
        IsProbabilistic = step.Objective.IsProbabilistic,
        Options = _identity,
        RunHash = CheckpointInfo.Hash(_identity, done),
        Best = Best,
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
    /// <returns>Steps done, seconds spent on them, and the checkpoint's folder.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public (long Step, double Seconds, string? Path) Resume()
    {
        foreach (var folder in new[] { _folder, _bestFolder })
        {
            if (options.StartOver) folder.DeleteAll();
            folder.Clean();
        }
        var damaged = new List<(string Path, string Reason)>();
        foreach (var checkpoint in _folder.Newest().ToArray())
        {
            CheckpointInfo info;
            SafeTensorsFile weights;
            try
            {
                info = CheckpointFile.ReadInfo(checkpoint);
                weights = CheckpointFile.OpenWeights(checkpoint, info);
            }
            catch (CheckpointException e)
            {
                damaged.Add((checkpoint, e.Message));
                continue;
            }
            using (weights)
            {
                RequireSameTraining(checkpoint, info);
                TrainingState.Load(weights, Path.Combine(checkpoint, CheckpointFile.WeightsName), networks, step, average);
            }
            foreach (var (path, reason) in damaged)
            {
                CheckpointFolder.SetAside(path);
                observer.Warned($"{reason} It was set aside; training continues from step {info.Step}.");
            }
            ResumeBest(info);
            return (info.Step, info.Seconds, checkpoint);
        }
        if (damaged.Count == 0)
        {
            _bestFolder.DeleteAll();
            return (0, 0, null);
        }
        throw new CheckpointException($"No checkpoint of this training is whole, so it cannot continue; start over, or delete '{Path.GetDirectoryName(damaged[0].Path)}'. {damaged[0].Reason}");
    }

    /// <summary>Forgets the best generators of steps that are about to be trained again.</summary>
    private void ResumeBest(CheckpointInfo info)
    {
        foreach (var later in _bestFolder.Newest().Where(best => CheckpointFolder.StepOf(best) > info.Step).ToArray()) CheckpointFolder.Remove(later);
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

    private void RequireSameTraining(string path, CheckpointInfo info)
    {
        var differences = _identity.Keys.Union(info.Options.Keys)
            .Select(key => (Key: key, There: info.Options.GetValueOrDefault(key, "(absent)"), Here: _identity.GetValueOrDefault(key, "(absent)")))
            .Where(option => option.There != option.Here)
            .Select(option => $"{option.Key} is {option.There} there and {option.Here} here")
            .ToArray();
        if (differences.Length > 0)
            throw new CheckpointException($"The checkpoint '{path}' is of another training: {string.Join("; ", differences)}. Use its options, another folder, or start over.");
        if (info.Step > options.Steps)
            throw new CheckpointException($"The checkpoint '{path}' has {info.Step} steps behind it, but the training asks for {options.Steps}. Ask for at least {info.Step}, use another folder, or start over.");
    }
}
