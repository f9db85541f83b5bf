using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace GanPipeline.Training.Tests;

/// <summary>
/// TorchSharp frees the numbers in operations by finalizers that do not wait for the operation: a training that lasts fails now and then
/// with "Unknown scalar type". So no finalizer runs within a step.
/// </summary>
public class FinalizerTests
{
    /// <summary>Under the pause finalizers come in bursts, about a second apart; without it after every collection.</summary>
    private const double MostMoments = 0.3;

    private sealed class Finalized(ConcurrentBag<long> moments)
    {
        ~Finalized() => moments.Add(Environment.TickCount64);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(ConcurrentBag<long> moments) => _ = new Finalized(moments);

    [Fact]
    public void Finalizers_wait_for_steps()
    {
        using var folder = new TemporaryFolder();
        var moments = new ConcurrentBag<long>();
        int made = 0, stop = 0;
        var collector = new Thread(() =>
        {
            while (Volatile.Read(ref stop) == 0)
            {
                Make(moments);
                GC.Collect(0);
                Interlocked.Increment(ref made);
                Thread.Sleep(5);
            }
        });
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        // Steps alone count, not what is before the first and behind the last.
        var told = new List<long>();
        var observer = new RecordingObserver { OnProgress = _ => told.Add(Environment.TickCount64) };
        var options = TrainingProcess.Options(folder["run"], 300) with { LogEvery = 100, SampleEvery = 1000, CheckpointEvery = 1000 };
        collector.Start();
        try
        {
            new Trainer(networks, source, options, observer).Run();
        }
        finally
        {
            Volatile.Write(ref stop, 1);
            collector.Join();
        }
        Assert.InRange(made, 20, int.MaxValue);
        var (started, elapsed) = (told[0], told[^1] - told[0]);
        var bursts = moments.Where(moment => moment >= told[0] && moment <= told[^1]).Select(moment => (moment - started) / 20).Distinct()
            .Count();
        Assert.True(bursts < MostMoments * elapsed / 20, $"finalizers ran in {bursts} of {elapsed / 20} intervals; {made} were made");
    }
}
