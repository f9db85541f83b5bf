using System.Diagnostics;
using GanPipeline.Data;
using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// What a training shows of itself: log lines, sample grids, pace. Owns the clocks. Of several processes the first one shows, and all
/// call the same members.
/// </summary>
internal sealed class ProgressReport : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver _observer;
    private readonly IImageSource _source;
    private readonly long _firstStep;
    private readonly double _secondsBefore;
    private readonly TrainingFolder _folder;
    private readonly ProcessGroup _processes;
    private readonly MetricsLog<GanMetrics>? _metrics;
    private readonly ISampleGrid? _grid;
    private readonly TensorboardLog? _tensorboard;
    private readonly LossHistory _history;
    private readonly Diagnosis _diagnosis;
    private readonly Stopwatch _all = Stopwatch.StartNew();
    private readonly Stopwatch _training = Stopwatch.StartNew();
    private TimeSpan _trainingAtLog;
    private Smoothed? _discriminatorLoss;
    private Smoothed? _generatorLoss;
    private (double Discriminator, double Generator) _rates;
    private long _step;

    public ProgressReport(TrainingFolder folder, TrainingIdentity identity, GanNetworks networks, IImageSource source,
        TrainingOptions options, ITrainingObserver observer, Objective objective, long firstStep, double secondsBefore, Device device,
        ProcessGroup processes, IImageSource? heldOut, LabelVectors? labels)
    {
        _processes = processes;
        _folder = folder;
        _networks = networks;
        _options = options;
        _observer = observer;
        _source = source;
        _firstStep = _step = firstStep;
        _secondsBefore = secondsBefore;
        _history = new LossHistory(options.LogEvery, firstStep + 1, objective.Boundary, device, processes);
        _diagnosis = new(options.Objective.Loss);
        if (!processes.IsFirst) return;
        Write(folder.Samples, () => DropLater(firstStep));
        _metrics = folder.OpenMetrics<GanMetrics>(firstStep);
        if (_metrics.Last is { } last)
            (_discriminatorLoss, _generatorLoss) = (new(last.Step, last.SmoothedDiscriminatorLoss),
                new(last.Step, last.SmoothedGeneratorLoss));
        foreach (var line in folder.ReadMetrics<GanMetrics>()) _diagnosis.Add(line);
        _grid = networks.Translates ? new PairGrid(networks, heldOut ?? source, options)
            : new SampleGrid(networks, source, options, labels);
        if (!options.Tensorboard) return;
        TensorboardLog? log = null;
        Write(folder.Tensorboard, () => log = new(folder.Tensorboard, networks, identity, firstStep));
        _tensorboard = log;
    }

    public TrainingProgress? Last { get; private set; }

    public TimeSpan Elapsed => TimeSpan.FromSeconds(_secondsBefore) + _all.Elapsed;

    /// <summary>Over all steps of this call.</summary>
    public double ImagesPerSecond => _step == _firstStep ? 0 : (Images(_step) - Images(_firstStep)) / _training.Elapsed.TotalSeconds;

    /// <summary>Real images shown before a step.</summary>
    private long Images(long step) =>
        _networks.Growth?.Images(_options, step) ?? step * _options.BatchSize * _options.Objective.CriticSteps;

    public bool IsSampleDue(long step) => _options.SampleEvery > 0 && step % _options.SampleEvery == 0;

    public void Add(StepOutcome outcome, GanStep step)
    {
        _history.Add(outcome, step);
        _rates = (step.DiscriminatorOptimizer.LearningRate, step.GeneratorOptimizer.LearningRate);
        _step++;
    }

    /// <summary>Waits for the device, writes a line and tells the observer.</summary>
    /// <exception cref="TrainingException">A loss was not finite.</exception>
    /// <param name="metric">The evaluator's metric of the generator as it is; null where it is not evaluated now.</param>
    /// <param name="look">What the diagnosis looked at now; null where it did not.</param>
    public void Log(double? metric, DiagnosisSigns? look)
    {
        var steps = _history.Read();
        var seconds = (_training.Elapsed - _trainingAtLog).TotalSeconds;
        var pace = _all.Elapsed / (_step - _firstStep);
        Last = new(_step, _options.Steps, (double)Images(_step) / _source.Count, (Images(_step) - Images(_step - _history.Count)) / seconds,
            steps.DiscriminatorLoss, steps.GeneratorLoss, steps.RealAccuracy, steps.GeneratedAccuracy, Elapsed,
                pace * (_options.Steps - _step))
        {
            SmoothedDiscriminatorLoss = Smoothed.Next(_discriminatorLoss, _step, steps.DiscriminatorLoss),
            SmoothedGeneratorLoss = Smoothed.Next(_generatorLoss, _step, steps.GeneratorLoss),
            DiscriminatorGradientNorm = steps.DiscriminatorGradientNorm,
            GeneratorGradientNorm = steps.GeneratorGradientNorm,
            DiscriminatorLearningRate = _rates.Discriminator,
            GeneratorLearningRate = _rates.Generator,
            AugmentationProbability = _options.Objective.Augments ? steps.AugmentationProbability : null,
            Difference = _networks.Translates ? steps.Difference : null,
            Metric = metric,
            Signals = look?.Signals,
            Overfitting = look?.Overfitting,
        };
        (_discriminatorLoss, _generatorLoss) = (new(_step, Last.SmoothedDiscriminatorLoss), new(_step, Last.SmoothedGeneratorLoss));
        _history.Clear();
        _trainingAtLog = _training.Elapsed;
        var line = GanMetrics.Of(Last);
        var changes = _diagnosis.Add(line);
        _metrics?.Add(line with { Conditions = _diagnosis.Active is { Count: > 0 } active ? [.. active.Select(c => c.Key())] : null });
        if (_tensorboard is not null) Write(_folder.Tensorboard, () => _tensorboard.Add(Last));
        _observer.Progress(Last);
        foreach (var change in changes) _observer.Diagnosed(new(change.Step, change.Condition, change.Begins));
    }

    /// <summary>Waits for the device.</summary>
    /// <exception cref="TrainingException">A loss since the last log line was not finite.</exception>
    public void RequireFinite()
    {
        if (_history.Count > 0) _history.Read();
    }

    /// <summary>Draws a grid from the latents that all grids come from.</summary>
    public void Sample(Module<Tensor, Tensor> generator)
    {
        if (_options.SampleEvery == 0) return;
        Pause(() =>
        {
            var images = _grid!.Draw(generator);
            var path = _folder.Sample(_step);
            Write(path, () => Pictures.SaveGrid(images, path, _grid.Columns));
            if (_tensorboard is not null) Write(_folder.Tensorboard, () => _tensorboard.Add(_step, path));
            _observer.Sampled(new(_step, path));
            return path;
        });
    }

    /// <summary>Makes the animation of all grids so far that have the last one's size.</summary>
    public void Finish()
    {
        if (!_processes.IsFirst) return;
        var grids = _folder.SampleGrids();
        if (grids.Count == 0) return;
        Write(_folder.Evolution, () =>
        {
            // Grids of another count of images, from before the training went on, do not fit into the animation.
            var last = SixLabors.ImageSharp.Image.Identify(grids[^1].Path);
            string[] frames = [.. grids.Select(grid => grid.Path).Where(path =>
                SixLabors.ImageSharp.Image.Identify(path) is { } frame && (frame.Width, frame.Height) == (last.Width, last.Height))];
            Animation.Save(frames, _folder.Evolution);
        });
    }

    /// <summary>
    /// Does something in the first process that is not training, while training's clock stands still and the others wait.
    /// </summary>
    /// <returns>Nothing in the others.</returns>
    public T? Pause<T>(Func<T> other)
    {
        _training.Stop();
        var result = _processes.IsFirst ? other() : default;
        _processes.Meet();
        _training.Start();
        return result;
    }

    private void Write(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write '{what}' at step {_step}; the last checkpoint is kept. {e.Message}", e);
        }
    }

    private void DropLater(long step)
    {
        foreach (var grid in _folder.SampleGrids().Where(grid => grid.Step > step)) File.Delete(grid.Path);
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _history.Dispose();
    }
}
