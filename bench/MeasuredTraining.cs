using System.Diagnostics;
using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>A training whose steps are measured, on random images.</summary>
internal abstract class MeasuredTraining(Device device) : IDisposable
{
    private readonly NativeHeap _heap = NativeHeap.KeepFreedMemory();

    /// <summary>Updates of weights in a step.</summary>
    public abstract int Updates { get; }

    protected Device Device => device;

    /// <summary>The training of a row.</summary>
    /// <exception cref="BenchmarkException">There is no such row.</exception>
    public static MeasuredTraining Of(string row, Device device)
    {
        if (row == ClassifierBenchmark.Name) return new MeasuredClassifier(device);
        if (TrainCase.All.FirstOrDefault(c => c.Name == row) is { } found) return new MeasuredGan(found, device, TrainingPrecision.Float32);
        throw new BenchmarkException(
            $"there is no training '{row}'; there are {string.Join(", ", TrainCase.All.Select(c => c.Name))}, {ClassifierBenchmark.Name}");
    }

    /// <summary>Runs a number of steps, waits for their end, and returns the seconds they took.</summary>
    public double Run(int steps)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            Step();
        }
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        return watch.Elapsed.TotalSeconds;
    }

    protected abstract void Step();

    public virtual void Dispose() => _heap.Dispose();
}
