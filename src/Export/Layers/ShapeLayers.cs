using TorchSharp.Modules;

namespace GanPipeline.Export;

internal static class ShapeLayers
{
    public static OnnxValue Flatten(OnnxGraph graph, Flatten layer, OnnxValue x)
    {
        var (first, last) = (graph.Axis(x, layer.start_dim), graph.Axis(x, layer.end_dim));
        if (first == 0 && last > 0) throw graph.Error(
            $"flattens the batch into the other axes (start_dim {layer.start_dim}), which has no fixed size");
        if (first >= last) return x;
        var shape = x.Dimensions;
        return graph.Reshape(x, [.. shape[1..first], OnnxGraph.Product(shape[first..(last + 1)]), .. shape[(last + 1)..]]);
    }

    public static OnnxValue Unflatten(OnnxGraph graph, Unflatten layer, OnnxValue x)
    {
        var axis = graph.Axis(x, layer.dim);
        if (layer.dim < 0)
            throw graph.Error($"counts its axis from the back, which TorchSharp refuses: take {axis} in place of {layer.dim}");
        if (axis == 0) throw graph.Error("unflattens the batch, which has no fixed size");
        var sizes = (long[])layer.unflattened_size.Clone();
        var open = Array.IndexOf(sizes, -1);
        if (open >= 0) sizes[open] = x.Shape[axis] / Math.Max(1, -OnnxGraph.Product(sizes));
        if (OnnxGraph.Product(sizes) != x.Shape[axis])
            throw graph.Error(
                $"unflattens axis {axis} of {x} to [{string.Join(", ", layer.unflattened_size)}], whose number of elements differs");
        var shape = x.Dimensions;
        return graph.Reshape(x, [.. shape[1..axis], .. sizes, .. shape[(axis + 1)..]]);
    }

    public static OnnxValue PixelShuffle(OnnxGraph graph, PixelShuffle layer, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, 2);
        var factor = layer.upscale_factor;
        if (x.Shape[1] % (factor * factor) != 0) throw graph.Error($"takes a multiple of {factor * factor} channels and is given {x}");
        return graph.Operator("DepthToSpace", [x],
            [x.Shape[0], x.Shape[1] / (factor * factor), Larger(x.Shape[2]), Larger(x.Shape[3])], ("blocksize", factor), ("mode", "CRD"));

        long Larger(long side) => Sizes.Then(side, size => size * factor);
    }

    /// <summary>Blocks of pixels as channels, the way back from PixelShuffle.</summary>
    public static OnnxValue PixelUnshuffle(OnnxGraph graph, long factor, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, 2);
        var (channels, height, width) = (x.Shape[1], x.Shape[2] / factor, x.Shape[3] / factor);
        // SpaceToDepth has the block's place before the channel, and Torch behind it.
        var blocks = graph.Reshape(x, channels, height, factor, width, factor);
        return graph.Reshape(graph.Transpose(blocks, 0, 1, 3, 5, 2, 4), channels * factor * factor, height, width);
    }

    /// <summary>Channels dealt out: the first of each group, then the second of each.</summary>
    public static OnnxValue ChannelShuffle(OnnxGraph graph, long groups, OnnxValue x)
    {
        long[] rest = [.. x.Shape.Skip(2)];
        var parts = graph.Reshape(x, [groups, x.Shape[1] / groups, .. rest]);
        long[] order = [0, 2, 1, .. Enumerable.Range(3, rest.Length).Select(axis => (long)axis)];
        return graph.Reshape(graph.Transpose(parts, order), [x.Shape[1], .. rest]);
    }

    public static OnnxValue Pad(OnnxGraph graph, PadBase layer, int axes, OnnxValue x, string mode)
    {
        Sizes.RequireAxes(graph, x, axes);
        // Torch's order is from the last axis to the first, before and behind: left, right, top, bottom.
        var padding = Sizes.Each(layer.padding, 2 * axes, 0);
        var begin = new long[axes];
        var end = new long[axes];
        for (var i = 0; i < axes; i++) (begin[axes - 1 - i], end[axes - 1 - i]) = (padding[2 * i], padding[2 * i + 1]);
        return graph.Pad(x, begin, end, mode, layer.value);
    }
}
