using System.Threading.Channels;

namespace GanPipeline.Generation;

/// <summary>
/// The work on some shards, as a line of three: the network makes batches, one after the other; each is encoded on a thread of its own;
/// and they are written in the order in which they were made. A bounded number of them waits in between.
/// </summary>
/// <param name="job">What is made.</param>
/// <param name="folder">Where.</param>
/// <param name="form">What its images have in common.</param>
/// <param name="make">Runs the network.</param>
/// <param name="shards">Which shards.</param>
internal sealed class Production(
    JobManifest job, string folder, SampleForm form, Func<BatchRange, SampleBatch> make, IEnumerable<ShardRange> shards)
{
    // As many batches wait as keep all processors at work.
    private readonly Channel<Piece> _pieces = Channel.CreateBounded<Piece>(2 * Environment.ProcessorCount);
    private readonly List<OpenShard> _open = [];

    /// <summary>Does the work.</summary>
    /// <returns>The batches as they are written, and whether a shard became whole by them.</returns>
    public IEnumerable<(BatchRange Batch, bool IsLast)> Run(CancellationToken stop)
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
                    yield return (piece.Batch.Range, piece.IsLast);
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
        Task? pending = null;
        try
        {
            foreach (var range in shards)
            {
                if (OpenShard.TryEnter(folder, range, job.Format, form) is not { } shard) continue;
                _open.Add(shard);
                foreach (var batchRange in job.Batches(range))
                {
                    stop.ThrowIfCancellationRequested();
                    var batch = make(batchRange);
                    var encoded = Task.Run(() => shard.Encode(batch), CancellationToken.None);
                    pending = encoded;
                    var isLast = batchRange.Place + batchRange.Count == range.End;
                    await _pieces.Writer.WriteAsync(new Piece(shard, batch, encoded, isLast), stop).ConfigureAwait(false);
                }
            }
            _pieces.Writer.Complete();
        }
        catch (Exception e)
        {
            if (pending is not null) Settle(pending);
            _pieces.Writer.Complete(e);
        }
    }

    /// <summary>Waits for a task whose outcome is of no interest any more.</summary>
    private static void Settle(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();

    /// <param name="Shard">Where it goes.</param>
    /// <param name="Batch">What was generated.</param>
    /// <param name="Encoded">What becomes of it.</param>
    /// <param name="IsLast">Whether the shard is complete with it.</param>
    private sealed record Piece(OpenShard Shard, SampleBatch Batch, Task<byte[][]> Encoded, bool IsLast)
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
                throw new IOException($"Shard {Shard.Name} cannot be written: {e.Message.TrimEnd('.')}. What is whole stays; the job " +
                    "goes on when it is run again.", e);
            }
        }
    }
}
