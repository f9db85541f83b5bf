using System.Buffers;
using System.Collections.Concurrent;

namespace GanPipeline.Data;

/// <summary>
/// Batches in the order of training, prepared ahead by worker threads. The batch of step n depends on the data, the seed and n alone, not
/// on the first step of the run or on the number of workers. Each epoch is a permutation of the data by (seed, epoch). Epochs follow each
/// other without a gap: a batch may hold the end of one and the beginning of the next.
/// </summary>
/// <remarks>
/// A picture that cannot be used is replaced by another, chosen by hash. The source is not disposed. Only one thread may call
/// <see cref="Next"/>. Any thread may dispose batches.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    // If fewer than one picture in a few hundred is usable, the data set is not what the user thinks it is.
    private const int MostReplacements = 1000;

    private readonly IImageSource _source;
    private readonly BatchLoaderOptions _options;
    private readonly BlockingCollection<(long Step, TaskCompletionSource<PixelBatch> Result)> _orders = [];
    private readonly Queue<Task<PixelBatch>> _ahead = new();
    private readonly ConcurrentBag<PixelBatch> _pool = [];
    private readonly Thread[] _workers;
    private readonly (ResizeFilter Across, ResizeFilter Down)? _jitter;
    private long _nextOrder;
    private volatile bool _disposed;

    /// <summary>Starts preparing batches from <see cref="BatchLoaderOptions.FirstStep"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Both a random crop and jitter are asked for.</exception>
    /// <exception cref="DataSetException">
    /// Pictures are to be mirrored, but a label changes with mirroring; captions are asked for, but there are none.
    /// </exception>
    public BatchLoader(IImageSource source, BatchLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parts, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.Part, options.Parts);
        if (options.BatchSize % options.Parts != 0)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"A batch of {options.BatchSize} pictures has no {options.Parts} parts of one size.");
        ArgumentOutOfRangeException.ThrowIfNegative(options.FirstStep);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Workers);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Prefetch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CacheBytes);

        ArgumentOutOfRangeException.ThrowIfNegative(options.RandomCrop);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.RandomCrop, Math.Min(source.Shape.Width, source.Shape.Height));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Jitter, Math.Min(source.Shape.Width, source.Shape.Height));
        if (options.Jitter > 0 && options.RandomCrop > 0)
            throw new ArgumentException("Jitter cuts a window of each picture already: leave out the random crop, or the jitter.",
                nameof(options));
        if (options.Flip && options.Labels?.Fields.FirstOrDefault(f => !f.SurvivesMirroring) is { } changed)
            throw new DataSetException($"Pictures cannot be mirrored (flip) while their {changed.Name} is among the labels, because " +
                "mirroring changes it.");

        if (options.Vocabulary is not null) source.RequireCaptions();

        _source = (long)source.Count * source.Shape.Size <= options.CacheBytes ? new PixelCache(source) : source;
        _options = options;
        if (options.Jitter > 0)
            _jitter = (Enlarging(source.Shape.Width, options.Jitter), Enlarging(source.Shape.Height, options.Jitter));
        _nextOrder = options.FirstStep;
        Order(options.Prefetch);

        var workers = options.Workers > 0 ? options.Workers : Math.Max(1, Environment.ProcessorCount - 1);
        _workers = [.. Enumerable.Range(0, Math.Min(workers, options.Prefetch))
            .Select(i => new Thread(Work) { IsBackground = true, Name = $"batch loader {i}" })];
        foreach (var worker in _workers) worker.Start();
    }

    /// <summary>The batch of the next step. Waits until the workers have prepared it.</summary>
    /// <param name="cancellationToken">Ends the waiting; the same batch is then the next one.</param>
    /// <exception cref="DataSetException">Too few pictures are usable.</exception>
    public PixelBatch Next(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var batch = _ahead.Peek();
        if (!batch.IsCompleted) Task.WaitAny([batch], cancellationToken);
        _ahead.Dequeue();
        Order(1);
        return batch.GetAwaiter().GetResult();
    }

    /// <summary>Stops the workers. Waits until each has finished its current picture.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _orders.CompleteAdding();
        foreach (var worker in _workers) worker.Join();
        _orders.Dispose();
    }

    private void Order(int count)
    {
        for (; count > 0; count--)
        {
            var result = new TaskCompletionSource<PixelBatch>(TaskCreationOptions.RunContinuationsAsynchronously);
            _ahead.Enqueue(result.Task);
            _orders.Add((_nextOrder++, result));
        }
    }

    private void Work()
    {
        foreach (var (step, result) in _orders.GetConsumingEnumerable())
        {
            if (_disposed)
            {
                result.TrySetCanceled();
                continue;
            }
            try { result.SetResult(Prepare(step)); }
            catch (Exception e) { result.SetException(e); } // Next() throws it on the caller's thread.
        }
    }

    private PixelBatch Prepare(long step)
    {
        var count = _options.BatchSize / _options.Parts;
        if (!_pool.TryTake(out var batch)) batch = new PixelBatch(count, _source.Shape.Size, _options.Labels?.Size ?? 0,
            _options.Vocabulary?.Length ?? 0);
        batch.OnDispose(_pool.Add);
        var first = checked(step * _options.BatchSize + (long)_options.Part * count);
        var epoch = first / _source.Count;
        (batch.Step, batch.Epoch) = (step, epoch);

        var order = new Permutation(_options.Seed, epoch, _source.Count);
        var values = new float[_source.Attributes.Count];
        for (var i = 0; i < count && !_disposed; i++)
        {
            var place = first + i;
            if (place / _source.Count != epoch) order = new Permutation(_options.Seed, epoch = place / _source.Count, _source.Count);
            var index = order.At((int)(place % _source.Count));
            var pixels = batch.Pixels.AsSpan(i * _source.Shape.Size, _source.Shape.Size);
            var read = ReadUsable(index, epoch, pixels);
            batch.Labels[i] = _source.Label(read);
            if (_options.Labels is { } labels)
            {
                _source.ReadAttributes(read, values);
                labels.Encode(values, batch.LabelVectors.AsSpan(i * labels.Size, labels.Size));
            }
            batch.CaptionGroups[i] = _source.CaptionGroup(read);
            if (_options.Vocabulary is { } words)
                words.Encode(_source.DrawCaption(read, _options.Seed, epoch), batch.Texts.AsSpan(i * words.Length, words.Length));
            Augment(pixels, epoch, index);
        }
        return batch;
    }

    private int ReadUsable(int index, long epoch, Span<byte> pixels)
    {
        var replacement = index;
        for (var attempt = 0; attempt <= MostReplacements; attempt++)
        {
            if (_source.TryRead(replacement, pixels)) return replacement;
            replacement = Hashing.Below(Hashing.Combine((long)Hashing.Combine(_options.Seed, epoch, index), attempt), _source.Count);
        }
        throw new DataSetException(
            $"In {_source.Name}, {MostReplacements + 1} pictures in a row could not be used" +
            (_source.SkippedImages is [var example, ..] ? $"; for example {example.File}: {example.Reason}." : "."));
    }

    private void Augment(Span<byte> pixels, long epoch, int index)
    {
        var shape = _source.Shape;
        if (_options.Flip && Hashing.Combine(_options.Seed ^ 0x464C4950, epoch, index) % 2 == 0) Augmentation.Mirror(pixels, shape.Width);
        if (_options.RandomCrop == 0 && _jitter is null) return;
        var hash = (long)Hashing.Combine(_options.Seed ^ 0x43524F50, epoch, index);
        var copy = ArrayPool<byte>.Shared.Rent(shape.Size);
        if (_jitter is var (across, down))
            Augmentation.Jitter(pixels, across, down, shape.Width, shape.Height, Place(hash, 0), Place(hash, 1), copy);
        else
            Augmentation.Window(pixels, shape.Width, shape.Height, Offset(hash, 0), Offset(hash, 1), copy);
        ArrayPool<byte>.Shared.Return(copy);
    }

    private static ResizeFilter Enlarging(int length, int by) => new(0, length, length + by);

    private int Place(long hash, long axis) => Hashing.Below(Hashing.Combine(hash, axis), _options.Jitter + 1);

    private int Offset(long hash, long axis) =>
        Hashing.Below(Hashing.Combine(hash, axis), 2 * _options.RandomCrop + 1) - _options.RandomCrop;
}
