using System.Buffers.Binary;
using System.Text.Json;

namespace GanPipeline;

/// <summary>One tensor of a safetensors file; <see cref="Begin"/> and <see cref="End"/> count from the end of the header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The format's name of its numbers' type, such as <c>F32</c>.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Begin">Its first byte.</param>
/// <param name="End">The byte behind its last one.</param>
internal sealed record SafeTensorsRange(string Name, string Type, long[] Shape, long Begin, long End);

/// <summary>
/// What a safetensors file says of its tensors. Everything is checked before it is believed: lengths against the file's size, each
/// tensor's range against its shape and type, and that the ranges cover the data once and whole.
/// </summary>
internal sealed class SafeTensorsHeader
{
    private const int LengthSize = sizeof(long);
    private const long LargestHeader = 100_000_000;

    private readonly Stream _stream;

    private SafeTensorsHeader(Stream stream)
    {
        _stream = stream;
        var header = ReadHeader();
        DataStart = LengthSize + header.Length;
        Tensors = Parse(header);
        RequireCover();
    }

    /// <summary>Where the tensors' bytes begin in the file.</summary>
    public long DataStart { get; }

    /// <summary>The tensors, as they are named in the header.</summary>
    public IReadOnlyList<SafeTensorsRange> Tensors { get; }

    /// <summary>Reads a file's header.</summary>
    /// <param name="stream">The file from its beginning, of known length.</param>
    /// <exception cref="InvalidDataException">It is not a whole safetensors file; the message says where it is wrong.</exception>
    public static SafeTensorsHeader Read(Stream stream) => new(stream);

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

    private static List<SafeTensorsRange> Parse(byte[] header)
    {
        var entries = new List<SafeTensorsRange>();
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
            throw new InvalidDataException($"its header is not the JSON of a safetensors file ({e.Message})", e);
        }
        return entries;
    }

    private static SafeTensorsRange ParseEntry(JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        var type = value.GetProperty("dtype").GetString() ?? "";
        var shape = value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end]) throw Damaged($"the tensor '{name}' has {offsets.Length} data offsets, where 2 would " +
            $"be right");

        // As Int128 no shape that a file can state overflows before it is seen to be too large.
        Int128 size = ElementSize(type) ?? throw Damaged($"the tensor '{name}' has the type '{type}', which is none of the format's");
        foreach (var side in shape)
        {
            if (side < 0) throw Damaged($"the tensor '{name}' has the shape [{string.Join(", ", shape)}]");
            size = Int128.Min(size * side, long.MaxValue);
        }
        if (begin < 0 || end < begin || size != end - begin)
            throw Damaged($"the tensor '{name}' of {size} bytes claims the bytes {begin} to {end}");
        return new(name, type, shape, begin, end);
    }

    private static int? ElementSize(string type) => type switch
    {
        "F64" or "I64" or "U64" or "C64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => null,
    };

    private void RequireCover()
    {
        long covered = 0;
        foreach (var entry in Tensors.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < covered) throw Damaged($"the tensor '{entry.Name}' overlaps another");
            if (entry.Begin > covered) throw Damaged($"no tensor owns the bytes {covered} to {entry.Begin}");
            covered = entry.End;
        }
        var held = _stream.Length - DataStart;
        if (held < covered) throw Damaged($"it holds {held} bytes of tensors where its header promises {covered}: the file is cut short");
        if (held > covered) throw Damaged($"{held - covered} bytes follow the last tensor");
    }

    private static InvalidDataException Damaged(string what) => new(what);
}
