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
        Require(row);
        return new MeasuredGan(TrainCase.All.First(c => c.Name == row), device, TrainingPrecision.Float32);
    }

    /// <exception cref="BenchmarkException">There is no such row.</exception>
    public static void Require(string row)
    {
        string[] names = [.. TrainCase.All.Select(c => c.Name), ClassifierBenchmark.Name];
        if (!names.Contains(row)) throw new BenchmarkException($"there is no training '{row}'; there are {string.Join(", ", names)}");
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
