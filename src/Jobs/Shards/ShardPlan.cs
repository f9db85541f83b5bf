namespace GanPipeline.Jobs;

/// <summary>How a job's images are divided.</summary>
/// <param name="Total">Images of all shards.</param>
/// <param name="ShardSize">Images of a shard; the last one may have fewer.</param>
internal readonly record struct ShardPlan(long Total, int ShardSize)
{
    public long Shards => (Total + ShardSize - 1) / ShardSize;

    public ShardRange Shard(long number) => new(number, number * ShardSize, Math.Min((number + 1) * ShardSize, Total));

    /// <summary>The shards of a part.</summary>
    public IEnumerable<ShardRange> Of(JobPart part)
    {
        for (long number = 0; number < Shards; number++)
        {
            if (part.Has(number)) yield return Shard(number);
        }
    }
}
