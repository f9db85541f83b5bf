using TorchSharp.Modules;

namespace GanPipeline.Export;

/// <summary>Activation functions that are more than one ONNX operator.</summary>
internal static class ActivationLayers
{
    public static OnnxValue Gelu(OnnxGraph graph, GELU layer, OnnxValue x)
    {
        if (layer.approximate == GELU.Approximate.tanh)
        {
            var inner = (x + x * x * x * 0.044715f) * MathF.Sqrt(2 / MathF.PI);
            return x * 0.5f * (graph.Tanh(inner) + 1);
        }
        return x * 0.5f * (graph.Elementwise("Erf", x * MathF.Sqrt(0.5f)) + 1);
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
    public static OnnxValue Softplus(OnnxGraph graph, Softplus layer, OnnxValue x)
    {
        var (beta, threshold) = ((float)layer.beta, (float)layer.threshold);
        var scaled = beta == 1 ? x : x * beta;
        var soft = graph.Elementwise("Softplus", scaled);
        if (beta != 1) soft /= beta;
        // From 17 on, log(1 + exp(x)) and x are the same float32.
        if (threshold >= 17) return soft;
        var linear = graph.Apply("Greater", [scaled, graph.Constant(threshold)], Onnx.TensorProto.Types.DataType.Bool, x.Dimensions);
        return graph.Apply("Where", [linear, x, soft], x.Type, x.Dimensions);
    }

    public static OnnxValue HardSigmoid(OnnxGraph graph, OnnxValue x) =>
        graph.Elementwise("HardSigmoid", x, ("alpha", 1f / 6), ("beta", 0.5f));
}
