using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>One tensor of a safetensors file; <see cref="Begin"/> and <see cref="End"/> count from the end of the header.</summary>
internal sealed record SafeTensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>
/// Reads the safetensors format. Everything the file says of itself is checked before it is believed: lengths against the file's size,
/// each tensor's range against its shape and type, and that the ranges cover the data once and whole.
/// </summary>
internal sealed class SafeTensorsFile : IDisposable
{
    private const int LengthSize = sizeof(long);
    private const long LargestHeader = 100_000_000;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        var header = ReadHeader();
        _dataStart = LengthSize + header.Length;
        Entries = Parse(header).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        RequireCover();
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new CheckpointException($"Cannot read '{path}': {e.Message}", e);
        }
        catch
        {
            stream?.Dispose();
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

    private byte[] ReadHeader()
    {
        if (_stream.Length < LengthSize) throw Damaged($"it has {_stream.Length} bytes, but its header's length alone takes {LengthSize}");
        Span<byte> prefix = stackalloc byte[LengthSize];
        _stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LargestHeader) throw Damaged($"its header's length reads {length}");
        if (length > _stream.Length - LengthSize) throw Damaged($"its header takes {length} bytes, but only " +
            $"{_stream.Length - LengthSize} follow: the file is cut short");
        var header = new byte[length];
        _stream.ReadExactly(header);
        return header;
    }

    private List<SafeTensorsEntry> Parse(byte[] header)
    {
        var entries = new List<SafeTensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name)) throw Damaged($"its header names '{property.Name}' twice");
                if (property.Name == "__metadata__") continue;
                entries.Add(ParseEntry(property));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"'{_path}' is damaged: its header is not the JSON of a safetensors file ({e.Message}).", e);
        }
        return entries;
    }

    private SafeTensorsEntry ParseEntry(JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        var type = value.GetProperty("dtype").GetString() switch
        {
            "F32" => ScalarType.Float32,
            "I64" => ScalarType.Int64,
            "I32" => ScalarType.Int32,
            var other => throw Damaged($"the tensor '{name}' has the type '{other}', where F32, I32 or I64 would be right"),
        };
        var shape = value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end]) throw Damaged($"the tensor '{name}' has {offsets.Length} data offsets, where 2 would " +
            $"be right");

        // As Int128 no shape that a file can state overflows before it is seen to be too large.
        Int128 size = ElementSize(type);
        foreach (var side in shape)
        {
            if (side < 0) throw Damaged($"the tensor '{name}' has the shape [{string.Join(", ", shape)}]");
            size = Int128.Min(size * side, long.MaxValue);
        }
        if (begin < 0 || end < begin || size != end - begin)
            throw Damaged($"the tensor '{name}' of {size} bytes claims the bytes {begin} to {end}");
        return new(name, type, shape, begin, end);
    }

    private void RequireCover()
    {
        long covered = 0;
        foreach (var entry in Entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < covered) throw Damaged($"the tensor '{entry.Name}' overlaps another");
            if (entry.Begin > covered) throw Damaged($"no tensor owns the bytes {covered} to {entry.Begin}");
            covered = entry.End;
        }
        var held = _stream.Length - _dataStart;
        if (held < covered) throw Damaged($"it holds {held} bytes of tensors where its header promises {covered}: the file is cut short");
        if (held > covered) throw Damaged($"{held - covered} bytes follow the last tensor");
    }

    private CheckpointException Damaged(string what) => new($"'{_path}' is damaged: {what}.");

    public void Dispose() => _stream.Dispose();
}
