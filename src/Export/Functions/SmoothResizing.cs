using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// interpolate with antialias: each place is a weighted mean over as many as the scale has, which is a product with a matrix along either
/// axis. ONNX Runtime's own Resize with antialias gives other numbers at the ends.
/// </summary>
internal static class SmoothResizing
{
    public static OnnxValue Of(FunctionCall call)
    {
        var graph = call.Graph;
        var (from, to) = (call.TracedX.Sizes[^2..], call.Result.Sizes[^2..]);
        if (!from.Concat(to).All(size => size.IsFixed))
            throw graph.Error($"resizes with antialias what has no fixed sizes, in {call.Call.Site}; leave antialias out");
        var isCubic = call.Argument("mode") is InterpolationMode.Bicubic;
        var corners = call.Flag("align_corners");
        var x = call.X;
        for (var i = 0; i < 2; i++)
        {
            var (input, output) = (from[i].First, to[i].First);
            var scale = corners ? output > 1 ? (input - 1.0) / (output - 1) : 0
                : Factor(call, i) is { } factor ? 1 / factor : (double)input / output;
            var weights = graph.Constant(Weights(input, output, scale, isCubic), [output, input]);
            // [out, in] from the left for the height, its transpose from the right for the width.
            x = i == 0
                ? graph.Apply("MatMul", [weights, x], x.Type, [.. x.Dimensions[..^2], output, x.Shape[^1]])
                : graph.Apply("MatMul", [x, graph.Transpose(weights, 1, 0)], x.Type, [.. x.Dimensions[..^1], output]);
        }
        return x;
    }

    private static double? Factor(FunctionCall call, int axis) =>
        call.Argument("scale_factor") is object?[] { Length: > 0 } factors && !call.Flag("recompute_scale_factor")
            ? (double)factors[Math.Min(axis, factors.Length - 1)]!
            : null;

    private static float[] Weights(long input, long output, double scale, bool isCubic)
    {
        var weights = new float[output * input];
        var reach = (isCubic ? 2 : 1) * Math.Max(scale, 1);
        for (var i = 0; i < output; i++)
        {
            var centre = scale * (i + 0.5);
            var first = Math.Max((long)(centre - reach + 0.5), 0);
            var end = Math.Min((long)(centre + reach + 0.5), input);
            var row = new double[end - first];
            for (var j = 0; j < row.Length; j++)
            {
                var distance = Math.Abs((j + first - centre + 0.5) / Math.Max(scale, 1));
                row[j] = isCubic ? Cubic(distance) : Math.Max(0, 1 - distance);
            }
            var sum = row.Sum();
            for (var j = 0; j < row.Length; j++) weights[i * input + first + j] = (float)(row[j] / sum);
        }
        return weights;
    }

    // Keys' kernel with a = -0.5, as in Pillow.
    private static double Cubic(double x) => x switch
    {
        < 1 => (1.5 * x - 2.5) * x * x + 1,
        < 2 => ((-0.5 * x + 2.5) * x - 4) * x + 2,
        _ => 0,
    };
}
