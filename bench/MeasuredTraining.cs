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

    /// <summary>A row's training, of a GAN in the precision that its name ends in, as <c>train/dense/bfloat16</c>, or in float32.</summary>
    /// <exception cref="BenchmarkException">There is no such row.</exception>
    public static MeasuredTraining Of(string row, Device device)
    {
        if (row == ClassifierBenchmark.Name) return new MeasuredClassifier(device);
        Require(row);
        var (name, precision) = Parse(row);
        return new MeasuredGan(TrainCase.All.First(c => c.Name == name), device, precision);
    }

    /// <exception cref="BenchmarkException">There is no such row.</exception>
    public static void Require(string row)
    {
        string[] names = [.. TrainCase.All.Select(c => c.Name), ClassifierBenchmark.Name];
        if (!names.Contains(Parse(row).Name))
        {
            throw new BenchmarkException($"there is no training '{row}'; there are {string.Join(", ", names)}, those of GANs with " +
                "/bfloat16 or /float16 behind it, too");
        }
    }

    private static (string Name, TrainingPrecision Precision) Parse(string row)
    {
        foreach (var precision in Enum.GetValues<TrainingPrecision>().Where(p => p != TrainingPrecision.Auto))
        {
            var suffix = "/" + precision.ToString().ToLowerInvariant();
            if (row.EndsWith(suffix, StringComparison.Ordinal)) return (row[..^suffix.Length], precision);
        }
        return (row, TrainingPrecision.Float32);
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
