using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Comparisons and choices of values whose axes broadcast, in the types that ONNX Runtime has for them.</summary>
internal static class OnnxMath
{
    /// <summary>Equal, Less, Greater and the like.</summary>
    public static OnnxValue Compare(string op, OnnxValue left, OnnxValue right) =>
        left.Graph.Apply(op, [left, right], DataType.Bool, Broadcast(left, right));

    /// <summary>Equal, Less, Greater and the like, with a number.</summary>
    public static OnnxValue Compare(string op, OnnxValue left, double right) =>
        Compare(op, left, OnnxTypes.Number(left.Graph, right, left.Type));

    public static OnnxValue And(OnnxValue left, OnnxValue right) => Compare("And", left, right);

    public static OnnxValue Or(OnnxValue left, OnnxValue right) => Compare("Or", left, right);

    public static OnnxValue Not(OnnxValue x) => x.Graph.Apply("Not", [x], DataType.Bool, x.Dimensions);

    /// <summary>Elements of one value where a condition holds, and of another where not.</summary>
    public static OnnxValue Where(OnnxValue condition, OnnxValue then, OnnxValue otherwise)
    {
        // ONNX Runtime chooses among numbers, and not among truths or small integers.
        var graph = then.Graph;
        var type = then.Type;
        if (type is not (DataType.Float or DataType.Double or DataType.Int32 or DataType.Int64 or DataType.Uint8))
        {
            var wide = OnnxTypes.IsFloat(type) ? DataType.Float : DataType.Int32;
            (then, otherwise) = (graph.Cast(then, wide), graph.Cast(otherwise, wide));
        }
        var chosen = graph.Apply("Where", [condition, then, otherwise], then.Type, Broadcast(condition, then, otherwise));
        return graph.Cast(chosen, type);
    }

    public static OnnxValue Where(OnnxValue condition, double then, OnnxValue otherwise) =>
        Where(condition, OnnxTypes.Number(otherwise.Graph, then, otherwise.Type), otherwise);

    public static OnnxValue Where(OnnxValue condition, OnnxValue then, double otherwise) =>
        Where(condition, then, OnnxTypes.Number(then.Graph, otherwise, then.Type));

    /// <summary>Max or Min of two values.</summary>
    public static OnnxValue Extreme(string op, OnnxValue left, OnnxValue right) =>
        left.Graph.Apply(op, [left, right], left.Type, Broadcast(left, right));

    public static OnnxValue Power(OnnxValue x, double exponent) =>
        x.Graph.Apply("Pow", [x, OnnxTypes.Number(x.Graph, exponent, x.Type)], x.Type, x.Dimensions);

    public static OnnxValue Times(OnnxValue x, double factor) =>
        factor == 1 ? x : x * OnnxTypes.Number(x.Graph, factor, x.Type);

    public static OnnxValue Plus(OnnxValue x, double number) =>
        number == 0 ? x : x + OnnxTypes.Number(x.Graph, number, x.Type);

    public static OnnxValue Unary(string op, OnnxValue x) => x.Graph.Elementwise(op, x);

    /// <summary>The places along an axis of fixed size, in a shape that broadcasts with a value.</summary>
    public static OnnxValue Places(OnnxValue x, int axis)
    {
        var shape = Sizes.Repeat(1, x.Rank);
        shape[axis] = x.Shape[axis];
        return x.Graph.NewConstant("places", shape, Enumerable.Range(0, (int)x.Shape[axis]).Select(place => (long)place).ToArray());
    }

    /// <summary>The sizes that values broadcast to.</summary>
    public static long[] Broadcast(params ReadOnlySpan<OnnxValue> values)
    {
        var rank = 0;
        foreach (var value in values) rank = Math.Max(rank, value.Rank);
        var shape = Sizes.Repeat(1, rank);
        foreach (var value in values)
            for (var i = 1; i <= value.Rank; i++)
                if (value.Shape[^i] != 1) shape[^i] = value.Shape[^i];
        return shape;
    }
}
