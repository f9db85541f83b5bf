using System.Diagnostics;
using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>A log interval of a <see cref="FitLoop"/>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Averages">What the steps of the interval gave, on average.</param>
/// <param name="ImagesPerSecond">Images trained on a second.</param>
/// <param name="Elapsed">Time spent so far, before an interruption too.</param>
/// <param name="Remaining">Time it will still take at the pace so far.</param>
internal sealed record FitInterval(long Step, float[] Averages, double ImagesPerSecond, TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>The steps of a training by one optimiser: their batches, log intervals and checkpoints.</summary>
internal sealed class FitLoop
{
    /// <summary>Steps of the whole training.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps between two intervals.</summary>
    public required int LogEvery { get; init; }

    /// <summary>Steps between two checkpoints.</summary>
    public required int CheckpointEvery { get; init; }

    /// <summary>Where the steps are computed.</summary>
    public required Device Device { get; init; }

    /// <summary>Runs the steps that are left.</summary>
    /// <param name="checkpoints">Keeps the state; null keeps none.</param>
    /// <param name="begin">Is told the steps done before the first one of this.</param>
    /// <param name="source">The training pictures.</param>
    /// <param name="batches">How they are loaded; the first step is set here.</param>
    /// <param name="step">Makes a step of a batch and its number, and gives two numbers of it, float32 [2].</param>
    /// <param name="log">Is told of each interval, and of the last one.</param>
    /// <param name="stop">Ends the training after the step in hand.</param>
    /// <returns>The steps done before and after, and the time spent, before an interruption too.</returns>
    public (long First, long Step, TimeSpan Elapsed) Run(FitCheckpoints? checkpoints, Action<long> begin, IImageSource source,
        BatchLoaderOptions batches, Func<PixelBatch, long, Tensor> step, Action<FitInterval> log, CancellationToken stop)
    {
        var (first, before) = checkpoints?.Resume() ?? (0, 0);
        begin(first);
        var clock = Stopwatch.StartNew();
        using var finalizers = new FinalizerPause();
        using var loader = new BatchLoader(source, batches with { FirstStep = first });
        using var sums = zeros(2, dtype: float32, device: Device).DetachFromDisposeScope();
        var (done, logged, loggedAt, saved) = (first, first, TimeSpan.Zero, first);

        while (done < Steps && !stop.IsCancellationRequested)
        {
            finalizers.Hold();
            using (NewDisposeScope())
            {
                using var batch = loader.Next(CancellationToken.None); // A step that has begun is finished, and saved.
                sums.add_(step(batch, done));
            }
            done++;
            if (done % LogEvery == 0 || done == Steps) Log();
            if (done % CheckpointEvery == 0) Save();
        }
        if (saved != done) Save();
        return (first, done, TimeSpan.FromSeconds(before) + clock.Elapsed);

        void Log()
        {
            var interval = new FitInterval(done, Averages(sums, done - logged),
                (done - logged) * batches.BatchSize / (clock.Elapsed - loggedAt).TotalSeconds,
                TimeSpan.FromSeconds(before) + clock.Elapsed, clock.Elapsed / (done - first) * (Steps - done));
            finalizers.Release();
            log(interval);
            (logged, loggedAt) = (done, clock.Elapsed);
            sums.zero_();
        }

        void Save()
        {
            checkpoints?.Save(done, before + clock.Elapsed.TotalSeconds);
            saved = done;
        }
    }

    private static float[] Averages(Tensor sums, long count)
    {
        using var scope = NewDisposeScope();
        return (sums / (float)count).cpu().data<float>().ToArray();
    }
}
