using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Times training steps before a training, which then begins as if there had been none.</summary>
/// <param name="device">Where they compute.</param>
/// <param name="state">What they change, which is put back.</param>
internal sealed class StepTrial(Device device, Func<IEnumerable<Tensor>> state)
{
    /// <summary>Measures, and puts back what the measured steps changed.</summary>
    public T Measure<T>(Func<T> measure)
    {
        using var scope = NewDisposeScope();
        var saved = state().Select(tensor => (Live: tensor, Copy: tensor.detach().clone())).ToArray();
        var result = measure();
        using var untracked = no_grad();
        foreach (var (live, copy) in saved) live.copy_(copy);
        return result;
    }

    /// <summary>The seconds that a step takes.</summary>
    public double Seconds(Action step)
    {
        var watch = Stopwatch.StartNew();
        step();
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        return watch.Elapsed.TotalSeconds;
    }
}
