using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Rewrites a graph so that it computes in float16 between inputs and outputs that stay float32. What ONNX has in float32 alone stays
/// so, and what sizes are computed from.
/// </summary>
internal sealed class Float16Graph
{
    // Of these ONNX or ONNX Runtime has no float16 form.
    private static readonly HashSet<string> _float32Operators =
        ["Range", "NonMaxSuppression", "Multinomial", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Upsample"];

    // These tell numbers apart that are the same in float16, such as uniform noise and what of it is dropped.
    private static readonly HashSet<string> _comparing = ["Less", "LessOrEqual", "Greater", "GreaterOrEqual"];

    // Numbers that these take are often bounds, or marks of what a softmax leaves out, and do the same at the end of the range.
    private static readonly HashSet<string> _limiting = ["Where", "Clip", "Min", "Max", "Pad", "ScatterND", "Expand"];

    private readonly GraphRewriter _graph;
    private readonly HashSet<string> _floats;
    private readonly HashSet<string> _inputs;
    private readonly HashSet<NodeProto> _kept = new(ReferenceEqualityComparer.Instance);

    // What a value is called in the type that it does not have itself.
    private readonly Dictionary<string, string> _other = [];

    private Float16Graph(GraphRewriter graph)
    {
        _graph = graph;
        _inputs = [.. graph.Graph.Input.Select(input => input.Name)];
        _floats = ValueTypes.Floats(graph.Model);
        _floats.UnionWith(graph.Graph.Initializer.Where(FloatTensor.IsFloat).Select(tensor => tensor.Name));
    }

    /// <summary>Changes a graph in place.</summary>
    /// <exception cref="GraphProblemException">A weight is too large for float16, or a node has a graph inside.</exception>
    public static void Convert(GraphRewriter graph) => Of(graph).Convert();

    /// <summary>
    /// Changes a graph so that it computes on a processor what its float16 form does on an accelerator: each value is rounded to float16.
    /// ONNX Runtime leaves the float16 form itself in float32 between the layers there.
    /// </summary>
    /// <exception cref="GraphProblemException">As for <see cref="Convert(GraphRewriter)"/>.</exception>
    public static void Round(GraphRewriter graph) => Of(graph).Round();

    private static Float16Graph Of(GraphRewriter graph)
    {
        if (graph.Graph.Node.FirstOrDefault(node => node.Attribute.Any(a => GraphCheck.GraphsOf(a).Any())) is { } outer)
            throw new GraphProblemException($"its node '{outer.Name}' ({outer.OpType}) has a graph inside, which has no such form here.");
        var form = new Float16Graph(graph);
        form.Keep();
        return form;
    }

    private void Round()
    {
        foreach (var node in _graph.Graph.Node.Where(node => !_kept.Contains(node)).ToArray())
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                if (!_floats.Contains(node.Input[i]) || IsKept(node, i) || IsHalf(node.Input[i])) continue;
                if (!_other.TryGetValue(node.Input[i], out var rounded))
                {
                    rounded = _other[node.Input[i]] = _graph.Weight(node.Input[i]) is { } weights
                        ? _graph.Add(FloatTensor.Of(_graph.Fresh(weights.Name + ".rounded"), [.. weights.Dims],
                            FloatTensor.Read16(Stored(weights, node.OpType))!))
                        : Rounded(node.Input[i], _graph.Fresh(node.Input[i] + ".rounded"));
                }
                node.Input[i] = rounded;
            }
            for (var i = 0; i < node.Output.Count; i++)
            {
                if (!_floats.Contains(node.Output[i])) continue;
                var output = node.Output[i];
                node.Output[i] = _graph.Fresh(output + ".float32");
                Rounded(node.Output[i], output);
            }
        }

        string Rounded(string value, string name)
        {
            var half = _graph.Insert("Cast", [value], GraphEditor.Int("to", (long)DataType.Float16));
            _graph.Insert("Cast", [half], name, GraphEditor.Int("to", (long)DataType.Float));
            return name;
        }
    }

    private void Convert()
    {
        NodeProto[] nodes = [.. _graph.Graph.Node];
        foreach (var node in nodes.Where(node => !_kept.Contains(node))) Retype(node);
        foreach (var node in nodes)
        {
            for (var i = 0; i < node.Input.Count; i++)
                if (_floats.Contains(node.Input[i])) node.Input[i] = In(node.Input[i], !IsKept(node, i), node.OpType);
        }
        foreach (var output in _graph.Graph.Output)
        {
            if (!_floats.Contains(output.Name) || !IsHalf(output.Name)) continue;
            var half = _graph.Fresh(output.Name + ".float16");
            var maker = _graph.Maker(output.Name)!;
            maker.Output[maker.Output.IndexOf(output.Name)] = half;
            foreach (var reader in _graph.Readers(output.Name))
                for (var i = 0; i < reader.Input.Count; i++)
                    if (reader.Input[i] == output.Name) reader.Input[i] = half;
            _graph.Insert("Cast", [half], output.Name, GraphEditor.Int("to", (long)DataType.Float));
        }
    }

    /// <summary>The nodes that stay float32: those that must, and those that work for them alone, such as for an enlargement's scales.
    /// </summary>
    private void Keep()
    {
        _kept.UnionWith(_graph.Graph.Node.Where(node => _float32Operators.Contains(node.OpType) || _comparing.Contains(node.OpType)));
        int before;
        do
        {
            before = _kept.Count;
            foreach (var node in _graph.Graph.Node)
            {
                var made = node.Output.Where(_floats.Contains).ToArray();
                if (made.Length > 0 && !made.Any(_graph.IsOutput) && made.All(IsReadAsFloat32)) _kept.Add(node);
            }
        }
        while (_kept.Count > before);
    }

    private bool IsReadAsFloat32(string value) => _graph.Readers(value) is { Length: > 0 } readers &&
        readers.All(reader => Enumerable.Range(0, reader.Input.Count).All(i => reader.Input[i] != value || IsKept(reader, i)));

    /// <summary>Whether a node takes an input in float32.</summary>
    private bool IsKept(NodeProto node, int input) => _kept.Contains(node) || (node.OpType == "Resize" && input > 0);

    /// <summary>Whether a value is float16 now: what a node makes, unless it stays float32.</summary>
    private bool IsHalf(string value) => _graph.Maker(value) is { } maker && !_kept.Contains(maker);

    /// <summary>A value in one of the two types, for an operator.</summary>
    private string In(string value, bool half, string reader)
    {
        if (_graph.Weight(value) is { } weights)
        {
            if (!half) return value;
            if (!_other.TryGetValue(value, out var stored))
                stored = _other[value] = _graph.Add(Stored(weights, reader));
            return stored;
        }
        if (IsHalf(value) == half) return value;
        if (!_other.TryGetValue(value, out var cast))
        {
            cast = _other[value] = _graph.Insert(
                "Cast", [value], GraphEditor.Int("to", (long)(half ? DataType.Float16 : DataType.Float)));
        }
        return cast;
    }

    private TensorProto Stored(TensorProto weights, string reader) => FloatTensor.Half(_graph.Fresh(weights.Name + ".float16"), weights,
        number => _limiting.Contains(reader) || (reader == "Add" && number < 0));

    /// <summary>Where a node says what type it makes, it says float16.</summary>
    private static void Retype(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
            if (attribute.Name is "to" or "dtype" && attribute.I == (long)DataType.Float) attribute.I = (long)DataType.Float16;
        if (node.OpType != "ConstantOfShape") return;
        if (node.Attribute.FirstOrDefault(a => a.Name == "value") is not { } value)
        {
            node.Attribute.Add(new AttributeProto
            {
                Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = FloatTensor.Of("value", [1], [Half.Zero]),
            });
        }
        else if (FloatTensor.IsFloat(value.T)) value.T = FloatTensor.Half("value", value.T, _ => true);
    }
}
