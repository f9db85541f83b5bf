namespace GanPipeline.Jobs;

/// <summary>A file of all images of a shard, one behind the other, and where there are labels one of those.</summary>
/// <param name="imageSize">Bytes of an image.</param>
/// <param name="images">With its header written.</param>
/// <param name="labels">Likewise; or null.</param>
internal abstract class ArrayShard(int imageSize, HashingFile images, HashingFile? labels) : ShardWriter<SampleBatch>
{
    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        images.Write(batch.Pixels.AsSpan(0, batch.Count * imageSize));
        if (labels is not null) AddLabels(batch, labels);
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        List<(string, string)> files = [(images.Name, images.Complete())];
        if (labels is not null) files.Add((labels.Name, labels.Complete()));
        return files;
    }

    public override void Dispose()
    {
        images.Abandon();
        images.Dispose();
        labels?.Abandon();
        labels?.Dispose();
    }

    /// <summary>Writes the labels of a batch.</summary>
    protected abstract void AddLabels(SampleBatch batch, HashingFile file);
}
