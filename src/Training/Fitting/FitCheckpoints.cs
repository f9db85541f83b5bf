using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The state of a training by one optimiser on the disk: weights, Adam's moments and counters, steps done.</summary>
/// <param name="folder">The training's.</param>
/// <param name="identity">The training's.</param>
/// <param name="architecture">What it trains, for whoever reads the checkpoint.</param>
/// <param name="tensors">The networks' live tensors by their names in files.</param>
/// <param name="optimizer">The optimiser's state.</param>
/// <param name="source">The training pictures.</param>
internal sealed class FitCheckpoints(TrainingFolder folder, TrainingIdentity identity, ArchitectureOptions architecture,
    IReadOnlyList<(string Name, Tensor Value)> tensors, OptimizerState optimizer, IImageSource source)
{
    private const int Kept = 2;

    private readonly CheckpointFolder _folder = new(folder.Checkpoints);

    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Save(long step, double seconds, int threads)
    {
        using var scope = NewDisposeScope();
        _folder.Write(new CheckpointInfo
        {
            Format = CheckpointInfo.CurrentFormat,
            Version = CheckpointInfo.CurrentVersion,
            Step = step,
            Seconds = seconds,
            Threads = threads,
            Architecture = architecture,
            DataSet = source.Name,
            Options = identity.Options,
            RunHash = identity.Hash(step, []),
            Averaged = false,
            WeightsSize = 0,
            WeightsHash = "",
        }, [.. tensors, .. optimizer.Moments, .. optimizer.Counters], Kept);
    }

    /// <summary>Continues from the last whole checkpoint, if there is one.</summary>
    /// <returns>Steps done and seconds spent on them, and the threads that they were computed with; null where there is none.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public (long Step, double Seconds, int? Threads) Resume()
    {
        var info = _folder.Resume(identity, (_, file, path) => Load(file, path), warned: null);
        return (info?.Step ?? 0, info?.Seconds ?? 0, info is null ? null : Devices.Threads(info.Threads));
    }

    private void Load(SafeTensorsFile file, string path)
    {
        TrainingState.Load(file, path, tensors);
        optimizer.Load(file, path);
    }
}
