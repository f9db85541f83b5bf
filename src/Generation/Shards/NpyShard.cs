using System.Runtime.InteropServices;

namespace GanPipeline.Generation;

/// <summary>NumPy arrays, one a file.</summary>
internal sealed class NpyShard : ShardWriter
{
    private readonly HashingFile _images;
    private readonly HashingFile? _labels;
    private readonly SampleForm _form;

    public NpyShard(string folder, ShardRange shard, SampleForm form)
    {
        _form = form;
        _images = new HashingFile(folder, shard.Name + ".npy");
        _images.Write(NpyHeader.Of("|u1", shard.Count, form.Height, form.Width, form.Channels));
        if (form.LabelSize == 0) return;
        _labels = new HashingFile(folder, shard.Name + "-labels.npy");
        _labels.Write(NpyHeader.Of("<f4", shard.Count, form.LabelSize));
    }

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        _images.Write(batch.Pixels.AsSpan(0, batch.Range.Count * _form.ImageSize));
        _labels?.Write(MemoryMarshal.AsBytes(batch.Labels.AsSpan()));
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        List<(string, string)> files = [(_images.Name, _images.Complete())];
        if (_labels is not null) files.Add((_labels.Name, _labels.Complete()));
        return files;
    }

    public override void Dispose()
    {
        _images.Dispose();
        _labels?.Dispose();
    }
}
