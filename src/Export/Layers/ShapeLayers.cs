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
            [x.Shape[0], x.Shape[1] / (factor * factor), x.Shape[2] * factor, x.Shape[3] * factor], ("blocksize", factor), ("mode", "CRD"));
    }

    public static OnnxValue Pad(OnnxGraph graph, PadBase layer, OnnxValue x, string mode)
    {
        Sizes.RequireAxes(graph, x, 2);
        // Torch's order is left, right, top, bottom.
        var padding = Sizes.Each(layer.padding, 4, 0);
        return graph.Pad(x, [padding[2], padding[0]], [padding[3], padding[1]], mode, layer.value);
    }
}
