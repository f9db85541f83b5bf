using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Stores a graph's float32 weights in 16 bits, with a cast back to float32 that ONNX Runtime makes once, as it opens the file.
/// </summary>
internal static class StoredWeights
{
    // Fewer are not worth a node.
    private const int Least = 256;

    /// <summary>Changes a graph in place.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">Float16 or bfloat16.</param>
    /// <exception cref="GraphProblemException">A weight is too large for float16.</exception>
    public static void Store(GraphRewriter graph, DataType type)
    {
        var inputs = graph.Graph.Input.Select(input => input.Name).ToHashSet();
        foreach (var tensor in graph.Graph.Initializer.ToArray())
        {
            // A weight that is an input, too, can be given by the caller.
            if (!FloatTensor.IsFloat(tensor) || TensorValues.Elements(tensor.Dims) < Least || inputs.Contains(tensor.Name)) continue;
            var name = tensor.Name;
            var fresh = graph.Fresh($"{name}.{type.ToString().ToLowerInvariant()}");
            var stored = type == DataType.Float16 ? FloatTensor.Half(fresh, tensor) : FloatTensor.BFloat16(fresh, tensor);
            graph.Graph.Initializer.Remove(tensor);
            graph.Insert("Cast", [graph.Add(stored)], name, GraphEditor.Int("to", (long)DataType.Float));
        }
    }
}
