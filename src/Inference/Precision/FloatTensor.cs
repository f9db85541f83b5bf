using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>Weights: reading them, and writing them in other types.</summary>
internal static class FloatTensor
{
    public static bool IsFloat(TensorProto tensor) => tensor.DataType == (int)DataType.Float;

    /// <summary>The numbers of a float32 tensor.</summary>
    public static float[] Read(TensorProto tensor) =>
        tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];

    /// <summary>The numbers of a float16 or bfloat16 tensor with raw data; null of any other.</summary>
    public static float[]? Read16(TensorProto tensor) => (tensor.RawData.Length, (DataType)tensor.DataType) switch
    {
        (0, _) => null,
        (_, DataType.Float16) => [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(value => (float)value)],
        (_, DataType.Bfloat16) => [.. MemoryMarshal.Cast<byte, ushort>(tensor.RawData.Span).ToArray()
            .Select(value => BitConverter.UInt32BitsToSingle((uint)value << 16))],
        _ => null,
    };

    /// <summary>A float32 tensor as float16.</summary>
    /// <param name="name">The new tensor's.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="limit">Whether a number beyond the range may become the end of the range; null means that none may.</param>
    /// <exception cref="GraphProblemException">A value is too large.</exception>
    public static TensorProto Half(string name, TensorProto tensor, Func<float, bool>? limit = null)
    {
        var numbers = Read(tensor);
        Half[] values = [.. numbers.Select(value => (Half)value)];
        for (var i = 0; i < values.Length; i++)
        {
            if (!System.Half.IsInfinity(values[i]) || float.IsInfinity(numbers[i])) continue;
            if (limit?.Invoke(numbers[i]) != true)
                throw new GraphProblemException($"its weights '{tensor.Name}' have values beyond 65504, the largest of float16.");
            values[i] = System.Half.CopySign(System.Half.MaxValue, values[i]);
        }
        return Of(name, [.. tensor.Dims], values);
    }

    /// <summary>A float32 tensor as bfloat16, the upper half of the bits, rounded to nearest, half to even.</summary>
    public static TensorProto BFloat16(string name, TensorProto tensor) =>
        Of(name, DataType.Bfloat16, [.. tensor.Dims], (ReadOnlySpan<ushort>)[.. Read(tensor).Select(Upper)]);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<float> values) => Of(name, DataType.Float, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<Half> values) => Of(name, DataType.Float16, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<sbyte> values) => Of(name, DataType.Int8, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<byte> values) => Of(name, DataType.Uint8, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<int> values) => Of(name, DataType.Int32, shape, values);

    private static ushort Upper(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        // A NaN keeps a bit that says so.
        return (ushort)(float.IsNaN(value) ? bits >> 16 | 0x40 : bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    private static TensorProto Of<T>(string name, DataType type, long[] shape, ReadOnlySpan<T> values) where T : unmanaged => new()
    {
        Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
    };
}
