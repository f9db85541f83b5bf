namespace GanPipeline.Generation;

/// <summary>A shard that is being made, by this process and no other.</summary>
internal sealed class OpenShard
{
    private readonly string _folder;
    private readonly ShardRange _range;
    private readonly FileStream _lock;
    private readonly ShardWriter _writer;
    private bool _isClosed;

    private OpenShard(string folder, ShardRange range, FileStream hold, ShardWriter writer)
    {
        (_folder, _range, _lock, _writer) = (folder, range, hold, writer);
    }

    /// <summary>Begins a shard; null where it is whole.</summary>
    /// <exception cref="GenerationException">Another process makes it.</exception>
    public static OpenShard? TryEnter(string folder, ShardRange range, ShardFormat format, SampleForm form)
    {
        if (ShardRecord.Exists(folder, range)) return null;
        var hold = Lock(Path.Combine(folder, $".{range.Name}.lock"), range);
        try
        {
            // Another process may have made it meanwhile.
            if (!ShardRecord.Exists(folder, range))
                return new OpenShard(folder, range, hold, ShardWriter.Create(format, folder, range, form));
        }
        catch
        {
            hold.Dispose();
            throw;
        }
        hold.Dispose();
        return null;
    }

    public string Name => _range.Name;

    /// <inheritdoc cref="ShardWriter.Encode"/>
    public byte[][] Encode(SampleBatch batch) => _writer.Encode(batch);

    /// <inheritdoc cref="ShardWriter.Add"/>
    public void Add(SampleBatch batch, byte[][] encoded) => _writer.Add(batch, encoded);

    /// <summary>Gives the shard's files their names, and then their record, by which the shard is whole.</summary>
    public void Complete()
    {
        ShardRecord.Write(_folder, _range, _writer.Complete());
        Abandon();
    }

    /// <summary>Removes what is not whole, and lets others make the shard.</summary>
    public void Abandon()
    {
        if (_isClosed) return;
        _isClosed = true;
        using (_lock) _writer.Dispose();
    }

    // Of a process that is killed, the system lets go of it.
    private static FileStream Lock(string path, ShardRange range)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new GenerationException($"Shard {range.Name} is being made by another process: '{path}' is held.", e);
        }
    }
}
