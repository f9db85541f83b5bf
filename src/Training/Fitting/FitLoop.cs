using System.Diagnostics;
using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The steps of a training by one optimiser: their batches, log lines and checkpoints.</summary>
/// <param name="options">How it is trained.</param>
/// <param name="steps">Steps of the whole training.</param>
/// <param name="identity">What it is, for the folder.</param>
/// <param name="folder">The training's; null keeps nothing.</param>
/// <param name="device">Where the steps are computed.</param>
internal sealed class FitLoop(FitOptions options, long steps, TrainingIdentity identity, TrainingFolder? folder, Device device)
{
    /// <summary>Runs the steps that are left.</summary>
    /// <param name="what">What is trained, for messages.</param>
    /// <param name="checkpoints">Keeps the state; null keeps none.</param>
    /// <param name="source">The training pictures.</param>
    /// <param name="batches">How they are loaded; the first step is set here.</param>
    /// <param name="step">Makes a step of a batch and its number, and gives its loss and accuracy, float32 [2].</param>
    /// <param name="trial">Makes a step by another optimiser, of random images, where the number of threads is chosen.</param>
    /// <param name="state">What such a step changes.</param>
    /// <param name="progress">Is told of each log line; may be null.</param>
    /// <param name="resumed">Is told the steps that an interrupted training had done, before the first one of this; may be null.</param>
    /// <param name="stop">Ends the training after the step in hand.</param>
    /// <returns>The steps done before and after, and the time spent, before an interruption too.</returns>
    /// <exception cref="TrainingException">The loss is not finite any more, or the folder cannot be written.</exception>
    public (long First, long Step, TimeSpan Elapsed) Run(string what, FitCheckpoints? checkpoints, IImageSource source,
        BatchLoaderOptions batches, Func<PixelBatch, long, Tensor> step, Action trial, Func<IEnumerable<Tensor>> state,
        Action<FitProgress>? progress, Action<long>? resumed, CancellationToken stop)
    {
        var (first, before, kept) = checkpoints?.Resume() ?? (0, 0, null);
        var threads = ThreadChoice.Make(options.Threads, kept, device, new StepTrial(device, state), trial).Threads;
        folder?.WriteIdentity(identity);
        using var metrics = folder?.OpenMetrics<FitMetrics>(first);
        if (first > 0) resumed?.Invoke(first);
        var clock = Stopwatch.StartNew();
        using var finalizers = new FinalizerPause();
        using var loader = new BatchLoader(source, batches with { FirstStep = first });
        using var sums = zeros(2, dtype: float32, device: device).DetachFromDisposeScope();
        var (done, logged, loggedAt, saved) = (first, first, TimeSpan.Zero, first);

        while (done < steps && !stop.IsCancellationRequested)
        {
            finalizers.Hold();
            using (NewDisposeScope())
            {
                using var batch = loader.Next(CancellationToken.None); // A step that has begun is finished, and saved.
                sums.add_(step(batch, done));
            }
            done++;
            if (done % options.LogEvery == 0 || done == steps) Log();
            if (done % options.CheckpointEvery == 0) Save();
        }
        if (saved != done) Save();
        return (first, done, TimeSpan.FromSeconds(before) + clock.Elapsed);

        void Log()
        {
            var averages = Averages(sums, done - logged);
            var line = new FitProgress(done, steps, averages[0], averages[1],
                (done - logged) * batches.BatchSize / (clock.Elapsed - loggedAt).TotalSeconds,
                TimeSpan.FromSeconds(before) + clock.Elapsed, clock.Elapsed / (done - first) * (steps - done));
            finalizers.Release();
            if (!double.IsFinite(line.Loss)) throw Divergence.Of($"the {what}'s loss became {line.Loss} before step {done}");
            metrics?.Add(new()
            {
                Step = done,
                Loss = line.Loss,
                Accuracy = line.Accuracy,
                ImagesPerSecond = Math.Round(line.ImagesPerSecond, 1),
                Seconds = Math.Round(line.Elapsed.TotalSeconds, 3),
            });
            progress?.Invoke(line);
            (logged, loggedAt) = (done, clock.Elapsed);
            sums.zero_();
        }

        void Save()
        {
            checkpoints?.Save(done, before + clock.Elapsed.TotalSeconds, threads);
            saved = done;
        }
    }

    private static float[] Averages(Tensor sums, long count)
    {
        using var scope = NewDisposeScope();
        return (sums / (float)count).cpu().data<float>().ToArray();
    }
}
