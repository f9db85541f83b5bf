using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace GanPipeline.Jobs;

/// <summary>
/// The work on some shards, as a line of four: the network's input is prepared a batch ahead; the network makes batches, one after the
/// other; each is encoded on a thread of its own; and they are written in the order in which they were made. A bounded number of them
/// waits in between.
/// </summary>
/// <param name="folder">Where.</param>
/// <param name="work">What is done.</param>
/// <param name="shards">Which shards.</param>
internal sealed class Production<TInput, TBatch>(string folder, IWork<TInput, TBatch> work, IReadOnlyCollection<ShardRange> shards)
{
    // As many batches wait as keep all processors at work.
    private readonly Channel<Piece> _pieces = Channel.CreateBounded<Piece>(2 * Environment.ProcessorCount);
    private readonly List<OpenShard<TBatch>> _open = [];

    // What was begun and is not waited for yet.
    private Task _ahead = Task.CompletedTask, _encoding = Task.CompletedTask;

    /// <summary>Makes the shards that are not whole.</summary>
    /// <param name="progress">Is told how far it is, after each batch.</param>
    /// <param name="stop">Ends the work; whole shards stay.</param>
    public JobResult Run(Action<JobProgress>? progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        long total = 0, there = 0, kept = 0;
        foreach (var shard in shards)
        {
            total += shard.Count;
            if (!ShardRecord.Exists(folder, shard)) continue;
            there += shard.Count;
            kept++;
        }
        progress?.Invoke(new(there, total, 0));
        long made = 0, completed = 0;
        foreach (var (count, isLast) in Batches(stop))
        {
            made += count;
            if (isLast) completed++;
            progress?.Invoke(new(there + made, total, made / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }
        return new JobResult(made, completed, kept, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Does the work.</summary>
    /// <returns>The images of each batch as it is written, and whether a shard became whole by it.</returns>
    private IEnumerable<(int Count, bool IsLast)> Batches(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var producer = Task.Run(() => Produce(ended.Token), CancellationToken.None);
        var encoding = Task.CompletedTask;
        try
        {
            // Throws what the producer met, behind the last batch.
            while (_pieces.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            {
                while (_pieces.Reader.TryRead(out var piece))
                {
                    encoding = piece.Encoded;
                    // The network may be done already.
                    stop.ThrowIfCancellationRequested();
                    piece.Write();
                    yield return (piece.Count, piece.IsLast);
                }
            }
        }
        finally
        {
            // Nothing may write into a shard that is given up.
            ended.Cancel();
            producer.Wait(CancellationToken.None);
            Settle(encoding);
            while (_pieces.Reader.TryRead(out var piece)) Settle(piece.Encoded);
            foreach (var shard in _open) shard.Abandon();
        }
    }

    private async Task Produce(CancellationToken stop)
    {
        try
        {
            (OpenShard<TBatch> Shard, BatchRange Range, Task<TInput> Input)? next = null;
            using var ranges = Ranges().GetEnumerator();
            ExceptionDispatchInfo? refused;
            while (TryAdvance(ranges, out refused))
            {
                stop.ThrowIfCancellationRequested();
                var (shard, range) = ranges.Current;
                var input = Task.Run(() => work.Prepare(range), CancellationToken.None);
                _ahead = input;
                if (next is { } now) await Make(now.Shard, now.Range, await now.Input.ConfigureAwait(false), stop).ConfigureAwait(false);
                next = (shard, range, input);
            }
            // What was begun before is made, whatever is wrong with the next shard.
            if (next is { } last) await Make(last.Shard, last.Range, await last.Input.ConfigureAwait(false), stop).ConfigureAwait(false);
            refused?.Throw();
            _pieces.Writer.Complete();
        }
        catch (Exception e)
        {
            Settle(_ahead);
            Settle(_encoding);
            _pieces.Writer.Complete(e);
        }
    }

    /// <summary>The batches of the shards that are not whole, each with its shard, which is this process's from now on.</summary>
    private IEnumerable<(OpenShard<TBatch> Shard, BatchRange Range)> Ranges()
    {
        foreach (var range in shards)
        {
            if (OpenShard<TBatch>.TryEnter(folder, range, work.Writer) is not { } shard) continue;
            _open.Add(shard);
            foreach (var batch in work.Batches(range)) yield return (shard, batch);
        }
    }

    private static bool TryAdvance<T>(IEnumerator<T> items, out ExceptionDispatchInfo? error)
    {
        error = null;
        try
        {
            return items.MoveNext();
        }
        catch (Exception e)
        {
            error = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    private async Task Make(OpenShard<TBatch> shard, BatchRange range, TInput input, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var batch = work.Run(range, input);
        var encoded = Task.Run(() => shard.Encode(batch), CancellationToken.None);
        _encoding = encoded;
        var isLast = range.Place + range.Count == shard.Range.End;
        await _pieces.Writer.WriteAsync(new Piece(shard, range.Count, batch, encoded, isLast), stop).ConfigureAwait(false);
    }

    /// <summary>Waits for a task whose outcome is of no interest any more.</summary>
    private static void Settle(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();

    /// <param name="Shard">Where it goes.</param>
    /// <param name="Count">Its images.</param>
    /// <param name="Batch">What was made.</param>
    /// <param name="Encoded">What becomes of it.</param>
    /// <param name="IsLast">Whether the shard is complete with it.</param>
    private sealed record Piece(OpenShard<TBatch> Shard, int Count, TBatch Batch, Task<byte[][]> Encoded, bool IsLast)
    {
        /// <exception cref="IOException">It cannot be written; names the shard.</exception>
        public void Write()
        {
            try
            {
                Shard.Add(Batch, Encoded.GetAwaiter().GetResult());
                if (IsLast) Shard.Complete();
            }
            catch (IOException e)
            {
                throw OpenShard<TBatch>.Unwritten(Shard.Range, e);
            }
        }
    }
}
