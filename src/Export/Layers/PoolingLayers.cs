using TorchSharp.Modules;

namespace GanPipeline.Export;

internal static class PoolingLayers
{
    public static OnnxValue Max(OnnxGraph graph, MaxPool2d layer, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, 2);
        var kernel = Sizes.Each(layer.kernel_size, 2, 1);
        var stride = layer.stride is { Length: > 0 } given ? Sizes.Each(given, 2, 1) : kernel;
        var padding = Sizes.Each(layer.padding, 2, 0);
        var dilation = Sizes.Each(layer.dilation, 2, 1);
        var (shape, end) = Windows(x, kernel, stride, padding, dilation, layer.ceil_mode);
        return graph.Operator("MaxPool", [x], shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. padding, .. end]), ("dilations", dilation));
    }

    public static OnnxValue Average(OnnxGraph graph, AvgPool2d layer, OnnxValue x)
    {
        Sizes.RequireAxes(graph, x, 2);
        var kernel = Sizes.Each(layer.kernel_size, 2, 1);
        var stride = layer.stride is { Length: > 0 } given ? Sizes.Each(given, 2, 1) : kernel;
        var padding = Sizes.Each(layer.padding, 2, 0);
        var (shape, end) = Windows(x, kernel, stride, padding, [1, 1], layer.ceil_mode);
        if (layer.divisor_override is { } divisor)
        {
            var mean = Pool(x, padding, end, includePadding: true);
            return mean * ((float)(kernel[0] * kernel[1]) / divisor);
        }
        if (!layer.count_include_pad) return Pool(x, padding, end, includePadding: false);
        if (end.SequenceEqual(padding)) return Pool(x, padding, end, includePadding: true);
        // Torch counts the margin but not what ceil_mode adds behind it.
        var beyond = end.Zip(padding, (have, want) => have - want).ToArray();
        return Pool(graph.Pad(x, padding, padding), [0, 0], beyond, includePadding: false);

        OnnxValue Pool(OnnxValue value, long[] begin, long[] behind, bool includePadding) => graph.Operator("AveragePool", [value], shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. begin, .. behind]), ("count_include_pad", includePadding
                ? 1
                : 0));
    }

    // Runtimes have disagreed about ceil_mode; a larger margin behind says the same without it.
    private static (long[] Shape, long[] End) Windows(OnnxValue x, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceil)
    {
        var shape = x.Dimensions[..];
        var end = (long[])padding.Clone();
        for (var i = 0; i < 2; i++)
        {
            var size = shape[i + 2];
            var count = Sizes.Windows(size + 2 * padding[i], kernel[i], stride[i], dilation[i]);
            if (ceil)
            {
                var reach = (count - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
                // One window more, unless it would start behind the picture and the margin before it.
                if (reach < size + 2 * padding[i] && count * stride[i] < size + padding[i])
                    end[i] = count++ * stride[i] + dilation[i] * (kernel[i] - 1) + 1 - size - padding[i];
            }
            shape[i + 2] = count;
        }
        return (shape, end);
    }
}
