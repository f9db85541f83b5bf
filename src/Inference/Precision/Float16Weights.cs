using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Stores a graph's float32 weights as float16, with a cast back to float32 that ONNX Runtime makes once, as it opens the file.
/// </summary>
internal static class Float16Weights
{
    // Fewer are not worth a node.
    private const int Least = 256;

    /// <summary>Changes a graph in place.</summary>
    /// <exception cref="GraphProblemException">A weight is too large for float16.</exception>
    public static void Store(GraphRewriter graph)
    {
        var inputs = graph.Graph.Input.Select(input => input.Name).ToHashSet();
        foreach (var tensor in graph.Graph.Initializer.ToArray())
        {
            // A weight that is an input, too, can be given by the caller.
            if (!FloatTensor.IsFloat(tensor) || TensorValues.Elements(tensor.Dims) < Least || inputs.Contains(tensor.Name)) continue;
            Half[] values = [.. FloatTensor.Read(tensor).Select(value => (Half)value)];
            if (values.Any(Half.IsInfinity))
                throw new GraphProblemException($"its weights '{tensor.Name}' have values beyond 65504, the largest of float16.");
            var name = tensor.Name;
            graph.Graph.Initializer.Remove(tensor);
            var stored = graph.Add(FloatTensor.Of(graph.Fresh($"{name}.float16"), [.. tensor.Dims], values));
            graph.Insert("Cast", [stored], name, GraphEditor.Int("to", (long)DataType.Float));
        }
    }
}
