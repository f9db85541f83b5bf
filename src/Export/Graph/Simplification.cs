using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Export;

/// <summary>
/// Takes out of a graph what changes nothing: identities, transpositions and casts that cancel each other, a reshaping of a reshaping, a
/// second node that computes what another does, a second constant of the same values.
/// </summary>
internal sealed class Simplification(OnnxGraph graph)
{
    /// <summary>The operator that draws random numbers: no two of it give the same.</summary>
    public const string Random = "RandomUniformLike";

    private readonly Dictionary<OnnxValue, OnnxValue> _instead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<OnnxValue, OnnxNode> _makers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxValue> _constants = [];
    private readonly Dictionary<OnnxValue, int> _numbers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Simplifies the graph and returns its outputs.</summary>
    public OnnxValue[] Run(OnnxValue[] outputs)
    {
        // Nodes stand behind what they need, so that once is enough.
        foreach (var node in graph.Nodes)
        {
            node.Inputs = [.. node.Inputs.Select(input => input is null ? null : Replaced(input))];
            if (Shorter(node) is { } shorter)
            {
                _instead[node.Outputs[0]] = shorter;
                continue;
            }
            // Two draw different numbers.
            if (node.OpType != Random && _nodes.TryGetValue(Key(node), out var same))
                foreach (var (output, other) in node.Outputs.Zip(same.Outputs)) _instead[output] = other;
            else _nodes.TryAdd(Key(node), node);
            foreach (var output in node.Outputs) _makers[output] = node;
        }
        return [.. outputs.Select(Replaced)];
    }

    private OnnxValue Replaced(OnnxValue value)
    {
        if (value.Elements is not { } elements) return _instead.GetValueOrDefault(value, value);
        // A parameter keeps its name, by which it is found again.
        if (graph.IsParameter(value)) return value;
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(elements), Buffer.ByteLength(elements));
        var key = $"{value.Type} {value} {Convert.ToHexString(SHA256.HashData(bytes))}";
        _constants.TryAdd(key, value);
        return _constants[key];
    }

    /// <summary>The value that a node's result equals.</summary>
    private OnnxValue? Shorter(OnnxNode node)
    {
        if (node.OpType == "Identity") return node.Inputs[0]!;
        var input = node.Inputs.ElementAtOrDefault(0);
        if (input is null || !_makers.TryGetValue(input, out var before)) return null;
        switch (node.OpType)
        {
            case "Transpose" when before.OpType == "Transpose":
                var (outer, inner) = (Order(node), Order(before));
                long[] order = [.. outer.Select(axis => inner[axis])];
                if (order.Index().All(at => at.Index == at.Item)) return before.Inputs[0]!;
                node.Attributes = [("perm", order)];
                node.Inputs = [before.Inputs[0]!];
                return null;
            case "Cast" when before.OpType == "Cast" && before.Inputs[0]!.Type == node.Outputs[0].Type &&
                Holds(before.Outputs[0].Type, node.Outputs[0].Type):
                return before.Inputs[0]!;
            case "Reshape" or "Flatten" when before.OpType is "Reshape" or "Flatten" && IsOfRows(node) &&
                before.Inputs[0]!.Shape is [OnnxGraph.Batch, ..] && before.Outputs[0].Shape is [OnnxGraph.Batch, ..]:
                node.Inputs = [before.Inputs[0]!, .. node.Inputs[1..]];
                return before.Inputs[0]!.Shape.SequenceEqual(node.Outputs[0].Shape) ? before.Inputs[0]! : null;
            default:
                return null;
        }
    }

    /// <summary>Whether a reshaping keeps the batch, whatever the other axes of its input are.</summary>
    private static bool IsOfRows(OnnxNode node) => node.OpType == "Flatten"
        ? node.Attribute("axis", 1L) == 1
        : node.Inputs[1]!.Elements is long[] sizes && sizes is [0, ..] && !sizes.AsSpan(1).Contains(0);

    private static long[] Order(OnnxNode transpose) =>
        transpose.Attribute<long[]>("perm", [.. Enumerable.Range(0, transpose.Inputs[0]!.Rank).Reverse().Select(axis => (long)axis)]);

    /// <summary>Whether each value of a type is one of another, and comes back.</summary>
    private static bool Holds(DataType wide, DataType narrow) => (wide, narrow) switch
    {
        (DataType.Float or DataType.Double or DataType.Int64 or DataType.Int32, DataType.Bool or DataType.Uint8) => true,
        (DataType.Double, DataType.Float or DataType.Int32) or (DataType.Int64, DataType.Int32) => true,
        _ => false,
    };

    private string Key(OnnxNode node) => string.Join('|',
        [node.OpType, .. node.Inputs.Select(Number), .. node.Attributes.Select(attribute => attribute.ToProto().ToString())]);

    private string Number(OnnxValue? value)
    {
        if (value is null) return "";
        _numbers.TryAdd(value, _numbers.Count);
        return _numbers[value].ToString(CultureInfo.InvariantCulture);
    }
}
