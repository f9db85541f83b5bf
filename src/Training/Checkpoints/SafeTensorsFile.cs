using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>One tensor of a checkpoint; <see cref="Begin"/> counts from the end of the header.</summary>
internal sealed record SafeTensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin);

/// <summary>Reads a checkpoint's tensors from a safetensors file, whose header is checked against the file first.</summary>
internal sealed class SafeTensorsFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        var header = SafeTensorsHeader.Read(stream);
        _dataStart = header.DataStart;
        Entries = header.Tensors.ToDictionary(tensor => tensor.Name, Entry, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, SafeTensorsEntry> Entries { get; }

    /// <exception cref="CheckpointException">The file is missing or is not a whole safetensors file; the message says where it is
    /// wrong.</exception>
    public static SafeTensorsFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return new SafeTensorsFile(path, stream);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            if (e is InvalidDataException) throw new CheckpointException($"'{path}' is damaged: {e.Message}.", e);
            if (e is IOException or UnauthorizedAccessException) throw new CheckpointException($"Cannot read '{path}': {e.Message}", e);
            throw;
        }
    }

    /// <summary>Reads one tensor's bytes into a tensor of the same type and shape, on any device.</summary>
    public void CopyTo(SafeTensorsEntry entry, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var staging = empty(entry.Shape, dtype: entry.Type);
        try
        {
            _stream.Position = _dataStart + entry.Begin;
            _stream.ReadExactly(staging.bytes);
        }
        catch (IOException e)
        {
            throw new CheckpointException($"Cannot read '{_path}': {e.Message}", e);
        }
        target.copy_(staging);
    }

    public static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Int64 => 8,
        _ => throw new NotSupportedException($"Checkpoints hold float32, int32 and int64 tensors, not {type}."),
    };

    public static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        _ => throw new NotSupportedException($"Checkpoints hold float32, int32 and int64 tensors, not {type}."),
    };

    private static SafeTensorsEntry Entry(SafeTensorsRange range) => new(range.Name, range.Type switch
    {
        "F32" => ScalarType.Float32,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        var other => throw new InvalidDataException(
            $"the tensor '{range.Name}' has the type '{other}', where F32, I32 or I64 would be right"),
    }, range.Shape, range.Begin);

    public void Dispose() => _stream.Dispose();
}
