using TorchSharp.Modules;

namespace GanPipeline.Export;

internal static class NormalizationLayers
{
    public static OnnxValue BatchNormalization(OnnxGraph graph, BatchNorm layer, OnnxValue x)
    {
        Sizes.RequireChannels(graph, x, layer.num_features);
        var (scale, shift) = Affine(graph, layer, layer.num_features);
        if (Dropouts.IsOn(graph, layer)) return OwnStatistics(graph, x, layer.eps, scale, shift);
        if (layer.running_mean is not { } mean || layer.running_var is not { } variance)
            throw graph.Error("keeps no running statistics, so that its result depends on the whole batch; make it with " +
                "track_running_stats: true, or export it in ExportMode.Training");
        return graph.Operator("BatchNormalization",
            [x, scale, shift, graph.Constant(mean, "running_mean"), graph.Constant(variance, "running_var")],
            x.Shape, ("epsilon", (float)layer.eps));
    }

    /// <summary>Normalizes channels by mean and variance of the batch in hand.</summary>
    public static OnnxValue OwnStatistics(OnnxGraph graph, OnnxValue x, double epsilon, OnnxValue scale, OnnxValue shift)
    {
        long[] axes = [0, .. Enumerable.Range(2, x.Rank - 2).Select(axis => (long)axis)];
        var centred = x - graph.MeanOverBatch(x, axes);
        var deviation = graph.Elementwise("Sqrt", graph.MeanOverBatch(centred * centred, axes) + (float)epsilon);
        return centred / deviation * PerChannel(graph, scale, x.Rank) + PerChannel(graph, shift, x.Rank);
    }

    public static OnnxValue InstanceNormalization(OnnxGraph graph, InstanceNorm layer, int axes, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, axes);
        Sizes.RequireChannels(graph, x, layer.num_features);
        var (scale, shift) = Affine(graph, layer, layer.num_features);
        // With running statistics it does in evaluation mode what batch normalisation does.
        return layer.running_mean is { } mean && layer.running_var is { } variance && !Dropouts.IsOn(graph, layer)
            ? graph.Operator("BatchNormalization",
                [x, scale, shift, graph.Constant(mean, "running_mean"), graph.Constant(variance, "running_var")], x
                    .Shape, ("epsilon", (float)layer.eps))
            : graph.Operator("InstanceNormalization", [x, scale, shift], x.Shape, ("epsilon", (float)layer.eps));
    }

    public static OnnxValue GroupNormalization(OnnxGraph graph, GroupNorm layer, OnnxValue x) => Groups(
        graph, x, layer.num_groups, layer.eps, layer.affine ? graph.Constant(layer.weight, "weight") : null,
        layer.affine && layer.bias is { } bias ? graph.Constant(bias, "bias") : null);

    /// <summary>Normalizes groups of channels; weight and bias are by channel.</summary>
    public static OnnxValue Groups(OnnxGraph graph, OnnxValue x, long count, double epsilon, OnnxValue? weight, OnnxValue? bias)
    {
        if (x.Rank < 2 || x.Shape[1] % count != 0) throw graph.Error($"takes [N, channels, ...] of {count} groups and is given {x}");
        // A group is an instance of one channel. ONNX's own GroupNormalization takes twice the time in ONNX Runtime.
        var isFixed = x.Shape.Skip(1).All(size => size > 0);
        var groups = isFixed
            ? graph.Reshape(x, count, OnnxGraph.Product(x.Shape.Skip(1)) / count)
            : graph.Apply("Reshape", [x, graph.Integers("shape", 0, count, -1)], x.Type, [x.Shape[0], count, OnnxGraph.Dynamic]);
        var (ones, zeros) = Neutral(graph, count);
        var normalized = graph.Operator("InstanceNormalization", [groups, ones, zeros], groups.Shape, ("epsilon", (float)epsilon));
        var result = isFixed
            ? graph.Reshape(normalized, [.. x.Shape.Skip(1)])
            : graph.Apply("Reshape", [normalized, graph.ShapeOf(x)], x.Type, x.Dimensions);
        if (weight is not null) result *= PerChannel(graph, weight, x.Rank);
        return bias is null ? result : result + PerChannel(graph, bias, x.Rank);
    }

    public static OnnxValue LayerNormalization(OnnxGraph graph, LayerNorm layer, OnnxValue x)
    {
        var count = layer.normalized_shape.Length;
        if (x.Rank < count || !x.Shape.Skip(x.Rank - count).SequenceEqual(layer.normalized_shape))
            throw graph.Error($"normalizes [{string.Join(", ", layer.normalized_shape)}] and is given {x}");
        return Layers(graph, x, count, layer.eps, layer.elementwise_affine ? graph.Constant(layer.weight, "weight") : null,
            layer.elementwise_affine && layer.bias is { } bias ? graph.Constant(bias, "bias") : null);
    }

    /// <summary>Normalizes over a number of last axes; weight and bias have their sizes.</summary>
    public static OnnxValue Layers(OnnxGraph graph, OnnxValue x, int count, double epsilon, OnnxValue? scale, OnnxValue? shift)
    {
        if (graph.Opset >= 17)
        {
            long[] normalized = [.. x.Shape.Skip(x.Rank - count)];
            scale ??= graph.Constant(Ones(OnnxGraph.Product(normalized)), normalized);
            return graph.Operator("LayerNormalization", shift is null ? [x, scale] : [x, scale, shift], x.Shape,
                ("axis", x.Rank - count), ("epsilon", (float)epsilon));
        }
        var axes = Enumerable.Range(x.Rank - count, count).Select(axis => (long)axis).ToArray();
        var centred = x - graph.ReduceMean(x, axes);
        var deviation = graph.Elementwise("Sqrt", graph.ReduceMean(centred * centred, axes) + (float)epsilon);
        var result = centred / deviation;
        if (scale is not null) result *= scale;
        return shift is null ? result : result + shift;
    }

    /// <summary>Divides by a power of the sum of the squares of neighbouring channels.</summary>
    public static OnnxValue LocalResponse(OnnxGraph graph, OnnxValue x, long size, double alpha, double beta, double k)
    {
        if (size % 2 == 0) throw graph.Error($"normalizes over {size} channels, an even number, which ONNX Runtime does not take");
        // It takes pictures alone.
        var picture = x.Rank == 4 ? x : graph.Reshape(x, x.Shape[1], OnnxGraph.Product(x.Dimensions[2..]), 1);
        var result = graph.Elementwise(
            "LRN", picture, ("size", size), ("alpha", (float)alpha), ("beta", (float)beta), ("bias", (float)k));
        return x.Rank == 4 ? result : graph.Reshape(result, x.Dimensions[1..]);
    }

    // One number for each channel, repeated along the axes after it.
    private static OnnxValue PerChannel(OnnxGraph graph, OnnxValue values, int rank)
    {
        var shape = Sizes.Repeat(1, rank - 1);
        shape[0] = values.Shape[0];
        return values.Elements is float[] known
            ? graph.Constant(known, shape)
            : graph.Apply("Reshape", [values, graph.Integers("shape", shape)], values.Type, shape);
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
