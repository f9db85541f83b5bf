using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Item">The type of its values, as those of a column.</param>
/// <param name="Shape">Its dimensions, of which 0 or less is unknown.</param>
internal sealed record OnnxNode(string Name, PrimitiveDataViewType Item, int[] Shape)
{
    private const string Suffix = ".output";

    /// <summary>The name of the column made of an output: ML.NET's own exported models end their outputs' names in ".output".</summary>
    internal string Column => Name.EndsWith(Suffix, StringComparison.Ordinal) ? Name[..^Suffix.Length] : Name;

    internal string ShapeText => string.Join(',', Shape);

    /// <param name="name">The name.</param>
    /// <param name="metadata">What ONNX Runtime says of it.</param>
    /// <param name="shapes">Shapes in place of the model's own, by name.</param>
    /// <exception cref="NotSupportedException">It is no tensor of numbers or Booleans.</exception>
    internal static OnnxNode Of(string name, NodeMetadata metadata, IReadOnlyDictionary<string, int[]> shapes)
    {
        if (!metadata.IsTensor || TypeOf(metadata.ElementDataType) is not { } type)
        {
            var is_ = metadata.IsTensor ? $"a tensor of {metadata.ElementDataType}" : $"of kind {metadata.OnnxValueType}";
            throw new NotSupportedException($"'{name}' of the ONNX model is {is_}; columns are made of tensors of numbers or Booleans");
        }
        var shape = (int[])(shapes.GetValueOrDefault(name) ?? metadata.Dimensions).Clone();
        // One row is evaluated at a time.
        if (shape.Length > 0 && shape[0] <= 0) shape[0] = 1;
        return new(name, ColumnTypes.OfValue(type), shape);
    }

    /// <summary>The type of the column made of an output. Where a dimension but the first is unknown, so is the vector's size.</summary>
    internal VectorDataViewType OutputType => Shape.Any(size => size <= 0) ? new(Item) : new(Item, Shape.Length == 0 ? [1] : Shape);

    /// <summary>The shape of an input for that many values.</summary>
    /// <exception cref="InvalidOperationException">They do not fit it.</exception>
    internal long[] InputShape(int values)
    {
        var unknown = Shape.Count(size => size <= 0);
        if (unknown > 1)
            throw new InvalidOperationException($"Input '{Name}' has shape {ShapeText}: but for the first only one dimension may be unknown");
        var known = Shape.Where(size => size > 0).Aggregate(1L, (product, size) => product * size);
        if (unknown == 0 ? values != known : values % known != 0)
        {
            var holds = unknown == 0 ? $"{known} values" : $"a multiple of {known} values";
            throw new InvalidOperationException(
                $"Input shape mismatch: input '{Name}' has shape {ShapeText}, which holds {holds}, but the input column is of length {values}");
        }
        return Array.ConvertAll(Shape, size => size > 0 ? size : values / known);
    }

    private static Type TypeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => typeof(float),
        TensorElementType.Double => typeof(double),
        TensorElementType.Int8 => typeof(sbyte),
        TensorElementType.UInt8 => typeof(byte),
        TensorElementType.Int16 => typeof(short),
        TensorElementType.UInt16 => typeof(ushort),
        TensorElementType.Int32 => typeof(int),
        TensorElementType.UInt32 => typeof(uint),
        TensorElementType.Int64 => typeof(long),
        TensorElementType.UInt64 => typeof(ulong),
        TensorElementType.Bool => typeof(bool),
        _ => null,
    };
}
