namespace GanPipeline.Jobs;

/// <summary>
/// Writes one shard. Batches are encoded on any thread, in any order, and added one after the other in the order of their places.
/// Nothing has a final name before <see cref="Complete"/>; disposal removes what was not completed.
/// </summary>
/// <typeparam name="TBatch">What the network made of a batch.</typeparam>
internal abstract class ShardWriter<TBatch> : IDisposable
{
    /// <summary>What takes time and no order; by default nothing.</summary>
    /// <returns>Whatever <see cref="Add"/> takes, as a file's content for each image.</returns>
    public virtual byte[][] Encode(TBatch batch) => [];

    /// <summary>Adds the next batch.</summary>
    public abstract void Add(TBatch batch, byte[][] encoded);

    /// <summary>Gives the files their names.</summary>
    /// <returns>By name, within the job's folder: SHA-256.</returns>
    public abstract IReadOnlyList<(string Name, string Hash)> Complete();

    public abstract void Dispose();
}
