using TorchSharp.Modules;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Export;

/// <summary>Activation functions that are more than one ONNX operator.</summary>
internal static class ActivationLayers
{
    public static OnnxValue Gelu(OnnxGraph graph, OnnxValue x, bool tanh)
    {
        if (graph.Opset >= 20) return graph.Elementwise("Gelu", x, ("approximate", tanh ? "tanh" : "none"));
        if (tanh)
        {
            var inner = (x + x * x * x * 0.044715f) * MathF.Sqrt(2 / MathF.PI);
            return x * 0.5f * (graph.Tanh(inner) + 1);
        }
        // In this order ONNX Runtime makes one operator of it, twice as fast.
        return x * (graph.Elementwise("Erf", x / MathF.Sqrt(2)) + 1) * 0.5f;
    }

    public static OnnxValue Hardtanh(OnnxGraph graph, Hardtanh layer, OnnxValue x) => layer.inplace
        ? graph.Clip(x, layer.min_val, layer.max_val)
        : throw graph.Error("limits nothing: TorchSharp 0.107's Hardtanh returns what it is given, unless it works in place; " +
            "make it with inplace: true, or take Identity for what it did in training");

    public static OnnxValue PRelu(OnnxGraph graph, PReLU layer, OnnxValue x)
    {
        var count = layer.num_parameters;
        if (count != 1) Sizes.RequireChannels(graph, x, count);
        // One slope for each channel, repeated along the axes after it.
        var shape = Sizes.Repeat(1, Math.Max(x.Rank - 1, 1));
        shape[0] = count;
        return graph.Operator("PRelu", [x, graph.Constant(layer.weight.reshape(shape), "weight")], x.Shape);
    }

    /// <summary>log(1 + exp(beta x)) / beta, and x itself where beta x is above the threshold.</summary>
    public static OnnxValue Softplus(OnnxGraph graph, OnnxValue x, double beta, double threshold)
    {
        var scaled = beta == 1 ? x : x * (float)beta;
        var soft = graph.Elementwise("Softplus", scaled);
        if (beta != 1) soft /= (float)beta;
        // From 17 on, log(1 + exp(x)) and x are the same float32.
        return threshold >= 17 ? soft : Where(graph, scaled, "Greater", threshold, x, soft);
    }

    // ONNX's own Swish, of operator set 24, takes twice the time in ONNX Runtime.
    public static OnnxValue Silu(OnnxGraph graph, OnnxValue x) => x * graph.Sigmoid(x);

    public static OnnxValue Mish(OnnxGraph graph, OnnxValue x) => graph.Opset >= 18
        ? graph.Elementwise("Mish", x)
        : x * graph.Tanh(graph.Elementwise("Softplus", x));

    public static OnnxValue HardSigmoid(OnnxGraph graph, OnnxValue x) =>
        graph.Elementwise("HardSigmoid", x, ("alpha", 1f / 6), ("beta", 0.5f));

    public static OnnxValue HardSwish(OnnxGraph graph, OnnxValue x) =>
        graph.Opset >= 14 ? graph.Elementwise("HardSwish", x) : x * HardSigmoid(graph, x);

    /// <summary>alpha (exp(x / alpha) - 1) where x is negative.</summary>
    public static OnnxValue Celu(OnnxGraph graph, OnnxValue x, double alpha) => graph.Elementwise("Celu", x, ("alpha", (float)alpha));

    public static OnnxValue LogSigmoid(OnnxGraph graph, OnnxValue x) =>
        graph.Elementwise("Neg", graph.Elementwise("Softplus", graph.Elementwise("Neg", x)));

    /// <summary>x where it is further from 0 than lambda, else 0.</summary>
    public static OnnxValue HardShrink(OnnxGraph graph, OnnxValue x, double lambda) =>
        Where(graph, graph.Elementwise("Abs", x), "Greater", lambda, x, graph.Constant(0));

    /// <summary>x moved towards 0 by lambda.</summary>
    public static OnnxValue SoftShrink(OnnxGraph graph, OnnxValue x, double lambda) =>
        graph.Elementwise("Shrink", x, ("bias", (float)lambda), ("lambd", (float)lambda));

    /// <summary>x where it is above a threshold, else a value.</summary>
    public static OnnxValue Threshold(OnnxGraph graph, OnnxValue x, double threshold, double value) =>
        Where(graph, x, "Greater", threshold, x, graph.Constant((float)value));

    /// <summary>One half of an axis by the sigmoid of the other.</summary>
    public static OnnxValue Glu(OnnxGraph graph, OnnxValue x, long axis)
    {
        var at = graph.Axis(x, axis);
        var half = x.Shape[at] / 2;
        return graph.Slice(x, at, 0, half) * graph.Sigmoid(graph.Slice(x, at, half, 2 * half));
    }

    private static OnnxValue Where(
        OnnxGraph graph, OnnxValue compared, string op, double with, OnnxValue then, OnnxValue otherwise)
    {
        var condition = graph.Apply(op, [compared, graph.Constant((float)with)], DataType.Bool, compared.Dimensions);
        return graph.Apply("Where", [condition, then, otherwise], compared.Type, compared.Dimensions);
    }
}
