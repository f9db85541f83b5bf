namespace GanPipeline.Jobs;

/// <summary>The formats of images.</summary>
internal static class ImageShards
{
    /// <summary>A writer of a shard's files.</summary>
    /// <param name="format">How.</param>
    /// <param name="folder">Where.</param>
    /// <param name="shard">Which.</param>
    /// <param name="form">What its images have in common.</param>
    public static ShardWriter<SampleBatch> Writer(ImageShardFormat format, string folder, ShardRange shard, SampleForm form) =>
        format switch
        {
            ImageShardFormat.Png => new FolderShard(folder, shard, form, isJpeg: false),
            ImageShardFormat.Jpeg => new FolderShard(folder, shard, form, isJpeg: true),
            ImageShardFormat.Tar => new TarShard(folder, shard, form),
            ImageShardFormat.Npy => new NpyShard(folder, shard, form),
            ImageShardFormat.Npz => new NpzShard(folder, shard, form),
            ImageShardFormat.Idx => new IdxShard(folder, shard, form),
            ImageShardFormat.Parquet => new ParquetShard(folder, shard, form),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
        };
}
