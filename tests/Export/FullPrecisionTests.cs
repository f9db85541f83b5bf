using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>TensorFloat-32 is off while a network is exported, and afterwards as it was.</summary>
[Collection(Alone.Name)]
public sealed class FullPrecisionTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void It_is_off_until_the_last_has_ended(bool matmul, bool convolution)
    {
        using var settings = new Settings(matmul, convolution);
        var first = FullPrecision.Take();
        var second = FullPrecision.Take();
        Assert.Equal((false, false), Settings.Current);
        first.Dispose();
        first.Dispose(); // Counts once.
        Assert.Equal((false, false), Settings.Current);
        second.Dispose();
        Assert.Equal((matmul, convolution), Settings.Current);
    }

    /// <summary>
    /// Torch keeps each setting in two places, which threads that change it together leave in disagreement; from then on it refuses every
    /// question about it.
    /// </summary>
    /// <remarks>Without a lock some of so many exports meet within a second.</remarks>
    [Fact]
    public async Task Exports_side_by_side_leave_it_as_it_was()
    {
        using var settings = new Settings(true, true);
        using var start = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            using var network = ReLU();
            start.SignalAndWait();
            for (var i = 0; i < 100_000; i++)
            {
                using var modes = new ModuleModes([network], ExportMode.Evaluation);
                Assert.Equal((false, false), Settings.Current);
            }
        }, TaskCreationOptions.LongRunning)));
        Assert.Equal((true, true), Settings.Current);
    }

    private sealed class Settings : IDisposable
    {
        private readonly (bool, bool) _before = Current;

        public Settings(bool matmul, bool convolution) => Current = (matmul, convolution);

        public static (bool Matmul, bool Convolution) Current
        {
            get => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
            set => (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = value;
        }

        public void Dispose() => Current = _before;
    }
}
