using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>The functions that layers are made of: convolution, pooling, normalisation, resizing, padding.</summary>
internal static class NetworkFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Layers as functions";
        table.Add("conv1d conv1d_padding", call => Convolution(call, 1));
        table.Add("conv2d conv2d_padding", call => Convolution(call, 2));
        table.Add("conv3d conv3d_padding", call => Convolution(call, 3));
        table.Add("conv_transpose1d", call => Transposed(call, 1));
        table.Add("conv_transpose2d", call => Transposed(call, 2));
        table.Add("conv_transpose3d", call => Transposed(call, 3));
        for (var axes = 1; axes <= 3; axes++)
        {
            var n = axes;
            table.Add($"max_pool{n}d", call => PoolingLayers.Max(call.Graph, call.X, n, call.Integers("kernel_size")!,
                call.Integers("stride", "strides"), call.Integers("padding"), call.Integers("dilation"), call.Flag("ceil_mode")));
            table.Add($"avg_pool{n}d", call => PoolingLayers.Average(call.Graph, call.X, n, call.Integers("kernel_size")!,
                call.Integers("stride"), call.Integers("padding"), call.Flag("ceil_mode"), call.Flag("count_include_pad", true),
                call.Integers("divisor_override")?[0]));
            if (n < 3)
                table.Add($"lp_pool{n}d", call => PoolingLayers.Lp(call.Graph, call.X, n, call.Number(2, "norm_type"),
                    call.Integers("kernel_size")!, call.Integers("stride"), call.Flag("ceil_mode")));
            table.Add($"adaptive_avg_pool{n}d", call => AdaptivePooling.Average(call.Graph, call.X, n, call.Integers("output_size")!));
            table.AddMany($"max_pool{n}d_with_indices", call => PoolingLayers.MaxWithPlaces(call.Graph, call.X, n,
                call.Integers("kernel_size")!, call.Integers("stride", "strides"), call.Integers("padding"), call.Integers("dilation"),
                call.Flag("ceil_mode")));
            table.Add($"max_unpool{n}d", Unpool);
            if (n == 3) continue;
            table.Add($"adaptive_max_pool{n}d", call => AdaptivePooling.Max(call.Graph, call.X, n, call.Integers("output_size")!));
            table.AddMany($"adaptive_max_pool{n}d_with_indices", call => AdaptiveWithPlaces(call, n), note: "With windows of one size.");
        }
        table.Add("batch_norm", BatchNormalization, note: "By the batch's own statistics where the network is exported in training mode.");
        table.Add("instance_norm", InstanceNormalization);
        table.Add("group_norm", call => NormalizationLayers.Groups(
            call.Graph, call.X, call.Integer("num_groups", 1), call.Number(1e-5, "eps"), call.Tensor("weight"), call.Tensor("bias")));
        table.Add("layer_norm", call => NormalizationLayers.Layers(
            call.Graph, call.X, call.Integers("normalized_shape")!.Length, call.Number(1e-5, "eps"), call.Tensor("weight"),
            call.Tensor("bias")));
        table.Add("local_response_norm", call => NormalizationLayers.LocalResponse(call.Graph, call.X, call.Integer("size", 1),
            call.Number(1e-4, "alpha"), call.Number(0.75, "beta"), call.Number(1, "k")), note: "Of an odd size.");
        table.Add("interpolate", call => call.Argument("mode") is InterpolationMode.Area ? Areas(call) : Resize(call, call.Argument(
            "mode") switch
        {
            InterpolationMode.Nearest => "nearest",
            InterpolationMode.Linear or InterpolationMode.Bilinear or InterpolationMode.Trilinear => "linear",
            InterpolationMode.Bicubic => "cubic",
            InterpolationMode.NearestExact => "exact",
            var mode => throw call.Graph.Error($"resizes by {mode}, in {call.Call.Site}, for which ONNX has nothing; take Bilinear"),
        }), note: "By areas, and with antialias, from fixed sizes to fixed sizes.");
        table.Add("upsample", call => Resize(call, call.Argument("mode") switch
        {
            UpsampleMode.Nearest => "nearest",
            UpsampleMode.Bicubic => "cubic",
            _ => "linear",
        }));
        table.Add("upsample_nearest upsample_nearest1d upsample_nearest2d upsample_nearest3d", call => Resize(call, "nearest"));
        table.Add("upsample_bilinear", call => Resize(call, "linear"));
        table.Add("pad", Pad, note: "Around (circular), before operator set 19, along axes of fixed size.");
        table.Add("grid_sample", GridSample, since: 16, note: "Not by Bicubic.");
        table.Add("affine_grid", AffineGrid, note: "To fixed sizes but for the batch.");
        table.Add("functional.unfold", Columns);
        table.Add("fold", Fold);
        table.Refuse("adaptive_max_pool3d adaptive_max_pool3d_with_indices", "which fails in TorchSharp 0.107; take max_pool3d");
        table.Refuse("fractional_max_pool2d fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices",
            "which draws its windows at random; take max_pool2d or adaptive_max_pool2d");
    }

    private static OnnxValue[] AdaptiveWithPlaces(FunctionCall call, int axes)
    {
        var sizes = call.TracedX.Shape[2..];
        var output = call.Result.Shape[2..];
        if (sizes.Zip(output).Any(pair => pair.First % pair.Second != 0))
            throw call.Graph.Error($"takes the places of windows that differ in size, in {call.Call.Site}; ONNX has those of equal ones");
        var window = sizes.Zip(output, (size, count) => size / count).ToArray();
        return PoolingLayers.MaxWithPlaces(call.Graph, call.X, axes, window, window, null, null, ceil: false);
    }

    // The values at their places of a plane of zeros.
    private static OnnxValue Unpool(FunctionCall call)
    {
        var graph = call.Graph;
        var plane = OnnxGraph.Product(call.Result.Shape[2..]);
        TracedSize[] sizes = [.. call.Result.Sizes[..2], new TracedSize([.. call.Result.Sizes[0].Values.Select(_ => plane)])];
        long[] shape = [.. sizes.Select(size => size.Dimension)];
        long[] flat = [.. shape[..2], OnnxGraph.Product(call.TracedX.Shape[2..])];
        OnnxValue Flat(OnnxValue value) => graph.Apply("Reshape", [value, graph.Integers("shape", 0, 0, -1)], value.Type, flat);
        var zeros = graph.Apply("Expand", [OnnxTypes.Number(graph, 0, call.Type), call.Sizes(sizes)], call.Type, shape);
        var put = graph.Apply("ScatterElements", [zeros, Flat(call.Tensor("indices")!), Flat(call.X)], call.Type, shape, ("axis", 2));
        return call.Reshape(put, null, call.Result);
    }

    // Two coordinates of each place of a grid in [-1, 1], by a matrix of two rows.
    private static OnnxValue AffineGrid(FunctionCall call)
    {
        var graph = call.Graph;
        var (batch, places) = (call.Result.Sizes[0], call.Result.Shape[1..^1]);
        var corners = call.Flag("align_corners");
        var axes = places.Length;
        var count = OnnxGraph.Product(places);
        var grid = new float[count * (axes + 1)];
        for (long place = 0; place < count; place++)
        {
            var rest = place;
            for (var axis = axes - 1; axis >= 0; axis--)
            {
                var (at, size) = (rest % places[axis], places[axis]);
                rest /= size;
                // x, the last axis, is the first coordinate.
                grid[place * (axes + 1) + axes - 1 - axis] = corners
                    ? size == 1 ? 0 : (float)(2.0 * at / (size - 1) - 1)
                    : (float)((2 * at + 1.0) / size - 1);
            }
            grid[place * (axes + 1) + axes] = 1;
        }
        var turned = graph.Transpose(call.X, 0, 2, 1);
        var product = graph.Apply("MatMul", [graph.Constant(grid, [count, axes + 1]), turned], call.Type, [batch.Dimension, count, axes]);
        return call.Reshape(product, null, call.Result);
    }

    private static (long[] Kernel, long[] Stride, long[] Padding, long[] Dilation) Window(FunctionCall call) =>
        (Sizes.Each(call.SettingIntegers("kernel_size"), 2, 1), Sizes.Each(call.SettingIntegers("stride"), 2, 1),
            Sizes.Each(call.SettingIntegers("padding"), 2, 0), Sizes.Each(call.SettingIntegers("dilation"), 2, 1));

    // The windows of a picture as columns: [N, C, H, W] to [N, C window, places].
    private static OnnxValue Columns(FunctionCall call)
    {
        Sizes.RequireAxes(call.Graph, call.X, 2);
        var (kernel, stride, padding, dilation) = Window(call);
        var x = call.Graph.Pad(call.X, padding, padding);
        // Each axis becomes two: the place in the window, and the window.
        for (var i = 0; i < 2; i++)
        {
            var axis = 2 + 2 * i;
            var count = Sizes.Windows(x.Shape[axis], kernel[i], stride[i], dilation[i]);
            var places = new long[kernel[i] * count];
            for (var at = 0; at < places.Length; at++) places[at] = at / count * dilation[i] + at % count * stride[i];
            x = call.Graph.Apply("Gather", [x, call.Graph.NewConstant("places", [kernel[i], count], places)], x.Type,
                [.. x.Dimensions[..axis], kernel[i], count, .. x.Dimensions[(axis + 1)..]], ("axis", axis));
        }
        return call.Reshape(call.Graph.Transpose(x, 0, 1, 2, 4, 3, 5), null, call.Result);
    }

    // The way back adds where windows overlap: a transposed convolution by ones.
    private static OnnxValue Fold(FunctionCall call)
    {
        var graph = call.Graph;
        var (kernel, stride, padding, dilation) = Window(call);
        var output = call.Result.Shape[2..];
        var (channels, window) = (call.Result.Shape[1], OnnxGraph.Product(kernel));
        long[] count = [.. output.Select((size, i) => Sizes.Windows(size + 2 * padding[i], kernel[i], stride[i], dilation[i]))];
        var ones = new float[channels * window * window];
        for (var i = 0; i < channels * window; i++) ones[i * window + i % window] = 1;
        var beyond = output.Select((size, i) =>
            size + 2 * padding[i] - (count[i] - 1) * stride[i] - dilation[i] * (kernel[i] - 1) - 1).ToArray();
        var columns = graph.Reshape(call.X, [channels * window, .. count]);
        return call.Operator("ConvTranspose", [columns, graph.Constant(ones, [channels * window, 1, .. kernel])],
            ("kernel_shape", kernel), ("strides", stride), ("pads", (long[])[.. padding, .. padding]), ("output_padding", beyond),
            ("dilations", dilation), ("group", channels));
    }

    private static OnnxValue?[] Operands(FunctionCall call) => call.Tensor("bias") is { } bias
        ? [call.X, call.Tensor("weight"), bias]
        : [call.X, call.Tensor("weight")];

    private static OnnxValue Convolution(FunctionCall call, int axes)
    {
        var kernel = call.Tensor("weight")!.Dimensions[2..];
        var dilation = Sizes.Each(call.Integers("dilation"), axes, 1);
        var (begin, end) = call.Argument("padding") is Padding padding
            ? ConvolutionLayers.Margins(padding, kernel, dilation)
            : (Sizes.Each(call.Integers("padding"), axes, 0), Sizes.Each(call.Integers("padding"), axes, 0));
        return call.Operator("Conv", Operands(call),
            ("kernel_shape", kernel), ("strides", Sizes.Each(call.Integers("stride", "strides"), axes, 1)),
            ("pads", (long[])[.. begin, .. end]), ("dilations", dilation), ("group", call.Integer("groups", 1)));
    }

    private static OnnxValue Transposed(FunctionCall call, int axes)
    {
        var padding = Sizes.Each(call.Integers("padding"), axes, 0);
        return call.Operator("ConvTranspose", Operands(call),
            ("kernel_shape", call.Tensor("weight")!.Dimensions[2..]), ("strides", Sizes.Each(call.Integers("stride", "strides"), axes, 1)),
            ("pads", (long[])[.. padding, .. padding]), ("output_padding", Sizes.Each(call.Integers("output_padding"), axes, 0)),
            ("dilations", Sizes.Each(call.Integers("dilation"), axes, 1)), ("group", call.Integer("groups", 1)));
    }

    private static OnnxValue BatchNormalization(FunctionCall call)
    {
        var channels = call.TracedX.Shape[1];
        var (scale, shift) = (call.Tensor("weight") ?? Filled(call, channels, 1), call.Tensor("bias") ?? Filled(call, channels, 0));
        var epsilon = call.Number(1e-5, "eps");
        if (!call.Flag("training") && call.Has("running_mean"))
            return call.Operator("BatchNormalization", [call.X, scale, shift, call.Tensor("running_mean"), call.Tensor("running_var")],
                ("epsilon", (float)epsilon));
        return call.Graph.Mode != ExportMode.Evaluation
            ? NormalizationLayers.OwnStatistics(call.Graph, call.X, epsilon, scale, shift)
            : throw call.Graph.Error($"normalizes by the batch's own statistics, in {call.Call.Site}, in evaluation mode, too; export it " +
                "in ExportMode.Preserve");
    }

    private static OnnxValue InstanceNormalization(FunctionCall call)
    {
        if (!call.Flag("use_input_stats", true)) return BatchNormalization(call);
        var channels = call.TracedX.Shape[1];
        return call.Operator("InstanceNormalization",
            [call.X, call.Tensor("weight") ?? Filled(call, channels, 1), call.Tensor("bias") ?? Filled(call, channels, 0)],
            ("epsilon", (float)call.Number(1e-5, "eps")));
    }

    private static OnnxValue Filled(FunctionCall call, long count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return call.Graph.Constant(values, [count]);
    }

    // The means of areas are those of adaptive pooling.
    private static OnnxValue Areas(FunctionCall call) =>
        AdaptivePooling.Average(call.Graph, call.X, call.TracedX.Shape.Length - 2, call.Result.Shape[2..]);

    private static OnnxValue Resize(FunctionCall call, string mode)
    {
        if (call.Flag("antialias")) return SmoothResizing.Of(call);
        var corners = call.Flag("align_corners");
        OnnxSetting[] settings = mode switch
        {
            "nearest" => [("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")],
            "exact" => [("mode", "nearest"), ("coordinate_transformation_mode", "half_pixel"), ("nearest_mode", "round_prefer_ceil")],
            "linear" => [("mode", mode), ("coordinate_transformation_mode", corners ? "align_corners" : "half_pixel")],
            _ => [("mode", mode), ("coordinate_transformation_mode", corners ? "align_corners" : "half_pixel"), ("cubic_coeff_a", -0.75f)],
        };
        var axes = call.TracedX.Shape.Length - 2;
        if (call.Argument("scale_factor", "scaleFactors", "scaleFactor") is { } given && !call.Flag("recompute_scale_factor"))
        {
            double[] factors = given is object?[] several ? [.. several.Select(factor => (double)factor!)] : [(double)given];
            if (factors.Length == 1) factors = [.. Enumerable.Repeat(factors[0], axes)];
            var scales = call.Graph.NewConstant("scales", [axes + 2], (float[])[1, 1, .. factors.Select(factor => (float)factor)]);
            return call.Operator("Resize", [call.X, null, scales], settings);
        }
        return call.Operator("Resize", [call.X, null, null, call.Sizes(call.Result.Sizes)], settings);
    }

    private static OnnxValue Pad(FunctionCall call)
    {
        // Torch names the last axis first, before and behind.
        var given = call.Integers("pad")!;
        var rank = call.TracedX.Shape.Length;
        // TorchSharp takes one number for all axes, the batch and the channels, too.
        if (given.Length == 1) given = Sizes.Repeat(given[0], 2 * rank);
        var pads = new long[2 * rank];
        for (var i = 0; i < given.Length / 2; i++) (pads[rank - 1 - i], pads[2 * rank - 1 - i]) = (given[2 * i], given[2 * i + 1]);
        if (call.Argument("mode") is PaddingModes.Circular && call.Graph.Opset < 19)
        {
            if (call.TracedX.Sizes.Where((size, i) => !size.IsFixed && pads[i] + pads[rank + i] > 0).Any())
                throw call.Graph.Error($"pads around an axis whose size is not fixed, in {call.Call.Site}, which ONNX has from " +
                    $"operator set 19 on; set {nameof(ExportOptions.Opset)}");
            return ConvolutionLayers.PadCircular(call.Graph, call.X, 0, pads[..rank], pads[rank..]);
        }
        var mode = call.Argument("mode") switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            PaddingModes.Circular => "wrap",
            _ => "constant",
        };
        OnnxValue?[] inputs = [call.X, call.Graph.Integers("pads", pads)];
        if (mode == "constant") inputs = [.. inputs, OnnxTypes.Number(call.Graph, call.Number(0, "value"), call.X.Type)];
        return call.Operator("Pad", inputs, ("mode", mode));
    }

    private static OnnxValue GridSample(FunctionCall call)
    {
        var linear = call.Graph.Opset >= 20 ? "linear" : "bilinear";
        return call.Operator("GridSample", [call.X, call.Tensor("grid")],
            ("mode", call.Argument("mode") switch
            {
                GridSampleMode.Nearest => "nearest",
                GridSampleMode.Bilinear => linear,
                var mode => throw call.Graph.Error($"samples by {mode}, in {call.Call.Site}, which the exporter does not know"),
            }),
            ("padding_mode", call.Argument("padding_mode") switch
            {
                GridSamplePaddingMode.Reflection => "reflection",
                GridSamplePaddingMode.Border => "border",
                _ => "zeros",
            }),
            ("align_corners", call.Flag("align_corners") ? 1 : 0));
    }
}
