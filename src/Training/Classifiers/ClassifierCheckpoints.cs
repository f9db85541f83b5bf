using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The state of a classifier's training on the disk: weights, Adam's moments and counters, steps done.</summary>
internal sealed class ClassifierCheckpoints(TrainingFolder folder, TrainingIdentity identity, Classifier classifier, Adam adam,
    IImageSource source)
{
    private const string Optimizer = "optimizer.";
    private const int Kept = 2;

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
            RunHash = identity.Hash(step),
            Averaged = false,
            WeightsSize = 0,
            WeightsHash = "",
        }, [.. Tensors(), .. States().Select(s => (s.Name + ".step", tensor(s.State.step, dtype: int64)))], Kept);
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
        TrainingState.Load(file, path, [.. Tensors()]);
        using var counter = zeros([], dtype: int64);
        foreach (var (name, state) in States())
        {
            TrainingState.Load(file, path, [(name + ".step", counter)]);
            state.step = counter.item<long>();
        }
    }

    private IEnumerable<(string Name, Tensor Value)> Tensors() =>
    [
        .. ClassifierCheckpoint.Tensors(classifier),
        .. States().SelectMany(s => new[] { (s.Name + ".exp_avg", s.State.exp_avg), (s.Name + ".exp_avg_sq", s.State.exp_avg_sq) }),
    ];

    // The states come in the order of the parameters.
    private IEnumerable<(string Name, Adam.State State)> States() =>
        classifier.Trunk.named_parameters().Select(p => Optimizer + "trunk." + p.name)
        .Concat(classifier.Head.named_parameters().Select(p => Optimizer + "head." + p.name))
        .Zip(adam.state_dict().State.Cast<Adam.State>());
}
