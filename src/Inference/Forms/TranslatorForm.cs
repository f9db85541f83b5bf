using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// Gives a network that turns images into images, and that others exported, the form that is read here: <c>image</c> [N, C, H, W] to
/// <c>translation</c> [N, C, H, W], both in [-1, 1]. What cannot be given it is left as it is.
/// </summary>
internal static class TranslatorForm
{
    public const string Image = "image", Translation = "translation", Noise = "noise";

    /// <summary>Adapts a graph.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="inputs">Its inputs, as ONNX Runtime sees them.</param>
    /// <param name="outputs">Its outputs; a sole output is taken whatever its name.</param>
    /// <param name="declared">The range of its images, on both sides, where that was declared.</param>
    /// <param name="noiseSeed">Decides the noise of a network that takes some.</param>
    /// <exception cref="GraphProblemException">It says of itself what there is not.</exception>
    public static void Adapt(GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs,
        IReadOnlyDictionary<string, NodeMetadata> outputs, PixelRange? declared, long noiseSeed)
    {
        inputs = WithoutNoise(graph, inputs, noiseSeed);
        if (inputs.Count != 1) return;
        var (input, given) = inputs.Single();
        if (LayoutOf(given, given.IsBytes()) is not { } layout) return;
        var output = outputs.ContainsKey(Translation) ? Translation : outputs.Count == 1 ? outputs.Keys.Single() : null;
        if (output is null || outputs[output].IsBytes() || LayoutOf(outputs[output], lastIsUsual: false) is not { } made) return;
        var range = declared ?? PixelRanges.Of(graph.Model) ?? PixelRange.MinusOneToOne;
        ImageModelForm.AdaptImage(graph, input, given, layout, declared);
        GeneratorForm.AdaptReal(graph, output, Translation, outputs[output], made, range);
        if (declared is not null) graph.SetMetadata(ModelMetadata.PixelRange, ModelMetadata.NormalizedRange);
    }

    /// <summary>Makes the noise that <see cref="Adapt"/> made a constant an input again, [N, K].</summary>
    /// <returns>K; 0 where there is no noise.</returns>
    public static int RestoreNoise(ModelProto model)
    {
        if (!HasNoise(model) || model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == Noise) is not { } noise) return 0;
        new GraphEditor(model).Release(noise);
        return (int)noise.Dims[1];
    }

    /// <summary>The inputs but for noise, which becomes a constant.</summary>
    private static IReadOnlyDictionary<string, NodeMetadata> WithoutNoise(
        GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs, long seed)
    {
        if (!HasNoise(graph.Model) || inputs.Count != 2 || !inputs.TryGetValue(Noise, out var noise)
            || !noise.Is(rank: 2) || !noise.IsFixed()) return inputs;
        graph.Fix(Noise, UniformNoise.Of(seed, noise.RowSize()));
        return inputs.Where(input => input.Key != Noise).ToDictionary();
    }

    private static bool HasNoise(ModelProto model) =>
        model.MetadataProps.Any(entry => entry.Key == ModelMetadata.NoiseDistribution && entry.Value == ModelMetadata.Uniform);

    private static ImageLayout? LayoutOf(NodeMetadata tensor, bool lastIsUsual) =>
        (tensor.IsReal() || tensor.IsBytes()) && (tensor.IsFixed() || tensor.IsFreeImage())
            ? ImageLayout.Of(tensor.Dimensions, lastIsUsual) : null;
}
