namespace GanPipeline.Generation;

/// <summary>
/// Writes one shard. Batches are encoded on any thread, in any order, and added one after the other in the order of their places.
/// Nothing has a final name before <see cref="Complete"/>; disposal removes what was not completed.
/// </summary>
internal abstract class ShardWriter : IDisposable
{
    /// <summary>A writer of a shard's files.</summary>
    /// <param name="format">How.</param>
    /// <param name="folder">Where.</param>
    /// <param name="shard">Which.</param>
    /// <param name="form">What its images have in common.</param>
    public static ShardWriter Create(ShardFormat format, string folder, ShardRange shard, SampleForm form) => format switch
    {
        ShardFormat.Png => new FolderShard(folder, shard, form, isJpeg: false),
        ShardFormat.Jpeg => new FolderShard(folder, shard, form, isJpeg: true),
        ShardFormat.Tar => new TarShard(folder, shard, form),
        ShardFormat.Npy => new NpyShard(folder, shard, form),
        ShardFormat.Npz => new NpzShard(folder, shard, form),
        ShardFormat.Idx => new IdxShard(folder, shard, form),
        ShardFormat.Parquet => new ParquetShard(folder, shard, form),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
    };

    /// <summary>What takes time and no order; by default nothing.</summary>
    /// <returns>A file's content for each image, or whatever <see cref="Add"/> takes.</returns>
    public virtual byte[][] Encode(SampleBatch batch) => [];

    /// <summary>Adds the next batch.</summary>
    public abstract void Add(SampleBatch batch, byte[][] encoded);

    /// <summary>Gives the files their names.</summary>
    /// <returns>By name, within the job's folder: SHA-256.</returns>
    public abstract IReadOnlyList<(string Name, string Hash)> Complete();

    public abstract void Dispose();
}
