using TorchSharp.Modules;

namespace GanPipeline.Export;

/// <summary>Activation functions.</summary>
internal static class ActivationFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Activations";
        table.Add("relu", call => call.Graph.Relu(call.X));
        table.Add("relu6", call => call.Graph.Clip(call.X, 0, 6));
        table.Add("leaky_relu", call => call.Graph.LeakyRelu(call.X, call.Number(0.01, "negative_slope")));
        table.Add("sigmoid", call => call.Graph.Sigmoid(call.X));
        table.Add("tanh", call => call.Graph.Tanh(call.X));
        // TorchSharp never says that it is training, so that the slope is the mean.
        table.Add("rrelu", call =>
            call.Graph.LeakyRelu(call.X, (call.SettingNumber(1 / 8.0, "lower") + call.SettingNumber(1 / 3.0, "upper")) / 2));
        table.Add("elu", Elu);
        table.Add("selu", call => call.Graph.Elementwise("Selu", call.X));
        table.Add("celu", call => ActivationLayers.Celu(call.Graph, call.X, call.Number(1, "alpha")));
        table.Add("silu", call => ActivationLayers.Silu(call.Graph, call.X));
        table.Add("mish", call => ActivationLayers.Mish(call.Graph, call.X));
        table.Add("gelu", call => ActivationLayers.Gelu(call.Graph, call.X, call.Argument("approximate") is GELU.Approximate.tanh));
        table.Add("softplus", call => ActivationLayers.Softplus(call.Graph, call.X, call.Number(1, "beta"), call.Number(20, "threshold")));
        table.Add("softsign", call => call.Graph.Elementwise("Softsign", call.X));
        table.Add("logsigmoid log_sigmoid", call => ActivationLayers.LogSigmoid(call.Graph, call.X));
        table.Add("hardsigmoid", call => ActivationLayers.HardSigmoid(call.Graph, call.X));
        table.Add("hardswish", call => ActivationLayers.HardSwish(call.Graph, call.X));
        table.Add("hardtanh", call =>
            call.Graph.Clip(call.X, call.Number(-1, "min_val", "min"), call.Number(1, "max_val", "max")));
        table.Add("hardshrink", call => ActivationLayers.HardShrink(call.Graph, call.X, call.Number(0.5, "lambda")));
        table.Add("softshrink", call => ActivationLayers.SoftShrink(call.Graph, call.X, call.Number(0.5, "lambda")));
        table.Add("tanhshrink", call => call.X - call.Graph.Tanh(call.X));
        table.Add("threshold", call =>
            ActivationLayers.Threshold(call.Graph, call.X, call.Number(0, "threshold"), call.Number(0, "value")));
        table.Add("softmax", call => call.Graph.Softmax(call.Typed, call.Axis(-1, "dim")));
        table.Add("softmin", call => call.Graph.Softmax(call.Graph.Elementwise("Neg", call.X), call.Axis(-1, "dim")));
        table.Add("softmax2d", call => call.Graph.Softmax(call.X, -3));
        table.Add("log_softmax", call => call.Graph.Elementwise("LogSoftmax", call.Typed, ("axis", call.Axis(-1, "dim"))));
        table.Add("glu", call => ActivationLayers.Glu(call.Graph, call.X, call.Axis(-1, "dim")));
        table.Add("prelu", call => call.Operator("PRelu", [call.X, PReluSlope(call)]));
        table.Add("dropout dropout1d dropout2d dropout3d", Dropouts.Function,
            note: "With training: true where the network is exported in training mode.");
        table.Add("alpha_dropout feature_alpha_dropout", Dropouts.Function, note: "Not with training: true.");
        table.Add("normalize", Normalize);
    }

    // scale (max(0, x) + min(0, alpha (exp(input_scale x) - 1)))
    private static OnnxValue Elu(FunctionCall call)
    {
        var (alpha, scale, inner) = (call.Number(1, "alpha"), call.Number(1, "scale"), call.Number(1, "input_scale"));
        if (scale == 1 && inner == 1) return call.Graph.Elementwise("Elu", call.X, ("alpha", (float)alpha));
        var below = OnnxMath.Times(OnnxMath.Plus(OnnxMath.Unary("Exp", OnnxMath.Times(call.X, inner)), -1), alpha);
        return OnnxMath.Times(OnnxMath.Where(OnnxMath.Compare("Greater", call.X, 0), call.X, below), scale);
    }

    private static OnnxValue PReluSlope(FunctionCall call)
    {
        var slope = call.Tensor("weight", "target")!;
        if (slope.Rank != 1 || call.TracedX.Shape.Length <= 2) return slope;
        return call.Graph.Apply("Reshape", [slope, call.Graph.Integers("shape", [-1, .. Sizes.Repeat(1, call.TracedX.Shape.Length - 2)])],
            slope.Type, [slope.Shape[0], .. Sizes.Repeat(1, call.TracedX.Shape.Length - 2)]);
    }

    private static OnnxValue Normalize(FunctionCall call)
    {
        var axis = call.Axis(1, "dim");
        var p = call.Number(2, "p");
        var norm = ReductionFunctions.Norm(call.X, p, [axis], keep: true);
        return call.X / call.Graph.Apply("Max", [norm, call.Graph.Constant((float)call.Number(1e-12, "eps"))], norm.Type, norm.Dimensions);
    }
}
