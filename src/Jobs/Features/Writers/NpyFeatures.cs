using System.Runtime.InteropServices;

namespace GanPipeline.Jobs;

/// <summary>NumPy arrays, one a file.</summary>
internal sealed class NpyFeatures : ShardWriter<FeatureBatch>
{
    private readonly string _folder, _name;
    private readonly FeatureForm _form;
    private readonly ShardRange _shard;
    private readonly HashingFile _features;
    private readonly List<long> _indices = [];
    private readonly List<float> _values = [];

    public NpyFeatures(string folder, ShardRange shard, FeatureForm form)
    {
        (_folder, _name, _shard, _form) = (folder, shard.Name + ".npy", shard, form);
        _features = Begin(shard.Count);
    }

    public override void Add(FeatureBatch batch, byte[][] encoded)
    {
        _features.Write(MemoryMarshal.AsBytes(batch.Features.AsSpan()));
        foreach (var row in batch.Rows)
        {
            _indices.Add(row.Index);
            _values.AddRange(row.Values);
        }
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        var hash = _features.Complete();
        if (_indices.Count < _shard.Count) hash = Shorten();
        List<(string, string)> files = [(_name, hash)];
        var indices = CollectionsMarshal.AsSpan(_indices);
        files.Add(Write("index", NpyHeader.Of(NpyHeader.Int64, indices.Length), MemoryMarshal.AsBytes(indices)));
        if (_form.IsClass)
        {
            int[] labels = [.. _values.Select(value => (int)value)];
            files.Add(Write("labels", NpyHeader.Of(NpyHeader.Int32, labels.Length), MemoryMarshal.AsBytes(labels.AsSpan())));
        }
        else if (_form.Attributes.Count > 0)
        {
            files.Add(Write("labels", NpyHeader.Of(NpyHeader.Float32, _indices.Count, _form.Attributes.Count),
                MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values))));
        }
        return files;
    }

    public override void Dispose()
    {
        _features.Abandon();
        _features.Dispose();
    }

    private HashingFile Begin(int rows)
    {
        var file = new HashingFile(_folder, _name);
        file.Write(NpyHeader.Of(NpyHeader.Float32, rows, _form.Features));
        return file;
    }

    /// <summary>Writes the file again with the number of rows that there are, which its header says, and its hash holds.</summary>
    private string Shorten()
    {
        using var file = Begin(_indices.Count);
        using (var rows = File.OpenRead(Path.Combine(_folder, _name)))
        {
            rows.Position = NpyHeader.Of(NpyHeader.Float32, _shard.Count, _form.Features).Length;
            rows.CopyTo(file);
        }
        return file.Complete();
    }

    private (string Name, string Hash) Write(string kind, byte[] header, ReadOnlySpan<byte> values)
    {
        using var file = new HashingFile(_folder, $"{_shard.Name}-{kind}.npy");
        file.Write(header);
        file.Write(values);
        return (file.Name, file.Complete());
    }
}
