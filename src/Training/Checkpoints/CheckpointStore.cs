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
    private readonly SortedDictionary<string, string> _identity = CheckpointInfo.Describe(networks.Options, options, source);

    /// <summary>Writes a whole checkpoint and deletes those that are too many.</summary>
    /// <exception cref="TrainingException">A number is not finite, or the folder cannot be written.</exception>
    public string Save(long done, double seconds)
    {
        var tensors = TrainingState.Tensors(networks, step, average);
        Divergence.RequireFinite(tensors, done);
        using var scope = NewDisposeScope();
        var info = new CheckpointInfo
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
            Averaged = average is not null,
            WeightsSize = 0,
            WeightsHash = "",
        };
        var path = _folder.Write(info, [.. tensors, .. TrainingState.Counters(networks, step)], options.KeepCheckpoints);
        observer.Checkpointed(new(done, path));
        return path;
    }

    /// <summary>Continues from the last whole checkpoint, if there is one.</summary>
    /// <returns>Steps done, seconds spent on them, and the checkpoint's folder.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public (long Step, double Seconds, string? Path) Resume()
    {
        if (options.StartOver) _folder.DeleteAll();
        _folder.Clean();
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
            return (info.Step, info.Seconds, checkpoint);
        }
        if (damaged.Count == 0) return (0, 0, null);
        throw new CheckpointException($"No checkpoint of this training is whole, so it cannot continue; start over, or delete '{Path.GetDirectoryName(damaged[0].Path)}'. {damaged[0].Reason}");
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
