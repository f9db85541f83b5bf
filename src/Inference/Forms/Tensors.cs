using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>Inputs and outputs as ONNX Runtime describes them.</summary>
internal static class Tensors
{
    /// <summary>Whether the tensor holds numbers that float32 can stand for.</summary>
    public static bool IsReal(this NodeMetadata tensor) =>
        tensor.IsTensor && tensor.ElementDataType is TensorElementType.Float or TensorElementType.Double or TensorElementType.Float16
            or TensorElementType.BFloat16;

    /// <summary>Whether the tensor holds whole numbers.</summary>
    public static bool IsWhole(this NodeMetadata tensor) =>
        tensor.IsTensor && tensor.ElementDataType is TensorElementType.Int64 or TensorElementType.Int32 or TensorElementType.Int16
            or TensorElementType.UInt8;

    public static bool IsBytes(this NodeMetadata tensor) => tensor.IsTensor && tensor.ElementDataType == TensorElementType.UInt8;

    /// <summary>Whether the tensor is float32 of this rank.</summary>
    public static bool Is(this NodeMetadata tensor, int rank) =>
        tensor.IsTensor && tensor.ElementDataType == TensorElementType.Float && tensor.Dimensions.Length == rank;

    /// <summary>Whether all dimensions but the batch are fixed, there are such, and a batch is small enough for an array.</summary>
    public static bool IsFixed(this NodeMetadata tensor) =>
        tensor.IsTensor && tensor.Dimensions is { Length: > 1 } shape
        && shape[0] != 0 && shape.AsSpan(1).IndexOfAnyInRange(int.MinValue, 0) < 0
        && TensorValues.Elements(shape.Select(d => (long)Math.Abs(d))) <= Array.MaxLength;

    /// <summary>Whether the tensor is of images whose height or width is free, and whose channels are not.</summary>
    public static bool IsFreeImage(this NodeMetadata tensor) =>
        tensor.IsTensor && tensor.Dimensions is { Length: 4 } shape && shape.AsSpan(1).Contains(-1) && !shape.Contains(0)
        && ImageLayout.Of(shape, tensor.IsBytes()) is { Channels: > 0 };

    /// <summary>Numbers of one row of a tensor that is fixed.</summary>
    public static int RowSize(this NodeMetadata tensor) => tensor.Dimensions.Skip(1).Aggregate(1, (size, d) => size * d);

    /// <summary>ONNX Runtime's types are numbered as ONNX's.</summary>
    public static DataType Type(this NodeMetadata tensor) => (DataType)(int)tensor.ElementDataType;

    /// <summary>A shape for a reshaping that keeps the batch.</summary>
    public static long[] KeepingBatch(this NodeMetadata tensor) => [0, .. tensor.Dimensions.Skip(1).Select(d => (long)d)];
}
