using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>A graph that is rewritten: who makes and who reads each value, and fresh names.</summary>
internal sealed class GraphRewriter
{
    private readonly HashSet<string> _known;

    public GraphRewriter(ModelProto model)
    {
        Model = model;
        _known = ValueNames.Of(model.Graph);
        TakeOutConstants();
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    /// <summary>The node that makes a value; null for an input or a weight.</summary>
    public NodeProto? Maker(string value) => Graph.Node.FirstOrDefault(node => node.Output.Contains(value));

    /// <summary>The nodes that read a value.</summary>
    public NodeProto[] Readers(string value) => [.. Graph.Node.Where(node => node.Input.Contains(value))];

    public bool IsOutput(string value) => Graph.Output.Any(output => output.Name == value);

    /// <summary>A weight by its name; null where that is none, or one that the caller can give.</summary>
    public TensorProto? Weight(string name) => Graph.Input.Any(input => input.Name == name)
        ? null
        : Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);

    public string Fresh(string name)
    {
        var fresh = name;
        for (var i = 1; !_known.Add(fresh); i++) fresh = $"{name}_{i}";
        return fresh;
    }

    /// <summary>Adds a weight.</summary>
    /// <returns>Its name.</returns>
    public string Add(TensorProto tensor)
    {
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node that makes a new value.</summary>
    /// <returns>The value's name.</returns>
    public string Insert(string type, string[] inputs, params AttributeProto[] attributes)
    {
        var output = Fresh(type);
        Insert(type, inputs, output, attributes);
        return output;
    }

    /// <summary>Adds a node that makes a value of a name that nothing else makes.</summary>
    public NodeProto Insert(string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        _known.Add(output);
        var node = new NodeProto
        {
            OpType = type, Name = $"{output}_{type}", Input = { inputs }, Output = { output }, Attribute = { attributes },
        };
        Graph.Node.Add(node);
        return node;
    }

    /// <summary>Removes nodes and weights that nothing reads, and brings the nodes in the order that ONNX asks for.</summary>
    public void Finish()
    {
        Prune(Graph);
        // What it says of values may not be so any more.
        Graph.ValueInfo.Clear();
    }

    /// <summary>Removes nodes and weights that nothing reads, and brings the nodes in the order that ONNX asks for.</summary>
    public static void Prune(GraphProto graph)
    {
        var read = graph.Output.Select(output => output.Name).ToHashSet();
        List<NodeProto> nodes = [];
        foreach (var node in GraphSizes.InOrder(graph.Node).Reverse())
        {
            if (!node.Output.Any(read.Contains)) continue;
            nodes.Add(node);
            read.UnionWith(GraphSizes.Reads(node));
        }
        graph.Node.Clear();
        graph.Node.Add(nodes.AsEnumerable().Reverse());
        foreach (var tensor in graph.Initializer.Where(tensor => !read.Contains(tensor.Name)).ToArray()) graph.Initializer.Remove(tensor);
    }

    /// <summary>Weights that are nodes, or are stored in 16 bits, become weights like the others.</summary>
    private void TakeOutConstants()
    {
        foreach (var node in Graph.Node.Where(node => node.Domain is "" or "ai.onnx").ToArray())
        {
            var tensor = node.OpType switch
            {
                "Constant" => node.Attribute.FirstOrDefault(a => a.Name == "value")?.T,
                "Cast" when new Layer(node, [], 0).Int("to", 0) == (long)DataType.Float && Weight(node.Input[0]) is { } stored
                    && FloatTensor.Read16(stored) is { } values => FloatTensor.Of(node.Output[0], [.. stored.Dims], values),
                _ => null,
            };
            if (tensor is null) continue;
            Graph.Initializer.Add(new TensorProto(tensor) { Name = node.Output[0] });
            Graph.Node.Remove(node);
        }
    }
}
