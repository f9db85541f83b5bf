using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Export;

internal static class UpsampleLayer
{
    public static OnnxValue Upsample(OnnxGraph graph, Upsample layer, OnnxValue x)
    {
        var axes = x.Rank - 2;
        Sizes.RequireAxes(graph, x, Math.Max(axes, 1));
        var size = layer.size.ToArray();
        var scale = layer.scale_factor.ToArray();
        var corners = layer.align_corners == true;
        OnnxSetting[] settings = layer.mode switch
        {
            UpsampleMode.Nearest => [("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")],
            UpsampleMode.Linear or UpsampleMode.Bilinear or UpsampleMode.Trilinear => [("mode", "linear"), Coordinates(corners)],
            UpsampleMode.Bicubic => [("mode", "cubic"), Coordinates(corners), ("cubic_coeff_a", -0.75f)],
            var other => throw graph.Error($"resizes by mode {other}, which the exporter does not know"),
        };
        if (scale.Length > 0)
        {
            if (scale.Length == 1) scale = [.. Enumerable.Repeat(scale[0], axes)];
            if (scale.Length != axes) throw graph.Error($"has {scale.Length} scale factors and is given {x}");
            var shape = x.Dimensions[..];
            for (var i = 0; i < axes; i++) shape[i + 2] = Sizes.Then(shape[i + 2], size => (long)Math.Floor(size * scale[i]));
            if (layer.recompute_scale_factor != true || shape[2..].Any(known => known < 0))
            {
                var factors = graph.NewConstant("scales", [x.Rank], (float[])[1, 1, .. scale.Select(factor => (float)factor)]);
                return graph.Operator("Resize", [x, null, factors], shape, settings);
            }
            size = shape[2..];
        }
        if (size.Length == 1) size = Sizes.Repeat(size[0], axes);
        if (size.Length != axes) throw graph.Error($"has {size.Length} sizes and is given {x}");
        return ToSize(graph, x, size, settings);
    }

    private static OnnxSetting Coordinates(bool corners) => ("coordinate_transformation_mode", corners ? "align_corners" : "half_pixel");

    // A ratio such as 7/3 is not exact in the float32 of scales, and its product may fall short of the size; sizes are exact, but they
    // include the batch's, which is known only when the model runs.
    private static OnnxValue ToSize(OnnxGraph graph, OnnxValue x, long[] size, OnnxSetting[] settings)
    {
        var outer = graph.Slice(graph.ShapeOf(x), 0, 0, 2);
        var sizes = graph.Concat(0, outer, graph.Integers("size", size));
        return graph.Operator("Resize", [x, null, null, sizes], [x.Shape[0], x.Shape[1], .. size], settings);
    }
}
