using System.Globalization;
using System.Text;

namespace GanPipeline.Generation;

/// <summary>The beginning of NumPy's .npy files, version 1.0: a Python dictionary as text, padded to a multiple of 64 bytes.</summary>
internal static class NpyHeader
{
    private const int Alignment = 64;

    private static readonly byte[] _magic = [0x93, .. "NUMPY"u8, 1, 0];

    /// <param name="type">NumPy's name of the values' type, such as <c>|u1</c>.</param>
    /// <param name="shape">The array's axes, at least two.</param>
    public static byte[] Of(string type, params long[] shape)
    {
        var axes = string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({axes}), }}";
        var before = _magic.Length + sizeof(ushort);
        // At least one byte is left, for the line's end.
        var length = (before + text.Length) / Alignment * Alignment + Alignment;
        var header = new byte[length];
        _magic.CopyTo(header, 0);
        BitConverter.TryWriteBytes(header.AsSpan(_magic.Length), (ushort)(length - before));
        header.AsSpan(before).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(before));
        header[^1] = (byte)'\n';
        return header;
    }
}
