using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The state of a classifier's training on the disk: weights, Adam's moments and counters, steps done.</summary>
internal sealed class ClassifierCheckpoints(TrainingFolder folder, TrainingIdentity identity, Classifier classifier, FusedAdam adam,
    IImageSource source)
{
    private const int Kept = 2;

    private readonly OptimizerState _optimizer = new(adam,
        classifier.Trunk.named_parameters().Select(p => "optimizer.trunk." + p.name)
        .Concat(classifier.Head.named_parameters().Select(p => "optimizer.head." + p.name)));
    private readonly CheckpointFolder _folder = new(folder.Checkpoints);

    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Save(long step, double seconds)
    {
        using var scope = NewDisposeScope();
        _folder.Write(new CheckpointInfo
        {
            Format = CheckpointInfo.CurrentFormat,
            Version = CheckpointInfo.CurrentVersion,
            Step = step,
            Seconds = seconds,
            Architecture = new() { Name = "classifier", Shape = classifier.Shape, Filters = classifier.Options.Filters },
            DataSet = source.Name,
            Options = identity.Options,
            RunHash = identity.Hash(step, []),
            Averaged = false,
            WeightsSize = 0,
            WeightsHash = "",
        }, [.. ClassifierCheckpoint.Tensors(classifier), .. _optimizer.Moments, .. _optimizer.Counters], Kept);
    }

    /// <summary>Continues from the last whole checkpoint, if there is one.</summary>
    /// <returns>Steps done and seconds spent on them.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public (long Step, double Seconds) Resume()
    {
        var info = _folder.Resume(identity, Load, warned: null);
        return (info?.Step ?? 0, info?.Seconds ?? 0);
    }

    private void Load(CheckpointInfo info, SafeTensorsFile file, string path)
    {
        TrainingState.Load(file, path, [.. ClassifierCheckpoint.Tensors(classifier)]);
        _optimizer.Load(file, path);
    }
}
