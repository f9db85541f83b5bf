using Google.Protobuf.Collections;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// How much memory the tensors between a network's layers need: every layer's shape is computed from its inputs', for one image, before
/// anything is run. Where a shape does not follow from what is in the file, it does not count.
/// </summary>
internal sealed class GraphSizes
{
    private const double BytesOfNumber = 4;

    private readonly Dictionary<string, KnownValue> _values = [];
    private readonly Dictionary<string, int> _uses = [];
    private readonly Dictionary<string, double> _alive = [];
    private readonly long _limit;
    private readonly int _opset;
    private double _now, _peak;

    private GraphSizes(long limit, int opset)
    {
        _limit = limit;
        _opset = opset;
    }

    /// <summary>The most bytes that are needed at the same time.</summary>
    /// <exception cref="GraphProblemException">More than the limit, or a layer whose output would have no shape.</exception>
    public static long Peak(ModelProto model, long limit)
    {
        var sizes = new GraphSizes(limit, Opset(model));
        sizes.Run(model.Graph);
        return (long)sizes._peak;
    }

    /// <summary>The same for one image of a size that the file leaves free, and the shape of an output, where it follows.</summary>
    /// <exception cref="GraphProblemException">A layer's output would have no shape.</exception>
    public static (long Peak, long[]? Output) At(ModelProto model, string input, long[] dimensions, string output)
    {
        var sizes = new GraphSizes(long.MaxValue, Opset(model));
        sizes.Run(model.Graph, (input, dimensions));
        return ((long)sizes._peak, sizes._values.GetValueOrDefault(output, KnownValue.Unknown).Dimensions);
    }

    private static int Opset(ModelProto model) => (int)Math.Clamp(
        model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max(), 1, 1000);

    private void Run(GraphProto graph, (string Name, long[] Dimensions)? given = null)
    {
        foreach (var input in graph.Input)
            _values[input.Name] = input.Name == given?.Name ? new KnownValue(given.Value.Dimensions) : OneImage(input);
        foreach (var tensor in graph.Initializer) _values[tensor.Name] = new KnownValue([.. tensor.Dims], TensorValues.Read(tensor));
        foreach (var name in graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name)))
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
        foreach (var node in InOrder(graph.Node)) Visit(node);
    }

    private void Visit(NodeProto node)
    {
        KnownValue[] inputs = [.. node.Input.Select(name => _values.GetValueOrDefault(name, KnownValue.Unknown))];
        var outputs = node.Domain is "" or "ai.onnx" ? Shapes.Of(new Layer(node, inputs, _opset)) : [];
        for (var i = 0; i < Math.Min(outputs.Length, node.Output.Count); i++)
        {
            _values[node.Output[i]] = outputs[i];
            if (outputs[i].Dimensions is not { } dimensions) continue;
            var bytes = TensorValues.Elements(dimensions) * BytesOfNumber;
            if (bytes > _limit) throw TooLarge(node, $"makes [{string.Join(", ", dimensions)}]", bytes);
            if (_alive.TryAdd(node.Output[i], bytes)) _now += bytes;
        }
        _peak = Math.Max(_peak, _now + Windows.WorkingNumbers(node, inputs) * BytesOfNumber);
        if (_peak > _limit) throw TooLarge(node, "and what others made before it", _peak);
        foreach (var name in Reads(node))
            if (--_uses[name] == 0) Free(name);
        foreach (var name in node.Output)
            if (!_uses.ContainsKey(name)) Free(name);
    }

    private void Free(string name)
    {
        if (_alive.Remove(name, out var bytes)) _now -= bytes;
    }

    private GraphProblemException TooLarge(NodeProto node, string what, double bytes) => new(FormattableString.Invariant(
        $"{AttributeLimits.Describe(node)} {what}, {bytes / 1e9:F1} GB for one image; {_limit / 1e9:F1} GB are allowed ") +
        $"({nameof(ModelOptions)}.{nameof(ModelOptions.MemoryLimit)}).");

    /// <summary>An input's shape, with 1 for the batch where that is free.</summary>
    private static KnownValue OneImage(ValueInfoProto input)
    {
        if (input.Type?.TensorType?.Shape is not { } shape) return KnownValue.Unknown;
        long[] dimensions = [.. shape.Dim.Select(d => d.DimValue)];
        if (dimensions.Length > 0 && dimensions[0] <= 0) dimensions[0] = 1;
        return dimensions.All(d => d > 0) ? new KnownValue(dimensions) : KnownValue.Unknown;
    }

    /// <summary>The values that a node or the graphs in it use, each as often as it stands there.</summary>
    public static IEnumerable<string> Reads(NodeProto node) => node.Input.Where(name => name.Length > 0).Concat(
        node.Attribute.SelectMany(GraphCheck.GraphsOf).SelectMany(graph => graph.Node.SelectMany(Reads)));

    /// <summary>The nodes, each after those that make its inputs. ONNX asks for this order, and ONNX Runtime takes any.</summary>
    /// <exception cref="GraphProblemException">Nodes in a circle.</exception>
    public static IEnumerable<NodeProto> InOrder(RepeatedField<NodeProto> nodes)
    {
        var maker = new Dictionary<string, NodeProto>();
        foreach (var node in nodes)
            foreach (var output in node.Output.Where(output => output.Length > 0)) maker[output] = node;
        // By reference: two nodes may be equal.
        var waiting = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes) waiting[node] = Reads(node).Where(maker.ContainsKey).Distinct().Count();
        var readers = nodes.SelectMany(node => Reads(node).Where(maker.ContainsKey).Distinct().Select(name => (name, node)))
            .ToLookup(pair => pair.name, pair => pair.node);
        var ready = new Queue<NodeProto>(nodes.Where(node => waiting[node] == 0));
        var done = 0;
        for (; ready.TryDequeue(out var node); done++)
        {
            yield return node;
            foreach (var output in node.Output.Distinct().Where(output => maker.GetValueOrDefault(output) == node))
                foreach (var reader in readers[output])
                    if (--waiting[reader] == 0) ready.Enqueue(reader);
        }
        if (done < nodes.Count) throw new GraphProblemException("its layers depend on each other in a circle.");
    }
}
