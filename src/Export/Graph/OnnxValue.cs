using Onnx;

namespace GanPipeline.Export;

/// <summary>
/// A value of the graph under construction: an input, an operator's result, or a constant. The arithmetic operators add ONNX operators
/// to the graph, with NumPy's broadcasting, so that a skip connection reads as it does in Torch: <c>graph.Call(body, x) + x</c>.
/// </summary>
public sealed class OnnxValue
{
    private readonly long[] _shape;

    internal OnnxValue(OnnxGraph graph, TensorProto.Types.DataType type, ReadOnlySpan<long> shape)
    {
        Graph = graph;
        Type = type;
        _shape = shape.ToArray();
    }

    /// <summary>The sizes of the axes; <see cref="OnnxGraph.Batch"/> stands for the batch.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The number of axes.</summary>
    public int Rank => _shape.Length;

    /// <summary>The element type.</summary>
    public TensorProto.Types.DataType Type { get; }

    internal OnnxGraph Graph { get; }

    internal long[] Dimensions => _shape;

    /// <summary>The sizes of the axes in each recording, where they are known.</summary>
    internal TracedSize[]? Sizes { get; set; }

    /// <summary>A constant's elements, row by row: float[] or long[]; null where the value is no constant.</summary>
    internal Array? Elements { get; init; }

    /// <summary>Draws a row of an input's values; null for other values.</summary>
    internal Action<Random, double[]>? Draw { get; init; }

    /// <summary>What the value is called in the file; given when the graph is complete.</summary>
    internal string Name { get; set; } = "";

    /// <summary>The shape as in a message: [N, 3, 64, 64].</summary>
    public override string ToString() => $"[{string.Join(", ", _shape.Select(size => size switch
    {
        OnnxGraph.Batch => "N",
        OnnxGraph.Dynamic => "?",
        _ => $"{size}",
    }))}]";

    /// <summary>Adds <c>Add</c>.</summary>
    public static OnnxValue operator +(OnnxValue left, OnnxValue right) => Require(left).Graph.Add(left, right);

    /// <summary>Adds <c>Sub</c>.</summary>
    public static OnnxValue operator -(OnnxValue left, OnnxValue right) => Require(left).Graph.Subtract(left, right);

    /// <summary>Adds <c>Mul</c>.</summary>
    public static OnnxValue operator *(OnnxValue left, OnnxValue right) => Require(left).Graph.Multiply(left, right);

    /// <summary>Adds <c>Div</c>.</summary>
    public static OnnxValue operator /(OnnxValue left, OnnxValue right) => Require(left).Graph.Divide(left, right);

    /// <summary>Adds <c>Add</c> of a number.</summary>
    public static OnnxValue operator +(OnnxValue left, float right) => Require(left).Graph.Add(left, left.Graph.Constant(right));

    /// <summary>Adds <c>Sub</c> of a number.</summary>
    public static OnnxValue operator -(OnnxValue left, float right) => Require(left).Graph.Subtract(left, left.Graph.Constant(right));

    /// <summary>Adds <c>Sub</c> from a number.</summary>
    public static OnnxValue operator -(float left, OnnxValue right) => Require(right).Graph.Subtract(right.Graph.Constant(left), right);

    /// <summary>Adds <c>Mul</c> by a number.</summary>
    public static OnnxValue operator *(OnnxValue left, float right) => Require(left).Graph.Multiply(left, left.Graph.Constant(right));

    /// <summary>Adds <c>Mul</c> by a number.</summary>
    public static OnnxValue operator *(float left, OnnxValue right) => right * left;

    /// <summary>Adds <c>Div</c> by a number.</summary>
    public static OnnxValue operator /(OnnxValue left, float right) => Require(left).Graph.Divide(left, left.Graph.Constant(right));

    private static OnnxValue Require(OnnxValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
