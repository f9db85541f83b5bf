using System.Buffers.Binary;

namespace GanPipeline.Jobs;

/// <summary>MNIST's files: bytes behind a header of sizes, the most significant byte first.</summary>
internal sealed class IdxShard(string folder, ShardRange shard, SampleForm form) : ArrayShard(
    form.ImageSize,
    form.Channels == 1
        ? File(folder, shard.Name + "-images", shard.Count, form.Height, form.Width)
        : File(folder, shard.Name + "-images", shard.Count, form.Height, form.Width, form.Channels),
    form.Class is { Values.Count: <= MostClasses } ? File(folder, shard.Name + "-labels", shard.Count) : null)
{
    private const int MostClasses = 256;

    // Of unsigned bytes; the last byte is the number of axes.
    private const int Magic = 0x0800;

    private readonly SampleForm _form = form;

    protected override void AddLabels(SampleBatch batch, HashingFile file)
    {
        Span<byte> label = stackalloc byte[1];
        for (var i = 0; i < batch.Count; i++)
        {
            label[0] = (byte)_form.ClassOf(batch, i);
            file.Write(label);
        }
    }

    private static HashingFile File(string folder, string name, params int[] axes)
    {
        var file = new HashingFile(folder, FormattableString.Invariant($"{name}-idx{axes.Length}-ubyte"));
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (var value in axes.Prepend(Magic | axes.Length))
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            file.Write(number);
        }
        return file;
    }
}
