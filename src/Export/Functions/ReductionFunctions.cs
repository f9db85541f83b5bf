using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions that make one value of many.</summary>
internal static class ReductionFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Reductions";
        table.Add("renorm", call =>
        {
            var (axis, most) = (call.Axis(0, "dim"), call.Number(1, "maxnorm"));
            long[] others = [.. Enumerable.Range(0, call.TracedX.Shape.Length).Where(other => other != axis).Select(other => (long)other)];
            var norm = Norm(call.X, call.Number(2, "p"), others, keep: true);
            // Torch's own margin against a division by nothing.
            var factor = OnnxTypes.Number(call.Graph, most, call.Type) / OnnxMath.Plus(norm, 1e-7);
            return call.X * OnnxMath.Where(OnnxMath.Compare("Greater", norm, most), factor, 1);
        });
        table.Add("sum", call => Reduce(call, "ReduceSum", call.Typed));
        table.Add("mean", call => Reduce(call, "ReduceMean", call.Typed));
        table.Add("prod", call => Reduce(call, "ReduceProd", call.Typed));
        table.Add("amax", call => Reduce(call, "ReduceMax", call.X));
        table.Add("amin", call => Reduce(call, "ReduceMin", call.X));
        table.Add("logsumexp", call => Reduce(call, "ReduceLogSumExp", call.X));
        table.Add("nansum", call => Reduce(call, "ReduceSum", Numbers(call)));
        table.Refuse("nanmean", "which fails in TorchSharp 0.107; divide nansum by the number of what is no NaN");
        table.Add("count_nonzero", call => Reduce(call, "ReduceSum", call.Graph.Cast(Truth(call), DataType.Int64)));
        table.AddMany("aminmax", call => [Reduce(call, "ReduceMin", call.X), Reduce(call, "ReduceMax", call.X)]);
        table.Add("norm vector_norm", call => Norm(call.X, call.Number(2, "p", "ord"), Axes(call), Keep(call)));
        const string singular = "Of a matrix the norms by singular values (2, -2, nuc) are refused.";
        table.Add("linalg.norm matrix_norm", MatrixNorm, note: singular);
        table.Add("dist", call => Norm(call.Operand(0, call.Type) - call.Operand(1, call.Type), call.Number(2, "p"), [], keep: false));
        table.Add("var", call => Variance(call, call.Typed));
        table.Add("std", call => call.Graph.Elementwise("Sqrt", Variance(call, call.Typed)));
        // torch.var_mean without axes gives the deviation, in TorchSharp 0.107.
        table.AddMany("var_mean", call => [call.Function() is { IsStatic: true } && Axes(call).Length == call.TracedX.Shape.Length &&
            !call.Has(_axes) ? OnnxMath.Unary("Sqrt", Variance(call, call.Typed)) : Variance(call, call.Typed),
            Reduce(call, "ReduceMean", call.Typed)]);
        table.AddMany("std_mean", call =>
            [call.Graph.Elementwise("Sqrt", Variance(call, call.Typed)), Reduce(call, "ReduceMean", call.Typed)]);
        table.Add("all", call => Quantify("ReduceMin", Truth(call), Axes(call), Keep(call)));
        table.Add("any", call => Any(Truth(call), Axes(call), Keep(call)));
        table.AddMany("max", call => Extreme(call, "Max"));
        table.AddMany("min", call => Extreme(call, "Min"));
        table.Add("argmax", call => Place(call, "ArgMax"));
        table.Add("argmin", call => Place(call, "ArgMin"));
    }

    /// <summary>Reduces axes of a value, whose sizes the result keeps as 1 or loses.</summary>
    internal static OnnxValue Reduce(OnnxGraph graph, string op, OnnxValue x, long[] axes, bool keep)
    {
        long[] shape =
        [
            .. x.Dimensions.Select((size, axis) => axes.Contains(axis) ? 1 : size).Where((_, axis) => keep || !axes.Contains(axis)),
        ];
        // Axes are an input of ReduceSum since operator set 13, of the others since 18.
        return graph.Opset >= 18 || op == "ReduceSum"
            ? graph.Apply(op, [x, graph.Integers("axes", axes)], x.Type, shape, ("keepdims", keep ? 1 : 0))
            : graph.Apply(op, [x], x.Type, shape, ("axes", axes), ("keepdims", keep ? 1 : 0));
    }

    /// <summary>Whether any of the truths along axes holds.</summary>
    internal static OnnxValue Any(OnnxValue truths, long[] axes, bool keep) => Quantify("ReduceMax", truths, axes, keep);

    /// <summary>The p-norm along axes; along all where none are named.</summary>
    internal static OnnxValue Norm(OnnxValue x, double p, long[] axes, bool keep)
    {
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)];
        OnnxValue By(string op, OnnxValue value) => Reduce(x.Graph, op, value, axes, keep);
        if (x.Rank == 0) return OnnxMath.Unary("Abs", x);
        return p switch
        {
            1 => By("ReduceL1", x),
            2 => By("ReduceL2", x),
            0 => By("ReduceSum", x.Graph.Cast(x.Graph.Cast(x, DataType.Bool), x.Type)),
            double.PositiveInfinity => By("ReduceMax", OnnxMath.Unary("Abs", x)),
            double.NegativeInfinity => By("ReduceMin", OnnxMath.Unary("Abs", x)),
            _ => OnnxMath.Power(By("ReduceSum", OnnxMath.Power(OnnxMath.Unary("Abs", x), p)), 1 / p),
        };
    }

    private static OnnxValue Quantify(string op, OnnxValue truths, long[] axes, bool keep) => truths.Rank == 0 ? truths
        : truths.Graph.Cast(Reduce(truths.Graph, op, truths.Graph.Cast(truths, DataType.Int32), axes, keep), DataType.Bool);

    private static OnnxValue Numbers(FunctionCall call) => OnnxMath.Where(ElementwiseFunctions.IsNan(call.X), 0, call.X);

    private static OnnxValue MatrixNorm(FunctionCall call)
    {
        var axes = Axes(call);
        var order = call.Argument("ord");
        if (order is null) return Norm(call.X, 2, axes, Keep(call));
        if (call.Name == "norm" && axes.Length == 1) return Norm(call.X, call.Number(2, "ord"), axes, Keep(call));
        // Of the last two axes where none are named.
        if (axes.Length > 2) axes = axes[^2..];
        if (order is "fro") return Norm(call.X, 2, axes, Keep(call));
        if (order is string || call.Number(2, "ord") is not (1 or -1 or double.PositiveInfinity or double.NegativeInfinity))
            throw call.Graph.Error($"takes a norm of {order}, in {call.Call.Site}, by singular values, for which ONNX has no operator; " +
                "take the one of Frobenius");
        var p = call.Number(2, "ord");
        // The largest, or least, of the sums along the columns, or the rows.
        var (sums, ends) = Math.Abs(p) == 1 ? (axes[0], axes[1]) : (axes[1], axes[0]);
        var sizes = Reduce(call.Graph, "ReduceL1", call.X, [sums], keep: true);
        var norm = Reduce(call.Graph, p > 0 ? "ReduceMax" : "ReduceMin", sizes, [ends], keep: true);
        return Keep(call) ? norm : call.Graph.Apply("Squeeze", [norm, call.Graph.Integers("axes", axes)], norm.Type, call.Shape);
    }

    private static readonly string[] _axes = ["dim", "dims", "dimensions", "dimension"];
    private static readonly string[] _axisNames = ["dim0", "dim1", "dim2"];

    private static long[] Axes(FunctionCall call) => call.Has("dim0")
        ? [.. _axisNames.Where(name => call.Has(name)).Select(name => (long)call.Axis(0, name))]
        : call.Axes(_axes);

    private static bool Keep(FunctionCall call) => call.Flag("keepdim");

    private static OnnxValue Reduce(FunctionCall call, string op, OnnxValue x) =>
        x.Rank == 0 ? x : Reduce(call.Graph, op, x, Axes(call), Keep(call));

    private static OnnxValue Truth(FunctionCall call) => call.Graph.Cast(call.X, DataType.Bool);

    private static OnnxValue Variance(FunctionCall call, OnnxValue x)
    {
        var axes = Axes(call);
        var centred = x - Reduce(call.Graph, "ReduceMean", x, axes, keep: true);
        var squares = Reduce(call.Graph, "ReduceMean", centred * centred, axes, Keep(call));
        if (!call.Flag("unbiased", true)) return squares;
        // n / (n - 1), where n may follow from the batch.
        var counts = new TracedSize([.. Enumerable.Range(0, call.TracedX.Sizes[0].Values.Count).Select(i =>
            axes.Aggregate(1L, (n, axis) => n * call.TracedX.Sizes[axis].Values[i]))]);
        if (counts.IsFixed) return ElementwiseFunctions.Times(call, squares, counts.First / (counts.First - 1.0));
        var n = call.Graph.Cast(call.Scalar(counts), x.Type);
        return squares * (n / (n - OnnxTypes.Number(call.Graph, 1, x.Type)));
    }

    private static OnnxValue[] Extreme(FunctionCall call, string op)
    {
        if (call.At(1) is TracedValue) return [call.Operator(op, [call.Operand(0, call.Type), call.Operand(1, call.Type)])];
        if (call.Call.Results.Length == 1) return [Reduce(call, "Reduce" + op, call.X)];
        return [Reduce(call, "Reduce" + op, call.X), Place(call, "Arg" + op)];
    }

    private static OnnxValue Place(FunctionCall call, string op)
    {
        var result = call.Call.Results[^1]!;
        if (!call.Has("dim"))
        {
            var flat = call.Graph.Apply("Reshape", [call.X, call.Graph.Integers("shape", -1)], call.X.Type, [OnnxGraph.Dynamic]);
            return call.Graph.Apply(op, [flat], DataType.Int64, [], ("axis", 0), ("keepdims", 0));
        }
        return call.Graph.Apply(op, [call.X], DataType.Int64, FunctionCall.Dimensions(result),
            ("axis", call.Axis(0, "dim")), ("keepdims", Keep(call) ? 1 : 0));
    }
}
