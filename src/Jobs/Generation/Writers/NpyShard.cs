using System.Runtime.InteropServices;

namespace GanPipeline.Jobs;

/// <summary>NumPy arrays, one a file.</summary>
internal sealed class NpyShard(string folder, ShardRange shard, SampleForm form) : ArrayShard(
    form.ImageSize,
    File(folder, shard.Name + ".npy", NpyHeader.Of(NpyHeader.Bytes, shard.Count, form.Height, form.Width, form.Channels)),
    form.LabelSize == 0 ? null : File(folder, shard.Name + "-labels.npy", NpyHeader.Of(NpyHeader.Float32, shard.Count, form.LabelSize)))
{
    protected override void AddLabels(SampleBatch batch, HashingFile file) => file.Write(MemoryMarshal.AsBytes(batch.Labels.AsSpan()));

    private static HashingFile File(string folder, string name, byte[] header)
    {
        var file = new HashingFile(folder, name);
        file.Write(header);
        return file;
    }
}
