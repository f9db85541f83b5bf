using DataType = Onnx.TensorProto.Types.DataType;
using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>Functions that make one value of many.</summary>
internal static class ReductionFunctions
{
    public static void AddTo(Table table)
    {
        table.Add("sum", call => Reduce(call, "ReduceSum", call.Typed));
        table.Add("mean", call => Reduce(call, "ReduceMean", call.Typed));
        table.Add("prod", call => Reduce(call, "ReduceProd", call.Typed));
        table.Add("amax", call => Reduce(call, "ReduceMax", call.X));
        table.Add("amin", call => Reduce(call, "ReduceMin", call.X));
        table.Add("logsumexp", call => Reduce(call, "ReduceLogSumExp", call.X));
        table.Add("norm", call => call.Number(2, "p") switch
        {
            1 => Reduce(call, "ReduceL1", call.X),
            2 => Reduce(call, "ReduceL2", call.X),
            var p => throw call.Graph.Error($"takes a norm of {p}, in {call.Call.Site}; the exporter knows 1 and 2"),
        });
        table.Add("var", call => Variance(call, call.Typed));
        table.Add("std", call => call.Graph.Elementwise("Sqrt", Variance(call, call.Typed)));
        table.AddMany("var_mean", call => [Variance(call, call.Typed), Reduce(call, "ReduceMean", call.Typed)]);
        table.AddMany("std_mean", call =>
            [call.Graph.Elementwise("Sqrt", Variance(call, call.Typed)), Reduce(call, "ReduceMean", call.Typed)]);
        table.Add("all", call => call.Graph.Cast(Reduce(call, "ReduceMin", call.Graph.Cast(Truth(call), DataType.Int32)), DataType.Bool));
        table.Add("any", call => call.Graph.Cast(Reduce(call, "ReduceMax", call.Graph.Cast(Truth(call), DataType.Int32)), DataType.Bool));
        table.AddMany("max", call => Extreme(call, "Max"));
        table.AddMany("min", call => Extreme(call, "Min"));
        table.Add("argmax", call => Place(call, "ArgMax"));
        table.Add("argmin", call => Place(call, "ArgMin"));
        table.Add("cumsum", call => call.Operator(
            "CumSum", [call.Typed, call.Graph.NewConstant("axis", [], new[] { (long)call.Axis(0, "dim") })]));
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
