using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GanPipeline;

/// <summary>
/// The beginning of a NumPy file (.npy): magic, version, length, and a Python dictionary as text, padded so that the values begin at a
/// multiple of 64 bytes.
/// </summary>
/// <param name="Type">NumPy's name of the values' type, such as <c>&lt;f4</c>.</param>
/// <param name="IsFortranOrder">Whether the first axis is the fastest.</param>
/// <param name="Shape">The array's axes.</param>
/// <param name="Length">Bytes before the values.</param>
internal sealed partial record NpyHeader(string Type, bool IsFortranOrder, IReadOnlyList<long> Shape, int Length)
{
    /// <summary>
    /// The length of a header that is written, for shapes that leave room: one length, so that a number of rows can be filled in when
    /// the last one is written.
    /// </summary>
    public const int UsualLength = 128;

    public const string Float32 = "<f4", Float64 = "<f8", Int32 = "<i4", Int64 = "<i8", Bytes = "|u1";

    private const int Alignment = 64, MostLength = 1 << 16;

    private static readonly byte[] _magic = [0x93, .. "NUMPY"u8];

    /// <summary>Values of the whole array.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>A header of version 1.0.</summary>
    public static byte[] Of(string type, params IReadOnlyList<long> shape)
    {
        var axes = string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({axes}{(shape.Count == 1 ? "," : "")}), }}";
        var before = _magic.Length + 2 + sizeof(ushort);
        // At least one byte is left, for the line's end.
        var length = Math.Max(UsualLength, (before + text.Length) / Alignment * Alignment + Alignment);
        var header = new byte[length];
        _magic.CopyTo(header, 0);
        header[_magic.Length] = 1;
        BitConverter.TryWriteBytes(header.AsSpan(before - sizeof(ushort)), (ushort)(length - before));
        header.AsSpan(before).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(before));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>Reads the header of a file, of any version.</summary>
    /// <exception cref="InvalidDataException">It is no NumPy file, or a damaged one; says why, without the file's name.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[_magic.Length + 2 + sizeof(uint)];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read < start.Length || !start.StartsWith(_magic)) throw new InvalidDataException("it is no NumPy array (.npy)");
        var isLong = start[_magic.Length] > 1;
        var before = _magic.Length + 2 + (isLong ? sizeof(uint) : sizeof(ushort));
        var size = isLong
            ? BitConverter.ToUInt32(start[(before - sizeof(uint))..])
            : BitConverter.ToUInt16(start[(before - sizeof(ushort))..]);
        if (size > MostLength || size < start.Length - before) throw new InvalidDataException($"its header of {size} bytes is damaged");
        var bytes = new byte[size];
        start[before..].CopyTo(bytes);
        var had = start.Length - before;
        if (stream.ReadAtLeast(bytes.AsSpan(had), bytes.Length - had, throwOnEndOfStream: false) < bytes.Length - had)
            throw new InvalidDataException("it ends within its header");
        var text = Encoding.UTF8.GetString(bytes);
        var (type, order, shape) = (TypeText().Match(text), OrderText().Match(text), ShapeText().Match(text));
        if (!type.Success || !order.Success || !shape.Success)
            throw new InvalidDataException("its header names no type, order and shape of plain values");
        List<long> axes = [];
        foreach (var axis in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            axes.Add(long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
                : throw new InvalidDataException($"its shape '({shape.Groups[1].Value})' is damaged"));
        }
        return new NpyHeader(type.Groups[1].Value, order.Groups[1].Value == "True", axes, before + (int)size);
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]+)['"]""")]
    private static partial Regex TypeText();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderText();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapeText();
}
