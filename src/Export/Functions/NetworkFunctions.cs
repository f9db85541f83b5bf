using TorchSharp;
using static TorchSharp.torch;
using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>The functions that layers are made of: convolution, pooling, normalisation, resizing, padding.</summary>
internal static class NetworkFunctions
{
    public static void AddTo(Table table)
    {
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
            table.Add($"lp_pool{n}d", call => PoolingLayers.Lp(call.Graph, call.X, n, call.Number(2, "norm_type"),
                call.Integers("kernel_size")!, call.Integers("stride"), call.Flag("ceil_mode")));
            table.Add($"adaptive_avg_pool{n}d", call => AdaptivePooling.Average(call.Graph, call.X, n, call.Integers("output_size")!));
            table.Add($"adaptive_max_pool{n}d", call => AdaptivePooling.Max(call.Graph, call.X, n, call.Integers("output_size")!));
        }
        table.Add("batch_norm", BatchNormalization);
        table.Add("instance_norm", InstanceNormalization);
        table.Add("group_norm", call => NormalizationLayers.Groups(
            call.Graph, call.X, call.Integer("num_groups", 1), call.Number(1e-5, "eps"), call.Tensor("weight"), call.Tensor("bias")));
        table.Add("layer_norm", call => NormalizationLayers.Layers(
            call.Graph, call.X, call.Integers("normalized_shape")!.Length, call.Number(1e-5, "eps"), call.Tensor("weight"),
            call.Tensor("bias")));
        table.Add("local_response_norm", call => NormalizationLayers.LocalResponse(call.Graph, call.X, call.Integer("size", 1),
            call.Number(1e-4, "alpha"), call.Number(0.75, "beta"), call.Number(1, "k")));
        table.Add("interpolate", call => Resize(call, call.Argument("mode") switch
        {
            InterpolationMode.Nearest => "nearest",
            InterpolationMode.Linear or InterpolationMode.Bilinear or InterpolationMode.Trilinear => "linear",
            InterpolationMode.Bicubic => "cubic",
            var mode => throw call.Graph.Error($"resizes by {mode}, in {call.Call.Site}, which the exporter does not know"),
        }));
        table.Add("upsample", call => Resize(call, call.Argument("mode") switch
        {
            UpsampleMode.Nearest => "nearest",
            UpsampleMode.Bicubic => "cubic",
            _ => "linear",
        }));
        table.Add("upsample_nearest upsample_nearest1d upsample_nearest2d upsample_nearest3d", call => Resize(call, "nearest"));
        table.Add("upsample_bilinear", call => Resize(call, "linear"));
        table.Add("pad", Pad);
        table.Add("grid_sample", GridSample);
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
        if (call.Flag("training") || !call.Has("running_mean"))
            throw call.Graph.Error($"normalizes by the batch's own statistics, in {call.Call.Site}, in evaluation mode, too");
        var channels = call.TracedX.Shape[1];
        return call.Operator("BatchNormalization",
        [
            call.X, call.Tensor("weight") ?? Filled(call, channels, 1), call.Tensor("bias") ?? Filled(call, channels, 0),
            call.Tensor("running_mean"), call.Tensor("running_var"),
        ], ("epsilon", (float)call.Number(1e-5, "eps")));
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

    private static OnnxValue Resize(FunctionCall call, string mode)
    {
        if (call.Flag("antialias"))
            throw call.Graph.Error($"resizes with antialias, in {call.Call.Site}, which the exporter does not know");
        var corners = call.Flag("align_corners");
        OnnxSetting[] settings = mode switch
        {
            "nearest" => [("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")],
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
        // One number is for all the spatial axes.
        if (given.Length == 1) given = Sizes.Repeat(given[0], 2 * Math.Max(1, rank - 2));
        var pads = new long[2 * rank];
        for (var i = 0; i < given.Length / 2; i++) (pads[rank - 1 - i], pads[2 * rank - 1 - i]) = (given[2 * i], given[2 * i + 1]);
        var mode = call.Argument("mode") switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            PaddingModes.Circular => call.Graph.Opset >= 19 ? "wrap" : throw call.Graph.Error(
                $"pads around, in {call.Call.Site}, which ONNX has from operator set 19 on; use Conv's padding_mode, or set Opset"),
            _ => "constant",
        };
        OnnxValue?[] inputs = [call.X, call.Graph.Integers("pads", pads)];
        if (mode == "constant") inputs = [.. inputs, OnnxTypes.Number(call.Graph, call.Number(0, "value"), call.X.Type)];
        return call.Operator("Pad", inputs, ("mode", mode));
    }

    private static OnnxValue GridSample(FunctionCall call)
    {
        if (call.Graph.Opset < 16) throw call.Graph.Error("samples by a grid, which ONNX has from operator set 16 on");
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
