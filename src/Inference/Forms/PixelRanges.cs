using Onnx;

namespace GanPipeline.Inference;

/// <summary>The range of image values that a model's metadata name, and how to come from it to [-1, 1] and back.</summary>
internal static class PixelRanges
{
    // ONNX's own words, from its MetadataProps.md.
    private static readonly Dictionary<string, PixelRange> _names = new()
    {
        [ModelMetadata.NormalizedRange] = PixelRange.MinusOneToOne,
        ["Normalized_0_1"] = PixelRange.ZeroToOne,
        ["NominalRange_0_255"] = PixelRange.ZeroTo255,
        ["NominalRange_16_235"] = PixelRange.SixteenTo235,
    };

    /// <summary>What the metadata say; null where they say nothing.</summary>
    /// <exception cref="GraphProblemException">They name a range that there is not.</exception>
    public static PixelRange? Of(ModelProto model)
    {
        if (model.MetadataProps.LastOrDefault(entry => entry.Key == ModelMetadata.PixelRange)?.Value is not { } name) return null;
        return _names.TryGetValue(name, out var range) ? range : throw new GraphProblemException(
            $"its images have the range '{name}' ({ModelMetadata.PixelRange}); known are {string.Join(", ", _names.Keys)}.");
    }

    /// <summary>Adds what turns values of a range into values in [-1, 1].</summary>
    /// <returns>The value's name.</returns>
    public static string ToNormalized(GraphEditor graph, string value, PixelRange range)
    {
        var (low, half) = Bounds(range);
        if (low != 0) value = graph.Node("Sub", [value, graph.Number(low)]);
        return graph.Node("Sub", [graph.Node("Div", [value, graph.Number(half)]), graph.Number(1)]);
    }

    /// <summary>Adds what turns values in [-1, 1] into values of a range.</summary>
    /// <returns>The value's name.</returns>
    public static string FromNormalized(GraphEditor graph, string value, PixelRange range)
    {
        var (low, half) = Bounds(range);
        value = graph.Node("Mul", [graph.Node("Add", [value, graph.Number(1)]), graph.Number(half)]);
        return low == 0 ? value : graph.Node("Add", [value, graph.Number(low)]);
    }

    private static (float Low, float Half) Bounds(PixelRange range) => range switch
    {
        PixelRange.ZeroToOne => (0, 0.5f),
        PixelRange.ZeroTo255 => (0, 127.5f),
        PixelRange.SixteenTo235 => (16, 109.5f),
        _ => (-1, 1),
    };
}
