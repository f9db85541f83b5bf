namespace GanPipeline.Jobs;

/// <summary>What a job does for each shard and batch; <see cref="Production{TInput, TBatch}"/> brings the steps together.</summary>
/// <typeparam name="TInput">What the network takes of a batch.</typeparam>
/// <typeparam name="TBatch">What it makes of it.</typeparam>
internal interface IWork<TInput, TBatch>
{
    /// <summary>A shard's batches, in order, counted from the shard's beginning.</summary>
    IEnumerable<BatchRange> Batches(ShardRange shard);

    /// <summary>A writer of a shard's files.</summary>
    ShardWriter<TBatch> Writer(ShardRange shard);

    /// <summary>Reads or draws what the network takes, while it works on the batch before.</summary>
    TInput Prepare(BatchRange range);

    /// <summary>Runs the network.</summary>
    TBatch Run(BatchRange range, TInput input);
}
