using System.Runtime.CompilerServices;

namespace GanPipeline.Export.Tests;

/// <summary>The process of these tests runs no finalizers, which would free arguments of TorchSharp's operations.</summary>
public class TensorScopesTests
{
    private static int _finalized;

    private sealed class Finalized
    {
        ~Finalized() => Interlocked.Increment(ref _finalized);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make() => _ = new Finalized();

    [Fact]
    public void No_finalizer_runs_here()
    {
        for (var i = 0; i < 5; i++)
        {
            Make();
            GC.Collect();
            Thread.Sleep(20);
        }
        Assert.Equal(0, Volatile.Read(ref _finalized));
    }
}
