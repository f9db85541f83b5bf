using System.IO.Compression;
using System.Runtime.InteropServices;

namespace GanPipeline.Jobs;

/// <summary>NumPy arrays in one archive without compression.</summary>
internal sealed class NpzShard : ShardWriter<SampleBatch>
{
    // The first date that a zip knows: the same bytes whenever they are written.
    private static readonly DateTimeOffset _date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SampleForm _form;
    private readonly ShardRange _shard;
    private readonly HashingFile _file;
    private readonly ZipArchive _zip;
    private readonly Stream _images;

    // An archive's entries follow each other, so that labels wait.
    private readonly List<float> _labels = [];

    public NpzShard(string folder, ShardRange shard, SampleForm form)
    {
        (_form, _shard) = (form, shard);
        _file = new HashingFile(folder, shard.Name + ".npz");
        _zip = new ZipArchive(_file, ZipArchiveMode.Create, leaveOpen: true);
        _images = Entry("images.npy");
        _images.Write(NpyHeader.Of(NpyHeader.Bytes, shard.Count, form.Height, form.Width, form.Channels));
    }

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        _images.Write(batch.Pixels.AsSpan(0, batch.Count * _form.ImageSize));
        _labels.AddRange(batch.Labels);
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        _images.Dispose();
        if (_form.LabelSize > 0)
        {
            using var labels = Entry("labels.npy");
            labels.Write(NpyHeader.Of(NpyHeader.Float32, _shard.Count, _form.LabelSize));
            labels.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_labels)));
        }
        _zip.Dispose();
        return [(_file.Name, _file.Complete())];
    }

    public override void Dispose()
    {
        _file.Abandon();
        _images.Dispose();
        _zip.Dispose();
        _file.Dispose();
    }

    private Stream Entry(string name)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = _date;
        return entry.Open();
    }
}
