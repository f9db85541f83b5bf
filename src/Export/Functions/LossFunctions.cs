using static TorchSharp.torch.nn;
using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Losses, of functions and layers: for networks that return one.</summary>
internal static class LossFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Losses";
        table.Add("mse_loss", call => Mean(call, Square(X(call) - Y(call))));
        table.Add("l1_loss", call => Mean(call, Abs(X(call) - Y(call))));
        table.Add("smooth_l1_loss", call =>
        {
            var (distance, beta) = (Abs(X(call) - Y(call)), call.SettingNumber(1, "beta"));
            return Mean(call, beta == 0 ? distance : OnnxMath.Where(OnnxMath.Compare("Less", distance, beta),
                OnnxMath.Times(Square(distance), 0.5 / beta), OnnxMath.Plus(distance, -beta / 2)));
        });
        table.Add("huber_loss", call =>
        {
            var (distance, delta) = (Abs(X(call) - Y(call)), call.SettingNumber(1, "delta"));
            return Mean(call, OnnxMath.Where(OnnxMath.Compare("Less", distance, delta),
                OnnxMath.Times(Square(distance), 0.5), OnnxMath.Times(OnnxMath.Plus(distance, -delta / 2), delta)));
        });
        table.Add("binary_cross_entropy", call =>
        {
            // Torch's logarithms end at -100.
            OnnxValue Limited(OnnxValue x) => AtLeast(Log(x), -100);
            return Mean(call, Weighted(call, Neg(Y(call) * Limited(X(call)) + Less1(Y(call)) * Limited(Less1(X(call))))));
        });
        table.Add("binary_cross_entropy_with_logits", call =>
        {
            var (x, y) = (X(call), Y(call));
            var soft = OnnxMath.Unary("Softplus", Neg(x));
            if (call.SettingTensor("pos_weights") is { } positive) soft *= OnnxMath.Plus((OnnxMath.Plus(positive, -1)) * y, 1);
            return Mean(call, Weighted(call, Less1(y) * x + soft));
        });
        table.Add("cross_entropy", CrossEntropy);
        table.Add("nll_loss", call => Likelihood(call, X(call), -100, smoothing: 0));
        table.Add("poisson_nll_loss", Poisson);
        table.Add("gaussian_nll_loss", Gaussian);
        table.Add("kl_div", call =>
        {
            var (x, y) = (X(call), Y(call));
            if (call.SettingFlag("log_target", true)) return Mean(call, OnnxMath.Unary("Exp", y) * (y - x));
            var logarithm = OnnxMath.Where(OnnxMath.Compare("Equal", y, 0), 0, y * Log(y));
            return Mean(call, logarithm - y * x);
        });
        table.Add("soft_margin_loss", call => Mean(call, OnnxMath.Unary("Softplus", Neg(X(call) * Y(call)))));
        table.Add("multilabel_soft_margin_loss", call =>
        {
            var (x, y) = (X(call), Y(call));
            var loss = y * OnnxMath.Unary("Softplus", Neg(x)) + Less1(y) * OnnxMath.Unary("Softplus", x);
            return Mean(call, Over(call, "ReduceMean", Weighted(call, loss), [x.Rank - 1]));
        });
        table.Add("hinge_embedding_loss", call =>
        {
            var (x, y) = (X(call), Y(call));
            return Mean(call, OnnxMath.Where(OnnxMath.Compare("Equal", y, -1), 0, x) +
                OnnxMath.Where(OnnxMath.Compare("Equal", y, 1), 0, AtLeast(OnnxMath.Plus(Neg(x), Margin(call)), 0)));
        });
        table.Add("margin_ranking_loss", call =>
            Mean(call, AtLeast(OnnxMath.Plus(Neg(Operand(call, 2)) * (X(call) - Y(call)), Margin(call)), 0)));
        table.Add("cosine_embedding_loss", CosineEmbedding);
        table.Add("triplet_margin_loss", Triplet);
        table.Add("multi_margin_loss", MultiMargin);
        table.Add("multi_label_margin_loss", MultiLabelMargin);
        table.Add("triplet_margin_with_distance_loss", call => call.Has("distance")
            ? throw call.Graph.Error($"calls a loss by a distance that the exporter cannot see, in {call.Call.Site}; write it out, as " +
                "clamp(distance(a, p) - distance(a, n) + margin, min: 0).mean()")
            : Triplet(call), note: "Without a distance of one's own.");
        table.Refuse("ctc_loss", No);
    }

    /// <summary>What is said of losses that have no form.</summary>
    internal const string No = "for which ONNX has no operator; a file without the loss serves as well: return what the loss is taken of";

    private static OnnxValue Operand(FunctionCall call, int index) => call.Operand(index, call.Type);

    private static OnnxValue X(FunctionCall call) => Operand(call, 0);

    private static OnnxValue Y(FunctionCall call) => Operand(call, 1);

    private static double Margin(FunctionCall call) => call.SettingNumber(0, "margin");

    private static OnnxValue Abs(OnnxValue x) => OnnxMath.Unary("Abs", x);

    private static OnnxValue Neg(OnnxValue x) => OnnxMath.Unary("Neg", x);

    private static OnnxValue Log(OnnxValue x) => OnnxMath.Unary("Log", x);

    private static OnnxValue Square(OnnxValue x) => x * x;

    private static OnnxValue Less1(OnnxValue x) => OnnxTypes.Number(x.Graph, 1, x.Type) - x;

    private static OnnxValue AtLeast(OnnxValue x, double least) =>
        OnnxMath.Extreme("Max", x, OnnxTypes.Number(x.Graph, least, x.Type));

    private static OnnxValue Over(FunctionCall call, string op, OnnxValue x, long[] axes, bool keep = false) =>
        ReductionFunctions.Reduce(call.Graph, op, x, axes, keep);

    private static OnnxValue Total(FunctionCall call, string op, OnnxValue x) =>
        x.Rank == 0 ? x : Over(call, op, x, [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)]);

    private static Reduction ReductionOf(FunctionCall call) => call.Setting("reduction") as Reduction? ?? Reduction.Mean;

    /// <summary>The mean, the sum, or each: as the setting says.</summary>
    private static OnnxValue Mean(FunctionCall call, OnnxValue loss) => ReductionOf(call) switch
    {
        Reduction.Mean => Total(call, "ReduceMean", loss),
        Reduction.Sum => Total(call, "ReduceSum", loss),
        _ => loss,
    };

    private static OnnxValue Weighted(FunctionCall call, OnnxValue loss) =>
        call.SettingTensor("weight") is { } weight ? loss * weight : loss;

    private static OnnxValue CrossEntropy(FunctionCall call)
    {
        var x = X(call);
        var axis = x.Rank == 1 ? 0 : 1;
        var logarithms = call.Graph.Elementwise("LogSoftmax", x, ("axis", axis));
        var smoothing = call.SettingNumber(0, "label_smoothing");
        var target = FunctionCall.Values(call.Call.Arguments).ElementAt(1);
        if (!OnnxTypes.IsFloat(OnnxTypes.Of(target.Type)))
            return Likelihood(call, logarithms, (long)call.SettingNumber(-100, "ignore_index"), smoothing);
        // Probabilities of all classes.
        var y = Y(call);
        if (smoothing != 0) y = OnnxMath.Plus(OnnxMath.Times(y, 1 - smoothing), smoothing / x.Shape[axis]);
        var products = y * logarithms;
        if (call.SettingTensor("weight") is { } weight) products *= AlongClasses(call, weight, x.Rank, axis);
        return Mean(call, Neg(Over(call, "ReduceSum", products, [axis])));
    }

    private static OnnxValue AlongClasses(FunctionCall call, OnnxValue weight, int rank, int axis)
    {
        var shape = Sizes.Repeat(1, rank);
        shape[axis] = weight.Shape[0];
        return call.Graph.Apply("Reshape", [weight, call.Graph.Integers("shape", shape)], weight.Type, shape);
    }

    // The logarithm of each row's class, with weights by class, of rows that are not to be ignored.
    private static OnnxValue Likelihood(FunctionCall call, OnnxValue logarithms, long ignored, double smoothing)
    {
        var graph = call.Graph;
        var axis = logarithms.Rank == 1 ? 0 : 1;
        var target = call.Operand(1, DataType.Int64);
        var counts = OnnxMath.Not(OnnxMath.Compare("Equal", target, ignored));
        var classes = OnnxMath.Where(counts, target, 0);
        var weight = call.SettingTensor("weight");
        var share = graph.Cast(counts, call.Type);
        if (weight is not null)
            share *= graph.Apply("Gather", [weight, classes], weight.Type, classes.Dimensions, ("axis", 0));
        var places = ShapeFunctions.Unsqueeze(graph, classes, axis);
        var chosen = graph.Apply("GatherElements", [logarithms, places], logarithms.Type, places.Dimensions, ("axis", axis));
        var loss = Neg(ShapeFunctions.Squeeze(graph, chosen, axis)) * share;
        if (smoothing != 0)
        {
            var all = weight is null ? logarithms : logarithms * AlongClasses(call, weight, logarithms.Rank, axis);
            var smooth = Neg(Over(call, "ReduceSum", all, [axis])) * graph.Cast(counts, call.Type);
            loss = OnnxMath.Times(loss, 1 - smoothing) + OnnxMath.Times(smooth, smoothing / logarithms.Shape[axis]);
        }
        return ReductionOf(call) == Reduction.Mean
            ? Total(call, "ReduceSum", loss) / Total(call, "ReduceSum", share)
            : Mean(call, loss);
    }

    private static OnnxValue Poisson(FunctionCall call)
    {
        var (x, y) = (X(call), Y(call));
        var loss = call.SettingFlag("log_input", true)
            ? OnnxMath.Unary("Exp", x) - y * x
            : x - y * Log(OnnxMath.Plus(x, call.SettingNumber(1e-8, "eps")));
        if (call.SettingFlag("full"))
        {
            // Stirling's approximation of log(y!), where y is more than 1.
            var factorial = y * Log(y) - y + OnnxMath.Times(Log(OnnxMath.Times(y, 2 * Math.PI)), 0.5);
            loss += OnnxMath.Where(OnnxMath.Compare("Greater", y, 1), factorial, 0);
        }
        return Mean(call, loss);
    }

    private static OnnxValue Gaussian(FunctionCall call)
    {
        var variance = AtLeast(Rows(call, 2), call.SettingNumber(1e-6, "eps"));
        var each = Log(variance) + Square(Rows(call, 0) - Rows(call, 1)) / variance;
        var loss = OnnxMath.Times(Over(call, "ReduceSum", each, [1]), 0.5);
        if (call.SettingFlag("full"))
            loss = OnnxMath.Plus(loss, 0.5 * OnnxGraph.Product(call.TracedX.Shape[1..]) * Math.Log(2 * Math.PI));
        return Mean(call, loss);
    }

    private static OnnxValue Rows(FunctionCall call, int index)
    {
        var x = Operand(call, index);
        return x.Rank == 2 ? x : call.Graph.Apply("Flatten", [x], x.Type, [x.Shape[0], OnnxGraph.Product(x.Dimensions[1..])], ("axis", 1));
    }

    private static OnnxValue CosineEmbedding(FunctionCall call)
    {
        var (x, y) = (X(call), Y(call));
        long[] axes = [x.Rank - 1];
        OnnxValue Length(OnnxValue value) => OnnxMath.Plus(Over(call, "ReduceSum", Square(value), axes), 1e-12);
        var cosine = Over(call, "ReduceSum", x * y, axes) / OnnxMath.Unary("Sqrt", Length(x) * Length(y));
        var target = Operand(call, 2);
        return Mean(call, OnnxMath.Where(OnnxMath.Compare("Equal", target, 1), Less1(cosine), 0) +
            OnnxMath.Where(OnnxMath.Compare("Equal", target, -1), AtLeast(OnnxMath.Plus(cosine, -Margin(call)), 0), 0));
    }

    private static OnnxValue Triplet(FunctionCall call)
    {
        OnnxValue Distance(OnnxValue x, OnnxValue y) => ReductionFunctions.Norm(
            OnnxMath.Plus(x - y, call.SettingNumber(1e-6, "eps")), call.SettingNumber(2, "p"), [x.Rank - 1], keep: false);
        var (anchor, near, far) = (X(call), Y(call), Operand(call, 2));
        var other = Distance(anchor, far);
        if (call.SettingFlag("swap")) other = OnnxMath.Extreme("Min", other, Distance(near, far));
        return Mean(call, AtLeast(OnnxMath.Plus(Distance(anchor, near) - other, Margin(call)), 0));
    }

    private static OnnxValue MultiMargin(FunctionCall call)
    {
        var graph = call.Graph;
        var x = X(call);
        var axis = x.Rank - 1;
        var target = call.Operand(1, DataType.Int64);
        var places = ShapeFunctions.Unsqueeze(graph, target, target.Rank);
        var own = graph.Apply("GatherElements", [x, places], x.Type, places.Dimensions, ("axis", axis));
        var beyond = AtLeast(OnnxMath.Plus(x - own, Margin(call)), 0);
        if (call.SettingNumber(1, "p") == 2) beyond = Square(beyond);
        // The class itself does not count.
        var others = OnnxMath.Not(OnnxMath.Compare("Equal", OnnxMath.Places(x, axis), places));
        var loss = beyond * graph.Cast(others, x.Type);
        if (call.SettingTensor("weight") is { } weight)
            loss *= graph.Apply("Gather", [weight, places], weight.Type, places.Dimensions, ("axis", 0));
        return Mean(call, OnnxMath.Times(Over(call, "ReduceSum", loss, [axis]), 1.0 / x.Shape[axis]));
    }

    // Classes up to the first that is negative; each is to be above each other class by 1.
    private static OnnxValue MultiLabelMargin(FunctionCall call)
    {
        var graph = call.Graph;
        var x = X(call);
        var axis = x.Rank - 1;
        var target = call.Operand(1, DataType.Int64);
        var isEnd = graph.Cast(OnnxMath.Compare("Less", target, 0), DataType.Int64);
        var ended = graph.Apply("CumSum", [isEnd, graph.NewConstant("axis", [], (long[])[axis])], DataType.Int64, isEnd.Dimensions);
        var counts = OnnxMath.Compare("Equal", ended, 0);
        var classes = OnnxMath.Where(counts, target, 0);
        // Of each of the row's classes, whether it is another one.
        var share = ShapeFunctions.Unsqueeze(graph, graph.Cast(counts, x.Type), axis + 1);
        var isIt = OnnxMath.Compare("Equal", ShapeFunctions.Unsqueeze(graph, classes, axis + 1),
            graph.NewConstant("classes", [x.Shape[axis]], Enumerable.Range(0, (int)x.Shape[axis]).Select(i => (long)i).ToArray()));
        var isOne = Over(call, "ReduceMax", graph.Cast(isIt, x.Type) * share, [axis], keep: true);
        var own = graph.Apply("GatherElements", [x, classes], x.Type, classes.Dimensions, ("axis", axis));
        var above = ShapeFunctions.Unsqueeze(graph, own, axis + 1);
        var beyond = AtLeast(OnnxMath.Plus(ShapeFunctions.Unsqueeze(graph, x, axis) - above, 1), 0);
        var loss = Over(call, "ReduceSum", beyond * share * Less1(isOne), [axis, axis + 1]);
        return Mean(call, OnnxMath.Times(loss, 1.0 / x.Shape[axis]));
    }
}
