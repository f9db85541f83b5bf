using System.Diagnostics;
using System.Threading.Channels;
using GanPipeline.Inference;

namespace GanPipeline.Hosting;

/// <summary>
/// Requests in the order in which they came, and one thread that computes them: as many as wait, up to a batch, at once. So a request
/// that comes alone does not wait for others, and under load batches are full.
/// </summary>
internal sealed class RequestQueue : IAsyncDisposable
{
    private readonly GeneratorModel _model;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });
    private readonly float[] _latents, _labels, _images;
    private readonly List<(Request Request, int First, int Count)> _batch = [];
    private readonly int _batchSize;
    private readonly Task _work;
    private int _waiting;

    public RequestQueue(GeneratorModel model, int batchSize)
    {
        (_model, _batchSize) = (model, batchSize);
        _latents = new float[checked(batchSize * model.LatentSize)];
        _labels = new float[checked(batchSize * model.LabelSize)];
        _images = new float[checked(batchSize * model.ImageSize)];
        _work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Images that wait or are computed.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Adds a request, where no more than so many images wait with it.</summary>
    /// <exception cref="ObjectDisposedException">The queue takes no more.</exception>
    public bool TryAdd(Request request, int limit)
    {
        var count = request.Images.Count;
        if (Interlocked.Add(ref _waiting, count) > limit)
        {
            Interlocked.Add(ref _waiting, -count);
            return false;
        }
        GeneratorMetrics.Waits(count);
        if (_requests.Writer.TryWrite(request)) return true;
        Leave(count);
        throw new ObjectDisposedException(nameof(GeneratorService));
    }

    /// <summary>Takes no more, and ends when all that wait are computed.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _work.ConfigureAwait(false);
    }

    private void Work()
    {
        // The thread is the queue's own, and may wait.
        while (_requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var count = Gather();
            if (count > 0) Compute(count);
        }
    }

    /// <summary>Takes what waits, up to a batch.</summary>
    /// <returns>How many images.</returns>
    private int Gather()
    {
        _batch.Clear();
        var count = 0;
        while (count < _batchSize && _requests.Reader.TryPeek(out var request))
        {
            if (request.IsOver)
            {
                Leave(request.Left);
                _requests.Reader.TryRead(out _);
                continue;
            }
            var taken = Math.Min(_batchSize - count, request.Left);
            Copy(request.Latents, request.Taken, _latents, count, taken, _model.LatentSize);
            Copy(request.Labels, request.Taken, _labels, count, taken, _model.LabelSize);
            _batch.Add((request, request.Taken, taken));
            request.Taken += taken;
            count += taken;
            if (request.Left == 0) _requests.Reader.TryRead(out _);
        }
        return count;
    }

    private void Compute(int count)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var activity = GeneratorMetrics.Start(count, _batch.Count);
            _model.Generate(_latents.AsSpan(0, count * _model.LatentSize), _labels.AsSpan(0, count * _model.LabelSize),
                _images.AsSpan(0, count * _model.ImageSize));
            GeneratorMetrics.Computed(count, Stopwatch.GetElapsedTime(started));
            var at = 0;
            foreach (var (request, first, taken) in _batch)
            {
                _images.AsSpan(at * _model.ImageSize, taken * _model.ImageSize)
                    .CopyTo(request.Images.Values.AsSpan(first * _model.ImageSize));
                at += taken;
                Leave(taken);
                if (request.Left == 0) request.Complete();
            }
        }
        // Whoever waits for the batch is told, and the queue goes on.
        catch (Exception e)
        {
            GeneratorMetrics.Failed(count);
            foreach (var (request, _, taken) in _batch)
            {
                Leave(taken);
                request.Fail(e);
            }
        }
    }

    private void Leave(int count)
    {
        Interlocked.Add(ref _waiting, -count);
        GeneratorMetrics.Waits(-count);
    }

    private static void Copy(float[] from, int fromRow, float[] to, int toRow, int rows, int size) =>
        from.AsSpan(fromRow * size, rows * size).CopyTo(to.AsSpan(toRow * size));
}
