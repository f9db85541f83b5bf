using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions along an axis in its order: sums so far, differences, elements by rank.</summary>
internal static class ScanFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Along an axis";
        table.Add("cumsum", call => Sums(call, call.Typed, call.Axis(0, "dim")));
        table.AddNear("logcumsumexp", "Terms e^-87 times the largest of the axis are lost.", call =>
        {
            var axis = call.Axis(0, "dim");
            var largest = ReductionFunctions.Reduce(call.Graph, "ReduceMax", call.X, [axis], keep: true);
            return OnnxMath.Unary("Log", Sums(call, OnnxMath.Unary("Exp", call.X - largest), axis)) + largest;
        });
        const string fixedAxis = "Along an axis of fixed size.";
        table.Add("cumprod", call => Scan(call, call.Typed, 1, (x, y) => x * y), note: fixedAxis);
        table.AddMany("cummax", call => Extremes(call, "Max", double.NegativeInfinity), note: fixedAxis);
        table.AddMany("cummin", call => Extremes(call, "Min", double.PositiveInfinity), note: fixedAxis);
        table.Add("diff", Differences);
        table.Add("trapezoid trapz", call => ReductionFunctions.Reduce(
            call.Graph, "ReduceSum", Areas(call), [call.Axis(-1, "dim")], keep: false), note: fixedAxis);
        table.Add("cumulative_trapezoid", call => Sums(call, Areas(call), call.Axis(-1, "dim")), note: fixedAxis);

        table.AddMany("topk", call => Ordered(call, call.Graph.Integers("k", call.Integer("k", 1)), call.Flag("largest", true)));
        table.AddMany("sort", call => Ordered(call, call.Sizes([call.TracedX.Sizes[call.Axis(-1, "dim")]]), call.Flag("descending")));
        table.Add("argsort", call => Order(call, call.X, call.Axis(-1, "dim"), call.Sizes([call.TracedX.Sizes[call.Axis(-1, "dim")]]),
            call.Flag("descending"), FunctionCall.Dimensions(call.TracedX))[1]);
        table.Add("msort", call => Order(call, call.X, 0, call.Sizes([call.TracedX.Sizes[0]]), largest: false, call.Shape)[0]);
        table.AddMany("kthvalue", call => Ranked(call, call.Integer("k", 1)), note: fixedAxis);
        table.Add("median", call => Ranked(call, (Elements(call) + 1) / 2)[0], note: "Of a fixed number of elements.");
        table.Add("quantile", Quantile, note: "At constant places, along an axis of fixed size.");
        table.Refuse("nanmedian nanquantile mode", "for which ONNX has no operator; torch.median, torch.quantile and torch.sort have one");
    }

    private static OnnxValue Sums(FunctionCall call, OnnxValue x, int axis) => call.Graph.Apply(
        "CumSum", [x, call.Graph.NewConstant("axis", [], new[] { (long)axis })], x.Type, x.Dimensions);

    private static OnnxValue Scan(FunctionCall call, OnnxValue x, double neutral, Func<OnnxValue, OnnxValue, OnnxValue> combine)
    {
        var axis = call.Axis(0, "dim");
        var size = RequireFixed(call, x, axis);
        // After each step an element stands for twice as many before it.
        for (long step = 1; step < size; step *= 2)
        {
            var pads = new long[2 * x.Rank];
            pads[axis] = step;
            var kept = call.Graph.Slice(x, axis, 0, size - step);
            var before = call.Graph.Apply(
                "Pad", [kept, call.Graph.Integers("pads", pads), OnnxTypes.Number(call.Graph, neutral, x.Type)], x.Type,
                x.Dimensions, ("mode", "constant"));
            x = combine(x, before);
        }
        return x;
    }

    private static OnnxValue[] Extremes(FunctionCall call, string op, double neutral)
    {
        if (!OnnxTypes.IsFloat(call.Type)) throw call.Graph.Error($"calls {call.Call.Name} on integers, in {call.Call.Site}; cast them");
        var x = call.X;
        var values = Scan(call, x, neutral, (a, b) => OnnxMath.Extreme(op, a, b));
        // The last place so far that has the value.
        var places = call.Graph.Cast(OnnxMath.Places(x, call.Axis(0, "dim")), x.Type);
        var equal = OnnxMath.Where(OnnxMath.Compare("Equal", x, values), places, -1);
        var last = Scan(call, equal, -1, (a, b) => OnnxMath.Extreme("Max", a, b));
        return [values, call.Graph.Cast(last, DataType.Int64)];
    }

    private static OnnxValue Differences(FunctionCall call)
    {
        var axis = call.Axis(-1, "dim");
        OnnxValue?[] parts = [call.Tensor("prepend"), call.X, call.Tensor("append")];
        var sizes = call.Result.Sizes[axis];
        var one = new TracedSize([.. sizes.Values.Select(_ => 1L)]);
        var zero = new TracedSize([.. sizes.Values.Select(_ => 0L)]);
        var whole = (long[])call.Shape.Clone();
        whole[axis] = new TracedSize([.. sizes.Values.Select(size => size + 1)]).Dimension;
        OnnxValue?[] given = [.. parts.Where(part => part is not null)];
        var x = given.Length == 1 ? call.X : call.Graph.Apply("Concat", given, call.X.Type, whole, ("axis", axis));
        var after = ShapeFunctions.Cut(call, x, axis, one, null, size: sizes.Dimension);
        var before = ShapeFunctions.Cut(call, x, axis, zero, sizes, size: sizes.Dimension);
        return call.Type == DataType.Bool ? call.Operator("Xor", [after, before]) : after - before;
    }

    private static OnnxValue Areas(FunctionCall call)
    {
        var axis = call.Axis(-1, "dim");
        var y = call.X;
        var size = RequireFixed(call, y, axis);
        OnnxValue After(OnnxValue value, int at) => call.Graph.Slice(value, at, 1, size);
        OnnxValue Before(OnnxValue value, int at) => call.Graph.Slice(value, at, 0, size - 1);
        var heights = OnnxMath.Times(After(y, axis) + Before(y, axis), 0.5);
        if (call.Tensor("x") is not { } x) return OnnxMath.Times(heights, call.Number(1, "dx"));
        var along = x.Rank == 1 ? 0 : axis;
        var widths = After(x, along) - Before(x, along);
        if (x.Rank == 1)
        {
            var shape = Sizes.Repeat(1, y.Rank);
            shape[axis] = size - 1;
            widths = call.Graph.Apply("Reshape", [widths, call.Graph.Integers("shape", shape)], x.Type, shape);
        }
        return heights * widths;
    }

    private static OnnxValue[] Ordered(FunctionCall call, OnnxValue count, bool largest) =>
        Order(call, call.X, call.Axis(-1, "dim"), count, largest, call.Shape);

    private static OnnxValue[] Order(FunctionCall call, OnnxValue x, int axis, OnnxValue count, bool largest, long[] shape) =>
        call.Graph.ApplyMany("TopK", [x, count], [(x.Type, shape), (DataType.Int64, shape)],
            ("axis", axis), ("largest", largest ? 1 : 0), ("sorted", 1));

    // The kth least along an axis, or of all elements, and its place.
    private static OnnxValue[] Ranked(FunctionCall call, long k)
    {
        var (x, axis) = call.Name == "median" ? (Flat(call, call.X), 0) : (call.X, call.Axis(-1, "dim"));
        var shape = (long[])x.Dimensions.Clone();
        shape[axis] = k;
        var least = Order(call, x, axis, call.Graph.Integers("k", k), largest: false, shape);
        return
        [
            .. least.Select(values => call.Flag("keepdim")
                ? call.Graph.Slice(values, axis, k - 1, k)
                : ShapeFunctions.Take(call.Graph, values, axis, k - 1)),
        ];
    }

    private static OnnxValue Quantile(FunctionCall call)
    {
        if (call.Argument("q") is not TracedValue { Shape.Length: 0 } place || (place.Given ?? place.Copy) is not { } number)
            throw call.Graph.Error($"takes quantiles, in {call.Call.Site}, that are not one constant number; use torch.sort");
        // TorchSharp takes -1 for all elements, not for the last axis.
        var all = call.Integer("dim", -1) == -1;
        var (x, axis) = all ? (Flat(call, call.X), 0) : (call.X, call.Axis(-1, "dim"));
        var size = RequireFixed(call, x, axis);
        var at = number.to(TorchSharp.torch.ScalarType.Float64).item<double>() * (size - 1);
        var (low, high) = ((long)Math.Floor(at), (long)Math.Ceiling(at));
        var sorted = Order(call, x, axis, call.Graph.Integers("k", size), largest: false, x.Dimensions)[0];
        var below = ShapeFunctions.Take(call.Graph, sorted, axis, low);
        var value = low == high ? below : below + OnnxMath.Times(ShapeFunctions.Take(call.Graph, sorted, axis, high) - below, at - low);
        return call.Reshape(value, null, call.Result);
    }

    private static long Elements(FunctionCall call) => call.TracedX.Sizes.All(size => size.IsFixed)
        ? OnnxGraph.Product(call.TracedX.Shape)
        : throw call.Graph.Error($"calls {call.Call.Name} of the whole batch, in {call.Call.Site}; take kthvalue along an axis");

    private static OnnxValue Flat(FunctionCall call, OnnxValue x) => call.Graph.Apply("Reshape",
        [x, call.Graph.Integers("shape", -1)], x.Type, [call.TracedX.Sizes.All(size => size.IsFixed)
            ? OnnxGraph.Product(call.TracedX.Shape)
            : OnnxGraph.Dynamic]);

    private static long RequireFixed(FunctionCall call, OnnxValue x, int axis) => x.Shape[axis] > 0
        ? x.Shape[axis]
        : throw call.Graph.Error($"calls {call.Call.Name} along the batch, in {call.Call.Site}; ONNX needs a fixed size there");
}
