namespace GanPipeline.Data;

// What a pickle of arrays holds beside plain data.

/// <summary>The type of an array's numbers.</summary>
internal sealed class PickleNumberType(string code)
{
    /// <summary>As in <c>u1</c>: unsigned, one byte.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the most significant byte comes first.</summary>
    public bool IsBigEndian { get; set; }
}

/// <summary>An array of NumPy.</summary>
internal sealed class PickleArray
{
    /// <summary>Its sizes.</summary>
    public IReadOnlyList<int> Shape { get; private set; } = [0];

    /// <summary>As in <c>u1</c>: unsigned, one byte; <c>i8</c>: signed, eight.</summary>
    public string NumberType { get; private set; } = "";

    /// <summary>Its numbers, the last dimension fastest, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <exception cref="InvalidDataException">The bytes are not those of such an array.</exception>
    public void Fill(IReadOnlyList<int> shape, PickleNumberType type, bool columnsFirst, ReadOnlyMemory<byte> bytes)
    {
        long size = type.Code switch
        {
            "u1" or "i1" or "b1" => 1, "u2" or "i2" => 2, "u4" or "i4" => 4, "u8" or "i8" => 8,
            _ => throw new InvalidDataException($"an array is of the type '{type.Code}', but must be of whole numbers"),
        };
        if (type.IsBigEndian && size > 1) throw new InvalidDataException("the numbers of an array are big-endian");
        if (columnsFirst && shape.Count > 1) throw new InvalidDataException("an array has its columns first (order F)");
        foreach (var side in shape)
        {
            size = side < 0 ? -1 : size * side;
            if (size < 0 || size > bytes.Length) break;
        }
        if (size != bytes.Length)
            throw new InvalidDataException($"an array of {string.Join(" x ", shape)} numbers has {bytes.Length} bytes");
        (Shape, NumberType, Bytes) = (shape, type.Code, bytes);
    }

    /// <summary>The numbers of an array with one dimension.</summary>
    public long[] Integers()
    {
        var width = NumberType.Length == 2 ? NumberType[1] - '0' : 1;
        var isSigned = NumberType.StartsWith('i');
        var numbers = new long[Bytes.Length / width];
        for (var i = 0; i < numbers.Length; i++)
        {
            var bytes = Bytes.Span.Slice(i * width, width);
            var number = isSigned && bytes[^1] >= 0x80 ? -1L : 0L;
            for (var k = width - 1; k >= 0; k--) number = (number << 8) | bytes[k];
            numbers[i] = number;
        }
        return numbers;
    }
}
