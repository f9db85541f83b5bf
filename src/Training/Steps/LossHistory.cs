using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Averages over the steps since the last log line.</summary>
internal readonly record struct StepAverages(double DiscriminatorLoss, double GeneratorLoss, double RealAccuracy, double GeneratedAccuracy,
    double DiscriminatorGradientNorm, double GeneratorGradientNorm, double AugmentationProbability, double Difference);

/// <summary>The losses and outputs of each step since the last log line, kept on the device so that no step waits for it.</summary>
internal sealed class LossHistory : IDisposable
{
    private const int Columns = 8;

    private readonly Tensor _rows;
    private readonly Tensor _none;
    private readonly double? _boundary;
    private readonly ProcessGroup _processes;
    private long _firstStep;
    private int _count;

    /// <param name="capacity">Steps between log lines at most.</param>
    /// <param name="firstStep">The first step's number, counted from 1.</param>
    /// <param name="boundary">See <see cref="Objective.Boundary"/>; null is halfway between the means of both halves.</param>
    /// <param name="device">The networks' device.</param>
    /// <param name="processes">Those that train together, over which it averages.</param>
    public LossHistory(int capacity, long firstStep, double? boundary, Device device, ProcessGroup processes)
    {
        _processes = processes;
        _boundary = boundary;
        _firstStep = firstStep;
        _none = zeros([], dtype: float32, device: device).DetachFromDisposeScope();
        _rows = zeros(capacity, Columns, dtype: float32, device: device).DetachFromDisposeScope();
    }

    public int Count => _count;

    public void Add(StepOutcome outcome, GanStep step)
    {
        using var untracked = no_grad();
        var norms = step.GradientNorms();
        _rows.select(0, _count++).copy_(TorchScriptFunctions.StepRow(
            [outcome.DiscriminatorLoss.detach(), outcome.GeneratorLoss.detach()], outcome.RealLogits, outcome.GeneratedLogits, _boundary,
            [norms.Discriminator, norms.Generator, step.AugmentationProbability ?? _none, outcome.Difference?.detach() ?? _none]));
    }

    /// <summary>Waits for the device and averages the steps so far, over all processes.</summary>
    /// <exception cref="TrainingException">A loss is not a finite number; the message names the first step where it was not.</exception>
    public StepAverages Read()
    {
        using var scope = NewDisposeScope();
        var values = _rows.narrow(0, 0, _count).cpu().data<float>().ToArray();
        _processes.Average(values);
        return _processes.Alike(() => Average(values));
    }

    private StepAverages Average(float[] values)
    {
        var sums = new double[Columns];
        for (var row = 0; row < _count; row++)
        {
            RequireFinite(values[row * Columns], "discriminator", _firstStep + row);
            RequireFinite(values[row * Columns + 1], "generator", _firstStep + row);
            for (var column = 0; column < Columns; column++) sums[column] += values[row * Columns + column];
        }
        var means = Array.ConvertAll(sums, sum => sum / _count);
        return new(means[0], means[1], means[2], means[3], means[4], means[5], means[6], means[7]);
    }

    /// <summary>Forgets the steps so far.</summary>
    public void Clear()
    {
        _firstStep += _count;
        _count = 0;
    }

    private static void RequireFinite(float loss, string network, long step)
    {
        if (!float.IsFinite(loss)) throw Divergence.Of($"the {network}'s loss became {loss} at step {step}");
    }

    public void Dispose()
    {
        _rows.Dispose();
        _none.Dispose();
    }
}
