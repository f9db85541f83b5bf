using TorchSharp;
using TorchSharp.Modules;

namespace GanPipeline.Export;

/// <summary>Convolutions over any number of spatial axes.</summary>
internal static class ConvolutionLayers
{
    public static OnnxValue Convolution(OnnxGraph graph, Convolution layer, OnnxValue x)
    {
        var kernel = layer.weight.shape[2..];
        var axes = kernel.Length;
        Sizes.RequireAxes(graph, x, axes);
        Sizes.RequireChannels(graph, x, layer.in_channels);
        var stride = Sizes.Each(layer.stride, axes, 1);
        var dilation = Sizes.Each(layer.dilation, axes, 1);
        var (begin, end) = Margins(layer, kernel, dilation);

        if (layer.padding_mode is not (PaddingModes.Zeros or PaddingModes.Constant))
        {
            x = layer.padding_mode switch
            {
                PaddingModes.Reflect => graph.Pad(x, begin, end, "reflect"),
                PaddingModes.Replicate => graph.Pad(x, begin, end, "edge"),
                PaddingModes.Circular => PadCircular(graph, x, 2, begin, end),
                var other => throw graph.Error($"pads by mode {other}, which the exporter does not know"),
            };
            begin = end = Sizes.Repeat(0, axes);
        }
        var shape = x.Dimensions[..];
        shape[1] = layer.out_channels;
        for (var i = 0; i < axes; i++)
            shape[i + 2] = Sizes.Then(shape[i + 2], size => Sizes.Windows(size + begin[i] + end[i], kernel[i], stride[i], dilation[i]));
        return graph.Operator("Conv", Operands(graph, layer, x), shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. begin, .. end]), ("dilations", dilation), ("group", layer
                .groups));
    }

    public static OnnxValue Transposed(OnnxGraph graph, ConvolutionTranspose layer, OnnxValue x)
    {
        var kernel = layer.weight.shape[2..];
        var axes = kernel.Length;
        Sizes.RequireAxes(graph, x, axes);
        Sizes.RequireChannels(graph, x, layer.in_channels);
        if (layer.padding_mode is not (PaddingModes.Zeros or PaddingModes.Constant))
            throw graph.Error($"pads by mode {layer.padding_mode}; a transposed convolution pads by zeros only");
        var stride = Sizes.Each(layer.stride, axes, 1);
        var dilation = Sizes.Each(layer.dilation, axes, 1);
        var padding = Sizes.Each(layer.padding, axes, 0);
        var extra = Sizes.Each(layer.output_padding, axes, 0);
        if (extra.Distinct().Count() > 1)
            throw graph.Error($"has the output paddings [{string.Join(", ", extra)}], of which TorchSharp takes the first for all axes; " +
                "make it with the same one for each");
        for (var i = 0; i < axes; i++)
            if (extra[i] >= Math.Max(stride[i], dilation[i]))
                throw graph.Error($"has an output padding of {extra[i]}, which Torch refuses where neither stride nor dilation is larger " +
                    $"(stride {stride[i]}, dilation {dilation[i]})");

        var shape = x.Dimensions[..];
        shape[1] = layer.out_channels;
        for (var i = 0; i < axes; i++)
            shape[i + 2] = Sizes.Then(shape[i + 2], size =>
                (size - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + extra[i] + 1);
        return graph.Operator("ConvTranspose", Operands(graph, layer, x), shape,
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. padding, .. padding]), ("output_padding", extra),
            ("dilations", dilation), ("group", layer.groups));
    }

    private static OnnxValue[] Operands(OnnxGraph graph, Convolution layer, OnnxValue x) => layer.bias is { } bias
        ? [x, graph.Constant(layer.weight, "weight"), graph.Constant(bias, "bias")]
        : [x, graph.Constant(layer.weight, "weight")];

    /// <summary>The margins that a convolution adds before and behind each axis.</summary>
    public static (long[] Begin, long[] End) Margins(Convolution layer, long[] kernel, long[] dilation)
    {
        if (layer.padding_type is { } type) return Margins(type, kernel, dilation);
        var padding = Sizes.Each(layer.padding, kernel.Length, 0);
        return (padding, padding);
    }

    /// <summary>The margins before and behind each axis by which a convolution keeps the size, or has none.</summary>
    public static (long[] Begin, long[] End) Margins(Padding type, long[] kernel, long[] dilation)
    {
        if (type == Padding.Valid) return (Sizes.Repeat(0, kernel.Length), Sizes.Repeat(0, kernel.Length));
        // 'Same' keeps the size; where the margin is odd, Torch has the larger half behind.
        var total = kernel.Zip(dilation, (size, step) => step * (size - 1)).ToArray();
        return ([.. total.Select(sum => sum / 2)], [.. total.Select(sum => sum - sum / 2)]);
    }

    /// <summary>A margin that wraps around, of the axes from a first one on.</summary>
    /// <remarks>ONNX has it only from operator set 19 on; slices and Concat are the same in all of them.</remarks>
    public static OnnxValue PadCircular(OnnxGraph graph, OnnxValue x, int first, long[] begin, long[] end)
    {
        for (var i = 0; i < begin.Length; i++)
        {
            var (axis, size) = (first + i, x.Shape[first + i]);
            List<OnnxValue> parts = [x];
            if (begin[i] > 0) parts.Insert(0, graph.Slice(x, axis, size - begin[i], size));
            if (end[i] > 0) parts.Add(graph.Slice(x, axis, 0, end[i]));
            x = graph.Concat(axis, [.. parts]);
        }
        return x;
    }
}
