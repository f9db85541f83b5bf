using Microsoft.ML.OnnxRuntime;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Gives a network that turns images into vectors, and that others exported, the form that this project's have: <c>image</c> [N, C, H, W]
/// in [-1, 1] to vectors [N, F]. What cannot be given it is left as it is.
/// </summary>
internal static class ImageModelForm
{
    private const string Image = "image";

    /// <summary>Adapts a graph.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="inputs">Its inputs, as ONNX Runtime sees them.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="output">The output that is read; a sole output is taken whatever its name.</param>
    /// <param name="declared">The range of the images that it takes, where that was declared.</param>
    /// <exception cref="GraphProblemException">It says of itself what there is not.</exception>
    public static void Adapt(GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs,
        IReadOnlyDictionary<string, NodeMetadata> outputs, string output, PixelRange? declared)
    {
        if (inputs.Count != 1) return;
        var (name, tensor) = inputs.Single();
        if (!(tensor.IsReal() || tensor.IsBytes()) || !tensor.IsFixed()) return;
        if (ImageLayout.Of(tensor.Dimensions, tensor.IsBytes()) is not { } layout) return;
        AdaptImage(graph, name, tensor, layout, declared);
        var vectors = outputs.ContainsKey(output) ? output : outputs.Count == 1 ? outputs.Keys.Single() : null;
        if (vectors is not null) AdaptVectors(graph, vectors, outputs[vectors], output);
    }

    /// <summary>Adapts the input.</summary>
    internal static void AdaptImage(GraphEditor graph, string name, NodeMetadata tensor, ImageLayout layout, PixelRange? declared)
    {
        var stated = PixelRanges.Of(graph.Model);
        var range = declared ?? stated ?? (tensor.IsBytes() ? PixelRange.ZeroTo255 : PixelRange.MinusOneToOne);
        if (name == Image && tensor.Is(rank: 4) && !layout.ChannelsLast && range == PixelRange.MinusOneToOne) return;
        var inner = graph.Input(name, Image, layout.ChannelsFirstShape);
        var value = range == PixelRange.MinusOneToOne ? Image : PixelRanges.FromNormalized(graph, Image, range);
        if (tensor.IsBytes())
        {
            // Rounded, and limited, because the conversion to bytes is neither.
            value = graph.Node("Add", [value, graph.Number(0.5f)]);
            value = graph.Node("Min", [graph.Node("Max", [value, graph.Number(0)]), graph.Number(255)]);
        }
        if (tensor.Type() != DataType.Float) value = graph.Cast(value, tensor.Type());
        graph.Bind(layout.FromChannelsFirst(graph, value), inner);
        graph.SetMetadata(ModelMetadata.PixelRange, ModelMetadata.NormalizedRange);
    }

    private static void AdaptVectors(GraphEditor graph, string name, NodeMetadata tensor, string output)
    {
        if ((name == output && tensor.Is(rank: 2)) || !tensor.IsReal() || tensor.Dimensions.Length == 0) return;
        if (tensor.Dimensions.Length > 1 && !tensor.IsFixed()) return;
        var size = tensor.RowSize();
        graph.Output(name, output, [tensor.Dimensions[0], size], DataType.Float, value =>
        {
            if (tensor.Type() != DataType.Float) value = graph.Cast(value, DataType.Float);
            return tensor.Dimensions.Length == 2 ? value : graph.Reshape(value, tensor.Dimensions.Length == 1 ? -1 : 0, size);
        });
    }
}
