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

    /// <summary>The numbers of a float16 tensor with raw data.</summary>
    public static float[] ReadHalf(TensorProto tensor) =>
        [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(value => (float)value)];

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<float> values) => Of(name, DataType.Float, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<Half> values) => Of(name, DataType.Float16, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<sbyte> values) => Of(name, DataType.Int8, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<byte> values) => Of(name, DataType.Uint8, shape, values);

    public static TensorProto Of(string name, long[] shape, ReadOnlySpan<int> values) => Of(name, DataType.Int32, shape, values);

    private static TensorProto Of<T>(string name, DataType type, long[] shape, ReadOnlySpan<T> values) where T : unmanaged => new()
    {
        Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
    };
}
