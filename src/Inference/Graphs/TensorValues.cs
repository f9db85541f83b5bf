using System.Runtime.InteropServices;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>What an ONNX tensor holds.</summary>
internal static class TensorValues
{
    // A shape or a list of scales is short; longer contents are of no use to a check.
    private const int MostRead = 1024;

    /// <summary>Bytes of an element; 0 where a byte holds several or their size varies.</summary>
    public static int ElementSize(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => 8,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        DataType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>The product of the dimensions, as a number that cannot overflow.</summary>
    public static double Elements(IEnumerable<long> dimensions) => dimensions.Aggregate(1.0, (product, d) => product * d);

    /// <summary>Whether the tensor may be a shape or a list of scales, by its length.</summary>
    public static bool IsShort(TensorProto tensor) => Elements(tensor.Dims) <= MostRead;

    /// <summary>The numbers of a short tensor; null where it is long or of a type that shapes and scales do not have.</summary>
    public static double[]? Read(TensorProto tensor)
    {
        if (!IsShort(tensor)) return null;
        var raw = tensor.RawData.Span;
        return (DataType)tensor.DataType switch
        {
            DataType.Int64 => raw.Length > 0 ? Convert<long>(raw, v => v) : [.. tensor.Int64Data.Select(v => (double)v)],
            DataType.Int32 => raw.Length > 0 ? Convert<int>(raw, v => v) : [.. tensor.Int32Data.Select(v => (double)v)],
            DataType.Float => raw.Length > 0 ? Convert<float>(raw, v => v) : [.. tensor.FloatData.Select(v => (double)v)],
            DataType.Double => raw.Length > 0 ? Convert<double>(raw, v => v) : [.. tensor.DoubleData],
            _ => null,
        };
    }

    /// <summary>Whether all of a tensor's float32 numbers are finite, or not NaN.</summary>
    /// <param name="tensor">Any tensor; true for other types.</param>
    /// <param name="infinite">Whether infinities are allowed.</param>
    public static bool AreFinite(TensorProto tensor, bool infinite)
    {
        if ((DataType)tensor.DataType != DataType.Float) return true;
        if (tensor.FloatData.Any(v => float.IsNaN(v) || (!infinite && float.IsInfinity(v)))) return false;
        var raw = tensor.RawData.Span;
        var values = MemoryMarshal.Cast<byte, float>(raw[..(raw.Length / 4 * 4)]);
        if (FiniteValues.Are(values)) return true;
        foreach (var value in values)
            if (float.IsNaN(value) || (!infinite && float.IsInfinity(value))) return false;
        return true;
    }

    private static double[] Convert<T>(ReadOnlySpan<byte> raw, Func<T, double> number) where T : unmanaged =>
        [.. MemoryMarshal.Cast<byte, T>(raw[..(raw.Length / Marshal.SizeOf<T>() * Marshal.SizeOf<T>())]).ToArray().Select(number)];
}
