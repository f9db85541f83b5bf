using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// What a checkpoint holds of an <see cref="FusedAdam"/>, by its parameters' names in their order: the moments <c>.exp_avg</c> and
/// <c>.exp_avg_sq</c>, and the steps done, <c>.step</c>, an int64 each.
/// </summary>
internal sealed class OptimizerState(FusedAdam optimizer, IEnumerable<string> names)
{
    private readonly string[] _names = [.. names];

    /// <summary>The moments, live.</summary>
    public IEnumerable<(string Name, Tensor Value)> Moments => _names.Zip(optimizer.States, (name, state) => new (string, Tensor)[]
    {
        (name + ".exp_avg", state.Mean), (name + ".exp_avg_sq", state.Square),
    }).SelectMany(moments => moments);

    /// <summary>The counters, as copies for a file.</summary>
    public IEnumerable<(string Name, Tensor Value)> Counters =>
        _names.Zip(optimizer.States, (name, state) => (name + ".step", state.Steps.to(int64)));

    /// <summary>Reads everything.</summary>
    public void Load(SafeTensorsFile file, string path)
    {
        using var scope = NewDisposeScope();
        var counters = Counters.ToArray();
        TrainingState.Load(file, path, [.. Moments, .. counters]);
        foreach (var (counter, state) in counters.Zip(optimizer.States)) state.Steps.copy_(counter.Value);
    }
}
