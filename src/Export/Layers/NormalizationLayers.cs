using TorchSharp.Modules;

namespace GanPipeline.Export;

internal static class NormalizationLayers
{
    public static OnnxValue BatchNormalization(OnnxGraph graph, BatchNorm layer, OnnxValue x)
    {
        Sizes.RequireChannels(graph, x, layer.num_features);
        if (layer.running_mean is not { } mean || layer.running_var is not { } variance)
            throw graph.Error(
                "keeps no running statistics, so that its result depends on the whole batch; make it with track_running_stats: true");
        var (scale, shift) = Affine(graph, layer, layer.num_features);
        return graph.Operator("BatchNormalization",
            [x, scale, shift, graph.Constant(mean, "running_mean"), graph.Constant(variance, "running_var")],
            x.Shape, ("epsilon", (float)layer.eps));
    }

    public static OnnxValue InstanceNormalization(OnnxGraph graph, InstanceNorm2d layer, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, 2);
        Sizes.RequireChannels(graph, x, layer.num_features);
        var (scale, shift) = Affine(graph, layer, layer.num_features);
        // With running statistics it does in evaluation mode what batch normalisation does.
        return layer.running_mean is { } mean && layer.running_var is { } variance
            ? graph.Operator("BatchNormalization",
                [x, scale, shift, graph.Constant(mean, "running_mean"), graph.Constant(variance, "running_var")], x
                    .Shape, ("epsilon", (float)layer.eps))
            : graph.Operator("InstanceNormalization", [x, scale, shift], x.Shape, ("epsilon", (float)layer.eps));
    }

    public static OnnxValue GroupNormalization(OnnxGraph graph, GroupNorm layer, OnnxValue x)
    {
        if (x.Rank < 3 || x.Shape[1] % layer.num_groups != 0) throw graph.Error(
            $"takes [N, channels, ...] of {layer.num_groups} groups and is given {x}");
        // A group is an instance of one channel. ONNX's own GroupNormalization came with operator set 18 and was redefined in 21.
        var groups = graph.Reshape(x, layer.num_groups, OnnxGraph.Product(x.Shape.Skip(1)) / layer.num_groups);
        var (ones, zeros) = Neutral(graph, layer.num_groups);
        var normalized = graph.Operator("InstanceNormalization", [groups, ones, zeros], groups.Shape, ("epsilon", (float)layer.eps));
        var result = graph.Reshape(normalized, [.. x.Shape.Skip(1)]);
        if (!layer.affine) return result;
        var perChannel = Sizes.Repeat(1, x.Rank - 1);
        perChannel[0] = x.Shape[1];
        result *= graph.Constant(layer.weight.reshape(perChannel), "weight");
        return layer.bias is { } bias ? result + graph.Constant(bias.reshape(perChannel), "bias") : result;
    }

    public static OnnxValue LayerNormalization(OnnxGraph graph, LayerNorm layer, OnnxValue x)
    {
        var count = layer.normalized_shape.Length;
        if (x.Rank <= count || !x.Shape.Skip(x.Rank - count).SequenceEqual(layer.normalized_shape))
            throw graph.Error($"normalizes [{string.Join(", ", layer.normalized_shape)}] and is given {x}");
        var scale = layer.elementwise_affine ? graph.Constant(layer.weight, "weight") : null;
        var shift = layer.elementwise_affine && layer.bias is { } bias ? graph.Constant(bias, "bias") : null;
        if (graph.Opset >= 17)
        {
            scale ??= graph.Constant(Ones(OnnxGraph.Product(layer.normalized_shape)), layer.normalized_shape);
            return graph.Operator("LayerNormalization", shift is null ? [x, scale] : [x, scale, shift], x.Shape,
                ("axis", x.Rank - count), ("epsilon", (float)layer.eps));
        }
        var axes = Enumerable.Range(x.Rank - count, count).Select(axis => (long)axis).ToArray();
        var centred = x - graph.ReduceMean(x, axes);
        var deviation = graph.Elementwise("Sqrt", graph.ReduceMean(centred * centred, axes) + (float)layer.eps);
        var result = centred / deviation;
        if (scale is not null) result *= scale;
        return shift is null ? result : result + shift;
    }

    private static (OnnxValue Scale, OnnxValue Shift) Affine(OnnxGraph graph, NormBase layer, long channels)
    {
        if (!layer.affine) return Neutral(graph, channels);
        return (graph.Constant(layer.weight, "weight"),
            layer.bias is { } bias ? graph.Constant(bias, "bias") : graph.Constant(new float[channels], [channels]));
    }

    private static (OnnxValue Scale, OnnxValue Shift) Neutral(OnnxGraph graph, long channels) =>
        (graph.Constant(Ones(channels), [channels]), graph.Constant(new float[channels], [channels]));

    private static float[] Ones(long count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
