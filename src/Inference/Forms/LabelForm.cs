using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>The label of a conditional generator: [N, K] numbers, of which a foreign model may want one whole number.</summary>
internal static class LabelForm
{
    /// <summary>Gives a label the form [N, K], and its classes names where it has none: 0, 1, 2, ...</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="name">The input.</param>
    /// <param name="tensor">Its form.</param>
    /// <param name="label">What it is to be called.</param>
    /// <exception cref="GraphProblemException">How many classes there are cannot be told.</exception>
    public static void Adapt(GraphEditor graph, string name, NodeMetadata tensor, string label)
    {
        var shape = tensor.IsTensor ? tensor.Dimensions : [];
        if (!(tensor.IsReal() || tensor.IsWhole()) || !(shape.Length == 1 || tensor.IsFixed())) return;
        var isIndex = tensor.IsWhole() && tensor.RowSize() == 1;
        var size = isIndex ? Classes(graph, name, tensor) : tensor.RowSize();
        if (!(name == label && tensor.Is(rank: 2)))
        {
            var inner = graph.Input(name, label, [shape[0], size]);
            var value = isIndex ? graph.Node("ArgMax", [label], GraphEditor.Int("axis", 1), GraphEditor.Int("keepdims", 1)) : label;
            var type = isIndex ? DataType.Int64 : DataType.Float;
            if (tensor.Type() != type) value = graph.Cast(value, tensor.Type());
            if (shape.Length != 2) value = shape.Length == 1 ? graph.Reshape(value, -1) : graph.Reshape(value, tensor.KeepingBatch());
            graph.Bind(value, inner);
        }
        // One number may be anything; several, without a word about them, are taken for one of so many classes.
        if (size > 1 && graph.Model.MetadataProps.All(entry => entry.Key is not (ModelMetadata.Labels or ModelMetadata.Vocabulary)))
            graph.SetMetadata(ModelMetadata.Labels, Numbered(size).ToJson());
    }

    private static LabelLayout Numbered(int classes) => LabelLayout.FromFields([LabelField.Categorical(LabelField.Class,
        [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))])]);

    private static int Classes(GraphEditor graph, string name, NodeMetadata tensor)
    {
        if (graph.Model.MetadataProps.LastOrDefault(entry => entry.Key == ModelMetadata.Labels)?.Value is { } json)
        {
            try { return LabelLayout.FromJson(json).Size; }
            catch (FormatException e) { throw new GraphProblemException($"its metadata {ModelMetadata.Labels} are damaged: {e.Message}"); }
        }
        return Looked(graph.Graph, name) ?? throw new GraphProblemException($"its input {name} is one whole number, and how many classes " +
            $"there are is not in the graph; say so in the metadata {ModelMetadata.Labels}, as [\"cat\", \"dog\"].");
    }

    /// <summary>The rows of the table in which the label is looked up, or the depth of its one-hot form.</summary>
    private static int? Looked(GraphProto graph, string label)
    {
        var tables = graph.Initializer.Concat(graph.Node.Where(n => n.OpType == "Constant")
            .SelectMany(n => n.Attribute.SelectMany(GraphCheck.TensorsOf).Select(t => new TensorProto(t) { Name = n.Output[0] })))
            .GroupBy(tensor => tensor.Name).ToDictionary(group => group.Key, group => group.First());
        var open = new Queue<string>([label]);
        HashSet<string> seen = [label];
        while (open.TryDequeue(out var value))
        {
            foreach (var node in graph.Node.Where(node => node.Input.Contains(value)))
            {
                if (node.OpType == "Gather" && node.Input[1] == value && tables.TryGetValue(node.Input[0], out var table)
                    && table.Dims.Count > 0 && node.Attribute.All(a => a.Name != "axis" || a.I == 0) && table.Dims[0] <= int.MaxValue)
                    return (int)table.Dims[0];
                if (node.OpType == "OneHot" && node.Input[0] == value && tables.TryGetValue(node.Input[1], out var depth)
                    && TensorValues.Read(depth) is [>= 1 and <= int.MaxValue and var count])
                    return (int)count;
                if (node.OpType is "Cast" or "Squeeze" or "Unsqueeze" or "Reshape" or "Flatten" or "Identity" && seen.Add(node.Output[0]))
                    open.Enqueue(node.Output[0]);
            }
        }
        return null;
    }
}
