using System.Buffers.Binary;

namespace GanPipeline.Generation;

/// <summary>MNIST's files: bytes behind a header of sizes, the most significant byte first.</summary>
internal sealed class IdxShard : ShardWriter
{
    private const int MostClasses = 256;

    // Of unsigned bytes; the last byte is the number of axes.
    private const int Magic = 0x0800;

    private readonly SampleForm _form;
    private readonly HashingFile _images;
    private readonly HashingFile? _labels;

    public IdxShard(string folder, ShardRange shard, SampleForm form)
    {
        _form = form;
        int[] axes = form.Channels == 1 ? [shard.Count, form.Height, form.Width] : [shard.Count, form.Height, form.Width, form.Channels];
        _images = File(folder, $"{shard.Name}-images-idx{axes.Length}-ubyte", axes);
        if (form.Class is { Values.Count: <= MostClasses }) _labels = File(folder, shard.Name + "-labels-idx1-ubyte", [shard.Count]);
    }

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        _images.Write(batch.Pixels.AsSpan(0, batch.Range.Count * _form.ImageSize));
        if (_labels is null) return;
        Span<byte> label = stackalloc byte[1];
        for (var i = 0; i < batch.Range.Count; i++)
        {
            label[0] = (byte)_form.ClassOf(batch, i);
            _labels.Write(label);
        }
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

    private static HashingFile File(string folder, string name, int[] axes)
    {
        var file = new HashingFile(folder, name);
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (var value in axes.Prepend(Magic | axes.Length))
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            file.Write(number);
        }
        return file;
    }
}
