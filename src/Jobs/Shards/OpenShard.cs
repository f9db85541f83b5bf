namespace GanPipeline.Jobs;

/// <summary>A shard that is being made, by this process and no other.</summary>
/// <typeparam name="TBatch">What its writer takes.</typeparam>
internal sealed class OpenShard<TBatch>
{
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly ShardWriter<TBatch> _writer;
    private bool _isClosed;

    private OpenShard(string folder, ShardRange range, FileStream hold, ShardWriter<TBatch> writer)
    {
        (_folder, Range, _lock, _writer) = (folder, range, hold, writer);
    }

    public ShardRange Range { get; }

    /// <summary>Begins a shard; null where it is whole.</summary>
    /// <exception cref="JobException">Another process makes it.</exception>
    /// <exception cref="IOException">Its files cannot be created; names the shard.</exception>
    public static OpenShard<TBatch>? TryEnter(string folder, ShardRange range, Func<ShardRange, ShardWriter<TBatch>> writer)
    {
        var path = Path.Combine(folder, $".{range.Name}.lock");
        if (ShardRecord.Exists(folder, range))
        {
            // A process that was killed between the record and the end of its hold leaves a file.
            if (File.Exists(path)) RemoveLeft(path);
            return null;
        }
        var hold = Lock(path, range);
        try
        {
            // Another process may have made it meanwhile.
            if (!ShardRecord.Exists(folder, range)) return new OpenShard<TBatch>(folder, range, hold, writer(range));
        }
        catch (Exception e)
        {
            hold.Dispose();
            if (e is IOException io) throw Unwritten(range, io);
            throw;
        }
        hold.Dispose();
        return null;
    }

    /// <summary>What is said where the disk refuses a shard.</summary>
    public static IOException Unwritten(ShardRange range, IOException e) =>
        new($"Shard {range.Name} cannot be written: {e.Message.TrimEnd('.')}. What is whole stays; the job goes on when it is run " +
            "again.", e);

    /// <inheritdoc cref="ShardWriter{TBatch}.Encode"/>
    public byte[][] Encode(TBatch batch) => _writer.Encode(batch);

    /// <inheritdoc cref="ShardWriter{TBatch}.Add"/>
    public void Add(TBatch batch, byte[][] encoded) => _writer.Add(batch, encoded);

    /// <summary>Gives the shard's files their names, and then their record, by which the shard is whole.</summary>
    public void Complete()
    {
        ShardRecord.Write(_folder, Range, _writer.Complete());
        Abandon();
    }

    /// <summary>Removes what is not whole, and lets others make the shard.</summary>
    public void Abandon()
    {
        if (_isClosed) return;
        _isClosed = true;
        using (_lock) _writer.Dispose();
    }

    private static void RemoveLeft(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (IOException)
        {
            // Its process is just about to remove it, or has.
        }
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
            throw new JobException($"Shard {range.Name} is being made by another process: '{path}' is held.", e);
        }
    }
}
