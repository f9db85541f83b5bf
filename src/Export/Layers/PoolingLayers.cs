using static Onnx.TensorProto.Types;

namespace GanPipeline.Export;

/// <summary>Pooling over windows, along any number of axes.</summary>
internal static class PoolingLayers
{
    public static OnnxValue Max(
        OnnxGraph graph, OnnxValue x, int axes, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
    {
        var (shape, settings) = Largest(graph, x, axes, kernel, stride, padding, dilation, ceil);
        return graph.Operator("MaxPool", [x], shape, settings);
    }

    /// <summary>The largest values, and their places in their planes.</summary>
    public static OnnxValue[] MaxWithPlaces(
        OnnxGraph graph, OnnxValue x, int axes, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
    {
        var (shape, settings) = Largest(graph, x, axes, kernel, stride, padding, dilation, ceil);
        var pooled = graph.ApplyMany("MaxPool", [x], [(x.Type, shape), (DataType.Int64, shape)], settings);
        // ONNX counts them through all planes.
        var plane = graph.NewConstant("plane", [], new[] { OnnxGraph.Product(x.Dimensions[2..]) });
        return [pooled[0], graph.Apply("Mod", [pooled[1], plane], DataType.Int64, shape)];
    }

    private static (long[] Shape, OnnxSetting[] Settings) Largest(
        OnnxGraph graph, OnnxValue x, int axes, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil)
    {
        Sizes.RequireAxes(graph, x, axes);
        kernel = Sizes.Each(kernel, axes, 1);
        stride = stride is { Length: > 0 } ? Sizes.Each(stride, axes, 1) : kernel;
        padding = Sizes.Each(padding, axes, 0);
        dilation = Sizes.Each(dilation, axes, 1);
        var (shape, end) = Windows(x, kernel, stride, padding, dilation, ceil);
        return (shape,
            [("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. padding, .. end]), ("dilations", dilation)]);
    }

    public static OnnxValue Average(OnnxGraph graph, OnnxValue x, int axes, long[] kernel, long[]? stride, long[]? padding, bool ceil,
        bool includePadding, long? divisor = null)
    {
        Sizes.RequireAxes(graph, x, axes);
        kernel = Sizes.Each(kernel, axes, 1);
        stride = stride is { Length: > 0 } ? Sizes.Each(stride, axes, 1) : kernel;
        padding = Sizes.Each(padding, axes, 0);
        var (shape, end) = Windows(x, kernel, stride, padding, Sizes.Repeat(1, axes), ceil);
        if (divisor is { } by)
        {
            var mean = Pool(x, padding, end, includePadding: true);
            return mean * ((float)OnnxGraph.Product(kernel) / by);
        }
        if (!includePadding) return Pool(x, padding, end, includePadding: false);
        if (end.SequenceEqual(padding)) return Pool(x, padding, end, includePadding: true);
        // Torch counts the margin but not what ceil_mode adds behind it.
        var beyond = end.Zip(padding, (have, want) => have - want).ToArray();
        return Pool(graph.Pad(x, padding, padding), Sizes.Repeat(0, axes), beyond, includePadding: false);

        OnnxValue Pool(OnnxValue value, long[] begin, long[] behind, bool includePadding) => graph.Operator("AveragePool", [value], shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. begin, .. behind]), ("count_include_pad", includePadding
                ? 1
                : 0));
    }

    /// <summary>The p-th root of the sum of p-th powers, after torch.nn.functional.lp_pool.</summary>
    public static OnnxValue Lp(OnnxGraph graph, OnnxValue x, int axes, double p, long[] kernel, long[]? stride, bool ceil)
    {
        if (p != Math.Floor(p) || p < 1) throw graph.Error($"pools by a norm of {p}; ONNX takes whole numbers from 1");
        Sizes.RequireAxes(graph, x, axes);
        kernel = Sizes.Each(kernel, axes, 1);
        stride = stride is { Length: > 0 } ? Sizes.Each(stride, axes, 1) : kernel;
        var none = Sizes.Repeat(0, axes);
        var (shape, end) = Windows(x, kernel, stride, none, Sizes.Repeat(1, axes), ceil);
        return graph.Operator("LpPool", [x], shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. none, .. end]), ("p", (long)p));
    }

    // Runtimes have disagreed about ceil_mode; a larger margin behind says the same without it.
    private static (long[] Shape, long[] End) Windows(OnnxValue x, long[] kernel, long[] stride, long[] padding, long[] dilation, bool ceil)
    {
        var shape = x.Dimensions[..];
        var end = (long[])padding.Clone();
        for (var i = 0; i < kernel.Length; i++)
        {
            var size = shape[i + 2];
            if (size < 0)
            {
                if (ceil) throw x.Graph.Error($"pools {x} with ceil_mode, whose margins follow from sizes that are not fixed here");
                continue;
            }
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
