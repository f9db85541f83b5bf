using System.Diagnostics;
using GanPipeline.Data;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>What a pipeline's training costs on this machine, from a few of its steps that leave nothing behind.</summary>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="FirstStep">Steps that the run's folder holds already.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Images">Training images.</param>
/// <param name="Shape">Their shape.</param>
/// <param name="MeasuredSteps">Steps that were timed.</param>
/// <param name="SecondsPerStep">The median of them.</param>
/// <param name="PeakBytes">The most memory that the process had, everything included; on a GPU, its own memory is not in it.</param>
/// <param name="AvailableBytes">What the process may have: the machine's memory, or a container's share of it.</param>
internal sealed record Trial(
    string Device,
    long FirstStep,
    long Steps,
    int Images,
    ImageShape Shape,
    int MeasuredSteps,
    double SecondsPerStep,
    long PeakBytes,
    long AvailableBytes)
{
    private const int LeastSteps = 3;
    private static readonly TimeSpan _enough = TimeSpan.FromSeconds(5);

    /// <summary>The rest of the training. Samples, checkpoints and evaluations come on top.</summary>
    public double SecondsLeft => SecondsPerStep * Math.Max(0, Steps - FirstStep);

    /// <summary>Trains a few steps from the first, in a folder of its own that is deleted.</summary>
    /// <exception cref="TrainingException">A step cannot be done here, for want of memory for example.</exception>
    public static Trial Run(RunContext run, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("gan-trial-");
        try
        {
            return run.Options.Kind switch
            {
                PipelineOptions.Classifier => OfClassifier(run, stop),
                PipelineOptions.TextEncoder => OfTextEncoder(run, stop),
                _ => OfGan(run, folder.FullName, stop),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Trial OfGan(RunContext run, string folder, CancellationToken stop)
    {
        var source = run.Source("train");
        // More steps than a trial takes, a log line each, and nothing else that takes time.
        var training = Adapters.Training(run.Options, folder, run.Labels) with
        {
            Steps = int.MaxValue, LogEvery = 1, SampleEvery = int.MaxValue, CheckpointEvery = int.MaxValue,
            EvaluateEvery = 0, DiagnoseEvery = 0, From = "",
        };
        using var networks = Architectures.Create(run.Architecture, run.Options.Train.Seed);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var clock = new StepClock(enough);
        Trainer trainer;
        try { trainer = new Trainer(networks, source, training, clock, textEncoder: run.Texts); }
        catch (ArgumentException e) { throw new RequestException($"{run.Options.Name}: this training cannot run: {e.Message}", e); }
        var result = trainer.Run(enough.Token);
        stop.ThrowIfCancellationRequested();
        return clock.Trial(run, source, run.Options.Train.Steps, result.Device);
    }

    private static Trial OfClassifier(RunContext run, CancellationToken stop)
    {
        var source = run.Source("train");
        var options = Adapters.ClassifierTraining(run.Options, run.Folder.Train);
        var steps = ClassifierTrainer.Steps(options, source.Count);
        using var classifier = Classifier.Create(Adapters.Classifier(run.Options, source), run.Options.Train.Seed);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var clock = new StepClock(enough);
        // The last step would be followed by a measurement on all held-out images.
        new ClassifierTrainer(classifier, options with { Folder = null, LogEvery = 1, Epochs = options.Epochs + 100 })
            .Run(source, run.Source("test"), _ => clock.Tick(), stop: enough.Token);
        stop.ThrowIfCancellationRequested();
        return clock.Trial(run, source, steps, options.Device == "cuda" ? "cuda" : "cpu");
    }

    private static Trial OfTextEncoder(RunContext run, CancellationToken stop)
    {
        var source = run.Source("train");
        var options = Adapters.TextEncoderTraining(run);
        using var encoder = TextEncoder.Create(Adapters.TextEncoder(run), options.Seed);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var clock = new StepClock(enough);
        new TextEncoderTrainer(encoder, options with { Folder = null, LogEvery = 1, Epochs = options.Epochs + 100 })
            .Run(source, _ => clock.Tick(), stop: enough.Token);
        stop.ThrowIfCancellationRequested();
        return clock.Trial(run, source, TextEncoderTrainer.Steps(options, source.Count), options.Device == "cuda" ? "cuda" : "cpu");
    }

    /// <summary>Times steps, and ends the training when there are enough of them.</summary>
    private sealed class StepClock(CancellationTokenSource enough) : ITrainingObserver
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly List<double> _ends = [];

        public void Progress(TrainingProgress progress) => Tick();

        public void Tick()
        {
            _ends.Add(_watch.Elapsed.TotalSeconds);
            if (_ends.Count > LeastSteps && _ends[^1] - _ends[0] > _enough.TotalSeconds) enough.Cancel();
        }

        public Trial Trial(RunContext run, IImageSource source, long steps, string device)
        {
            // The first step compiles and allocates.
            double[] seconds = [.. _ends.Zip(_ends.Skip(1), (a, b) => b - a).Order()];
            return new(device, run.Request.TrainsAnew ? 0 : run.Folder.Training.LastStep ?? 0, steps, source.Count, source.Shape,
                seconds.Length, seconds[seconds.Length / 2], Process.GetCurrentProcess().PeakWorkingSet64,
                GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }
    }
}
