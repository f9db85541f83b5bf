using Google.Protobuf.Collections;
using Onnx;

namespace GanPipeline.Export.Tests;

/// <summary>What OpenCV 4.13 does not take of ONNX, and what it computes in another way than ONNX says.</summary>
internal static class OpenCvLimits
{
    private static readonly string[] _absent =
        ["And", "Det", "Expand", "GatherElements", "GRU", "IsInf", "IsNaN", "LpPool", "LSTM", "Mod", "OneHot", "Or", "Pad", "RNN", "TopK"];

    /// <summary>A file with one of these may be refused: operators that it does not have, or not in all their forms.</summary>
    private static readonly (string What, Func<NodeProto, GraphProto, bool> Is)[] _refused =
    [
        .. _absent.Select(type => (type, (Func<NodeProto, GraphProto, bool>)((node, _) => node.OpType == type))),
        ("Resize to computed sizes, or cubic", (node, graph) => node.OpType == "Resize" &&
            (Text(node, "mode") == "cubic" || graph.Node.Any(other => other.OpType == "Shape"))),
        ("ConvTranspose over one axis or three", (node, _) => node.OpType == "ConvTranspose" && Numbers(node, "kernel_shape").Count != 2),
        ("Slice backwards", (node, graph) => node.OpType == "Slice" && node.Input.Count > 4 &&
            Constants(graph, node.Input[4]).Any(step => step < 0)),
        ("constants of Bool", (_, graph) =>
            graph.Initializer.Any(constant => constant.DataType == (int)TensorProto.Types.DataType.Bool)),
    ];

    /// <summary>
    /// A file with one of these may give other numbers: <see cref="OpenCvTests"/> compares them with arithmetic. Its tensors have at least
    /// two axes.
    /// </summary>
    private static readonly (string What, Func<NodeProto, GraphProto, bool> Is)[] _wrong =
    [
        ("Cast, which keeps fractions", (node, _) => node.OpType == "Cast"),
        ("Tile", (node, _) => node.OpType == "Tile"),
        ("a norm over an axis of length 1, which keeps the sign", (node, graph) => node.OpType is "ReduceL1" or "ReduceL2" &&
            Axes(node, graph).Any(axis => Shape(graph, node.Input[0]) is { } shape && shape.Dim[(int)(axis + shape.Dim.Count) %
                shape.Dim.Count].DimValue == 1)),
        ("a reduction of three axes", (node, graph) => node.OpType.StartsWith("Reduce", StringComparison.Ordinal) &&
            Axes(node, graph).Count > 2),
        ("AveragePool with padding that counts", (node, _) => node.OpType == "AveragePool" &&
            Numbers(node, "pads").Any(side => side > 0)),
        ("pooling over one axis with padding or ceil_mode", (node, _) => node.OpType is "AveragePool" or "MaxPool" &&
            Numbers(node, "kernel_shape").Count == 1 && (Numbers(node, "pads").Any(side => side > 0) || Number(node, "ceil_mode") > 0)),
        ("MaxPool and ConvTranspose with dilation", (node, _) => node.OpType is "MaxPool" or "ConvTranspose" &&
            Numbers(node, "dilations").Any(step => step > 1)),
        ("tensors of fewer than two axes", (_, graph) => graph.ValueInfo.Concat(graph.Output).Concat(graph.Input)
            .Any(value => value.Type.TensorType.Shape.Dim.Count < 2)),
    ];

    /// <summary>Why a file may be refused, or end the process; null where there is no reason.</summary>
    public static string? Refusal(GraphProto graph) => First(_refused, graph) ?? First(_wrong, graph);

    /// <summary>Why a file may give other numbers; null where there is no reason.</summary>
    public static string? Mistake(GraphProto graph) => First(_wrong, graph);

    private static string? First((string What, Func<NodeProto, GraphProto, bool> Is)[] limits, GraphProto graph) =>
        limits.FirstOrDefault(limit => graph.Node.Any(node => limit.Is(node, graph))).What;

    private static AttributeProto? Attribute(NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    private static string Text(NodeProto node, string name) => Attribute(node, name)?.S.ToStringUtf8() ?? "";

    private static long Number(NodeProto node, string name) => Attribute(node, name)?.I ?? 0;

    private static RepeatedField<long> Numbers(NodeProto node, string name) => Attribute(node, name)?.Ints ?? [];

    private static IReadOnlyList<long> Axes(NodeProto node, GraphProto graph) =>
        node.Input.Count > 1 ? Constants(graph, node.Input[1]) : Numbers(node, "axes");

    private static long[] Constants(GraphProto graph, string name) =>
        graph.Initializer.FirstOrDefault(constant => constant.Name == name) is { DataType: (int)TensorProto.Types.DataType.Int64 } found
            ? System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(found.RawData.Span).ToArray()
            : [];

    private static TensorShapeProto? Shape(GraphProto graph, string name) => graph.ValueInfo.Concat(graph.Input)
        .FirstOrDefault(value => value.Name == name)?.Type.TensorType.Shape;
}
