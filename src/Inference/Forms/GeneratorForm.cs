using Microsoft.ML.OnnxRuntime;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Gives a generator that others exported the form that this project's have: <c>latent</c> [N, Z], <c>label</c> [N, K], <c>image</c>
/// [N, C, H, W] in [-1, 1] or <c>pixels</c> [N, H, W, C]. What cannot be given it is left as it is.
/// </summary>
internal static class GeneratorForm
{
    public const string Text = "text";

    private const string Latent = "latent", Label = "label", Image = "image", Pixels = "pixels";

    // What people call the label of a conditional generator.
    private static readonly HashSet<string> _labelNames = new(
        ["label", "labels", "class", "classes", "class_label", "class_labels", "condition", "cond", "y", "c"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Adapts a graph.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="inputs">Its inputs, as ONNX Runtime sees them.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="declared">The range of its images, where that was declared.</param>
    /// <exception cref="GraphProblemException">It says of itself what there is not, or not enough.</exception>
    public static void Adapt(GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs,
        IReadOnlyDictionary<string, NodeMetadata> outputs, PixelRange? declared)
    {
        var label = LabelOf(inputs);
        if (inputs.Keys.Where(name => name != label).ToArray() is not [var latent] || !IsLatent(inputs[latent])) return;
        AdaptLatent(graph, latent, inputs[latent]);
        if (label is not null) LabelForm.Adapt(graph, label, inputs[label], Label);
        if (ImageOf(outputs) is { } image) AdaptImage(graph, image, outputs[image], declared);
    }

    /// <summary>Whether the images come out of a tanh, so that they are in [-1, 1] whatever the metadata do not say.</summary>
    public static bool EndsInTanh(GraphProto graph, string output = Image)
    {
        var name = graph.Output.FirstOrDefault(value => value.Name == output)?.Name;
        while (name is not null && graph.Node.FirstOrDefault(node => node.Output.Contains(name)) is { Input.Count: > 0 } node)
        {
            if (node.OpType == "Tanh") return true;
            if (node.OpType is not ("Identity" or "Transpose" or "Reshape" or "Cast" or "Flatten" or "Squeeze" or "Unsqueeze"))
                return false;
            name = node.Input[0];
        }
        return false;
    }

    /// <summary>Which of two inputs is the label; null where there is none, or where that cannot be told.</summary>
    private static string? LabelOf(IReadOnlyDictionary<string, NodeMetadata> inputs)
    {
        if (inputs.Count != 2) return null;
        if (inputs.ContainsKey(Label)) return Label;
        if (inputs.ContainsKey(Latent)) return inputs.Keys.Single(name => name != Latent);
        string[] whole = [.. inputs.Where(input => input.Value.IsWhole()).Select(input => input.Key)];
        if (whole is [var only]) return only;
        string[] named = [.. inputs.Keys.Where(_labelNames.Contains)];
        return named is [var label] ? label : null;
    }

    private static string? ImageOf(IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        if (outputs.ContainsKey(Image)) return Image;
        if (outputs.ContainsKey(Pixels)) return Pixels;
        if (outputs.Count == 1) return outputs.Keys.Single();
        string[] images = [.. outputs.Where(output => output.Value.IsTensor && output.Value.Dimensions.Length == 4).Select(o => o.Key)];
        return images is [var only] ? only : null;
    }

    /// <summary>A latent is a vector, whichever axis it lies along; [N, 3, 64, 64] is an image.</summary>
    private static bool IsLatent(NodeMetadata tensor) =>
        tensor.IsReal() && tensor.IsFixed() && tensor.Dimensions.Skip(1).Count(d => d > 1) <= 1;

    private static void AdaptLatent(GraphEditor graph, string name, NodeMetadata tensor)
    {
        if (name == Latent && tensor.Is(rank: 2)) return;
        var inner = graph.Input(name, Latent, [tensor.Dimensions[0], tensor.RowSize()]);
        var value = tensor.Dimensions.Length == 2 ? Latent : graph.Reshape(Latent, tensor.KeepingBatch());
        graph.Bind(tensor.Type() == DataType.Float ? value : graph.Cast(value, tensor.Type()), inner);
    }

    private static void AdaptImage(GraphEditor graph, string name, NodeMetadata tensor, PixelRange? declared)
    {
        var stated = PixelRanges.Of(graph.Model);
        if (tensor.IsBytes())
        {
            if (!tensor.IsFixed() || ImageLayout.Of(tensor.Dimensions, lastIsUsual: true) is not { } bytes) return;
            if (name == Pixels && bytes is { HasChannels: true, ChannelsLast: true }) return;
            graph.Output(name, Pixels, bytes.ChannelsLastShape, DataType.Uint8, value => bytes.ToChannelsLast(graph, value));
            return;
        }
        if (!tensor.IsReal() || !tensor.IsFixed() || ImageLayout.Of(tensor.Dimensions) is not { } layout) return;
        var range = declared ?? stated ?? PixelRange.MinusOneToOne;
        AdaptReal(graph, name, Image, tensor, layout, range);
        if ((declared ?? stated) is not null && stated != PixelRange.MinusOneToOne)
            graph.SetMetadata(ModelMetadata.PixelRange, ModelMetadata.NormalizedRange);
    }

    /// <summary>Adapts an output of real images.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="name">The output.</param>
    /// <param name="target">What it is to be called.</param>
    /// <param name="tensor">As ONNX Runtime sees it.</param>
    /// <param name="layout">Of its images.</param>
    /// <param name="range">Of their values.</param>
    internal static void AdaptReal(
        GraphEditor graph, string name, string target, NodeMetadata tensor, ImageLayout layout, PixelRange range)
    {
        if (name == target && tensor.Is(rank: 4) && !layout.ChannelsLast && range == PixelRange.MinusOneToOne) return;
        graph.Output(name, target, layout.ChannelsFirstShape, DataType.Float, value =>
        {
            if (tensor.Type() != DataType.Float) value = graph.Cast(value, DataType.Float);
            value = layout.ToChannelsFirst(graph, value);
            return range == PixelRange.MinusOneToOne ? value : PixelRanges.ToNormalized(graph, value, range);
        });
    }
}
