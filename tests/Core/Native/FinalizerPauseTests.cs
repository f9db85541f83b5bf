using System.Runtime.CompilerServices;

namespace GanPipeline.Core.Tests;

/// <summary>Finalizers wait while a pause is held, run when it is not, and run between steps where several are held.</summary>
public class FinalizerPauseTests
{
    private sealed class Finalized(StrongBox<int> count)
    {
        ~Finalized() => Interlocked.Increment(ref count.Value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(StrongBox<int> count) => _ = new Finalized(count);

    private static void Collect(StrongBox<int> count)
    {
        Make(count);
        GC.Collect();
    }

    private static bool Reaches(StrongBox<int> count, int expected)
    {
        // Only for what comes: a failure takes this long.
        for (var i = 0; i < 1000 && Volatile.Read(ref count.Value) < expected; i++) Thread.Sleep(10);
        return Volatile.Read(ref count.Value) >= expected;
    }

    [Fact]
    public void They_wait_while_it_is_held()
    {
        var count = new StrongBox<int>();
        using (var pause = new FinalizerPause())
        {
            pause.Hold();
            for (var i = 0; i < 5; i++) Collect(count);
            Thread.Sleep(100);
            Assert.Equal(0, Volatile.Read(ref count.Value));
            pause.Release();
            Assert.True(Reaches(count, 5));
            // Held again, and again between steps: after a second those that wait have their turn.
            pause.Hold();
            Collect(count);
            Thread.Sleep(1100);
            Assert.Equal(5, Volatile.Read(ref count.Value));
            pause.Hold();
            Assert.True(Reaches(count, 6));
        }
        Collect(count);
        Assert.True(Reaches(count, 7));
    }

    [Fact]
    public void Who_waits_for_finalizers_under_a_pause_does_not_wait_for_ever()
    {
        var count = new StrongBox<int>();
        using (var pause = new FinalizerPause())
        {
            pause.Hold();
            for (var i = 0; i < 5; i++) Collect(count);
            // As TorchSharp does where there is no memory for a tensor.
            GC.WaitForPendingFinalizers();
            Assert.True(Reaches(count, 5));
            // The pause goes on with its next step.
            pause.Hold();
            Collect(count);
            Thread.Sleep(100);
            Assert.Equal(5, Volatile.Read(ref count.Value));
        }
        Assert.True(Reaches(count, 6));
    }

    [Fact]
    public void Several_pauses_are_in_effect_together()
    {
        var count = new StrongBox<int>();
        var inSteps = 0;
        var wrong = 0;
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            using var pause = new FinalizerPause();
            while (!stop.IsCancellationRequested)
            {
                pause.Hold();
                Interlocked.Increment(ref inSteps);
                var before = Volatile.Read(ref count.Value);
                Thread.Sleep(5);
                // Nothing was finalized while this thread was in its step.
                if (Volatile.Read(ref count.Value) != before) Interlocked.Increment(ref wrong);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        while (Volatile.Read(ref inSteps) < 10) Thread.Sleep(1);
        for (var i = 0; i < 20; i++) Collect(count);
        // The pauses let them run by themselves.
        Assert.True(Reaches(count, 20));
        stop.Cancel();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(0, wrong);
        Collect(count);
        Assert.True(Reaches(count, 21));
    }
}
