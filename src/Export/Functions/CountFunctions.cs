using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions whose results have as many elements as the values say: the sizes are dynamic.</summary>
internal static class CountFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "By places";
        table.Add("nonzero argwhere", call => Indexing.NonZero(call.X));
        table.AddMany("nonzero_as_list", Columns);
        table.Add("masked_select", call =>
        {
            var mask = FunctionCall.Values(call.Call.Arguments).ElementAt(1);
            var shape = TracedSizes(call.TracedX.Sizes, mask.Sizes);
            return Indexing.Chosen(call.Graph, Expanded(call, call.X, shape), 0, Expanded(call, call.Value(mask), shape));
        });
        table.Add("bincount", Bins, since: 16);
        table.AddMany("unique", Unique);
        table.AddMany("unique_consecutive", Runs);
    }

    /// <summary>The places where a value is not zero, along each axis.</summary>
    public static OnnxValue[] Columns(FunctionCall call)
    {
        var places = Indexing.NonZero(call.X);
        // TorchSharp's nonzero_as_list gives columns of a matrix, torch.where gives rows.
        return [.. call.Call.Results.Select((result, i) => ShapeFunctions.Take(call.Graph, places, 1, i) is var column &&
            result!.Shape.Length == 2 ? ShapeFunctions.Unsqueeze(call.Graph, column, 1) : column)];
    }

    /// <summary>Rows of an axis, each as often as a tensor says.</summary>
    public static OnnxValue Repeat(FunctionCall call, TracedValue counts)
    {
        var graph = call.Graph;
        var x = call.Has("dim") ? call.X : Flat(call.X);
        var axis = call.Has("dim") ? call.Axis(0, "dim") : 0;
        var times = graph.Cast(call.Value(counts), DataType.Int64);
        if (counts.Shape is [] or [1])
            times = graph.Apply("Expand", [times, graph.Slice(graph.ShapeOf(x), 0, axis, axis + 1)], times.Type, [x.Shape[axis]]);
        // Row i ends where the counts up to it do; the row of a place is the number of ends that are not beyond it.
        var ends = graph.Apply("CumSum", [times, Number(graph, 0)], DataType.Int64, times.Dimensions);
        var total = ReductionFunctions.Reduce(graph, "ReduceMax", ends, [0], keep: false);
        var places = graph.Apply("Range", [Number(graph, 0), total, Number(graph, 1)], DataType.Int64, [OnnxGraph.Dynamic]);
        var over = OnnxMath.Compare("LessOrEqual", ends, ShapeFunctions.Unsqueeze(graph, places, 1));
        var rows = ReductionFunctions.Reduce(graph, "ReduceSum", graph.Cast(over, DataType.Int64), [1], keep: false);
        return graph.Apply("Gather", [x, rows], x.Type, call.Shape, ("axis", axis));
    }

    /// <summary>One more than the largest of whole numbers, along one axis.</summary>
    public static OnnxValue Classes(OnnxValue x)
    {
        var largest = ReductionFunctions.Reduce(x.Graph, "ReduceMax", Flat(x.Graph.Cast(x, DataType.Int64)), [0], keep: true);
        return largest + x.Graph.Integers("one", 1);
    }

    // How often each number comes, or the sum of its weights.
    private static OnnxValue Bins(FunctionCall call)
    {
        var graph = call.Graph;
        var x = graph.Cast(call.X, DataType.Int64);
        OnnxValue Filled(double value, OnnxValue shape, long size) =>
            graph.Apply("Expand", [OnnxTypes.Number(graph, value, call.Type), shape], call.Type, [size]);
        var count = OnnxMath.Extreme("Max", Classes(x), graph.Integers("least", Math.Max(1, call.Integer("minlength", 0))));
        var weights = call.Argument("weights") is TracedValue given
            ? call.Operand(given, call.Type)
            : Filled(1, graph.ShapeOf(x), x.Shape[0]);
        return graph.Apply("ScatterElements", [Filled(0, count, OnnxGraph.Dynamic), x, weights], call.Type, call.Shape,
            ("axis", 0), ("reduction", "add"));
    }

    private static OnnxValue[] Unique(FunctionCall call)
    {
        var graph = call.Graph;
        var dim = call.Has("dim") ? (int?)call.Axis(0, "dim") : null;
        var long1 = (DataType.Int64, (long[])[OnnxGraph.Dynamic]);
        OnnxSetting[] settings = dim is { } axis ? [("axis", axis), ("sorted", 1)] : [("sorted", 1)];
        var all = graph.ApplyMany("Unique", [call.X], [(call.X.Type, call.Shape), long1, long1, long1], settings);
        var inverse = call.Call.Results[1] is { } places && dim is null ? call.Reshape(all[2], null, places) : all[2];
        return [all[0], inverse, all[3]];
    }

    // Where an element, or a row of an axis, differs from the one before it, a new one begins.
    private static OnnxValue[] Runs(FunctionCall call)
    {
        var graph = call.Graph;
        var (x, axis) = call.Has("dim") ? (call.X, call.Axis(0, "dim")) : (Flat(call.X), 0);
        OnnxValue Part(OnnxValue of, int along, long start, long end)
        {
            var shape = (long[])of.Dimensions.Clone();
            shape[along] = OnnxGraph.Dynamic;
            return graph.Apply("Slice",
                [of, graph.Integers("starts", start), graph.Integers("ends", end), graph.Integers("axes", along)], of.Type, shape);
        }
        var differs = graph.Cast(OnnxMath.Not(OnnxMath.Compare("Equal", Part(x, axis, 1, long.MaxValue), Part(x, axis, 0, -1))),
            DataType.Int64);
        long[] others = [.. Enumerable.Range(0, x.Rank).Where(other => other != axis).Select(other => (long)other)];
        if (others.Length > 0) differs = ReductionFunctions.Reduce(graph, "ReduceSum", differs, others, keep: false);
        var begins = graph.Apply("Concat", [graph.Integers("first", 1), differs], DataType.Int64, [OnnxGraph.Dynamic], ("axis", 0));
        begins = graph.Cast(begins, DataType.Bool);
        var values = Indexing.Chosen(graph, x, axis, begins);
        var number = graph.Apply("CumSum", [graph.Cast(begins, DataType.Int64), Number(graph, 0)], DataType.Int64, [OnnxGraph.Dynamic])
            - Number(graph, 1);
        var inverse = call.Call.Results[1] is { } places ? call.Reshape(number, null, places) : number;
        if (call.Call.Results[2] is null) return [values, inverse];
        var starts = Flat(Indexing.NonZero(begins));
        var ends = graph.Apply("Concat", [Part(starts, 0, 1, long.MaxValue), graph.ShapeOf(number)], DataType.Int64,
            [OnnxGraph.Dynamic], ("axis", 0));
        return [values, inverse, ends - starts];
    }

    /// <summary>A value whose axes are repeated to sizes.</summary>
    public static OnnxValue Expanded(FunctionCall call, OnnxValue x, TracedSize[] sizes)
    {
        long[] shape = [.. sizes.Select(size => size.Dimension)];
        return x.Sizes is { } own && own.SequenceEqual(sizes) || (x.Dimensions.SequenceEqual(shape) && !shape.Contains(OnnxGraph.Dynamic))
            ? x
            : call.Graph.Apply("Expand", [x, call.Sizes(sizes)], x.Type, shape);
    }

    /// <summary>The sizes that two broadcast to.</summary>
    public static TracedSize[] TracedSizes(TracedSize[] left, TracedSize[] right)
    {
        if (left.Length < right.Length) (left, right) = (right, left);
        var one = new TracedSize([.. (left.Length > 0 ? left[0].Values : [1]).Select(_ => 1L)]);
        var missing = left.Length - right.Length;
        return [.. left.Select((size, i) => i >= missing && size.Equals(one) ? right[i - missing] : size)];
    }

    /// <summary>All elements along one axis.</summary>
    public static OnnxValue Flat(OnnxValue x) => x.Rank == 1
        ? x
        : x.Graph.Apply("Reshape", [x, x.Graph.Integers("shape", -1)], x.Type, [OnnxGraph.Dynamic]);

    private static OnnxValue Number(OnnxGraph graph, long value) => graph.NewConstant("number", [], (long[])[value]);
}
