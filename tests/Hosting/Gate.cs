using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace GanPipeline.Hosting.Tests;

/// <summary>Listens to the sizes of batches, and holds whoever computes them up behind the first one until it is opened.</summary>
internal sealed class Gate : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim _open = new();
    private readonly MeterListener _listener;

    public Gate()
    {
        _listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == GeneratorMetrics.Name && instrument.Name == "gan.batch.size")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            Sizes.Enqueue(size);
            Assert.True(_open.Wait(_patience));
        });
        _listener.Start();
    }

    public ConcurrentQueue<int> Sizes { get; } = [];

    public void Open() => _open.Set();

    /// <summary>Waits until the first batch has come.</summary>
    public async Task Arrival()
    {
        using var late = new CancellationTokenSource(_patience);
        while (Sizes.IsEmpty) await Task.Delay(1, late.Token);
    }

    public void Dispose()
    {
        _open.Set();
        _listener.Dispose();
        _open.Dispose();
    }
}
