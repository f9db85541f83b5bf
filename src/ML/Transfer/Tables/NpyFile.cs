using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GanPipeline.ML;

/// <summary>
/// The header of NumPy's .npy files, version 1.0: magic, length, a Python dictionary as text, padded so that the values start at
/// <see cref="Length"/>. One length for every shape, so that the number of rows can be filled in when the last one is written.
/// </summary>
internal static partial class NpyFile
{
    public const int Length = 128;
    public const string Float32 = "<f4";
    public const string Int32 = "<i4";

    private static readonly byte[] _magic = [0x93, .. "NUMPY"u8, 1, 0];

    public static byte[] Header(string type, long rows, int? columns)
    {
        var shape = columns is { } c ? $"({rows}, {c})" : $"({rows},)";
        var text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}");
        var header = new byte[Length];
        _magic.CopyTo(header, 0);
        BitConverter.TryWriteBytes(header.AsSpan(_magic.Length), (ushort)(Length - _magic.Length - 2));
        header.AsSpan(_magic.Length + 2).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(_magic.Length + 2));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>The rows that a file claims; null where it is none of this type and number of columns, or its length is another.</summary>
    public static long? Rows(string path, string type, int? columns)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length < Length) return null;
        var header = new byte[Length];
        using (var stream = file.OpenRead()) stream.ReadExactly(header);
        var shape = Shape().Match(Encoding.ASCII.GetString(header.AsSpan(_magic.Length + 2)));
        if (!shape.Success || !long.TryParse(shape.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
            return null;
        return header.AsSpan().SequenceEqual(Header(type, rows, columns)) && file.Length == Length + rows * (columns ?? 1) * sizeof(float)
            ? rows : null;
    }

    [GeneratedRegex(@"'shape': \((\d+),")]
    private static partial Regex Shape();
}
