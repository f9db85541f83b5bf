using static Onnx.TensorProto.Types;

namespace GanPipeline.Export;

// The operators that networks are written with, and the shapes they give.
public sealed partial class OnnxGraph
{
    /// <summary>max(x, 0).</summary>
    public OnnxValue Relu(OnnxValue x) => Elementwise("Relu", x);

    /// <summary>x where x is positive, else <paramref name="slope"/> times x.</summary>
    public OnnxValue LeakyRelu(OnnxValue x, double slope) => Elementwise("LeakyRelu", x, ("alpha", (float)slope));

    /// <summary>1 / (1 + exp(-x)).</summary>
    public OnnxValue Sigmoid(OnnxValue x) => Elementwise("Sigmoid", x);

    /// <summary>The hyperbolic tangent.</summary>
    public OnnxValue Tanh(OnnxValue x) => Elementwise("Tanh", x);

    /// <summary>exp(x) / sum(exp(x)) along an axis.</summary>
    public OnnxValue Softmax(OnnxValue x, long axis) => Elementwise("Softmax", x, ("axis", Axis(x, axis)));

    /// <summary>x limited to [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public OnnxValue Clip(OnnxValue x, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Apply("Clip", [x, Constant((float)low), Constant((float)high)], x.Type, x.Dimensions);
    }

    /// <summary>An operator that keeps the shape, such as <c>Exp</c> or <c>Floor</c>.</summary>
    public OnnxValue Elementwise(string opType, OnnxValue x, params OnnxSetting[] attributes)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Apply(opType, [x], x.Type, x.Dimensions, attributes);
    }

    /// <summary>The matrix product, over the last two axes, of values with at least two axes.</summary>
    public OnnxValue MatMul(OnnxValue left, OnnxValue right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Rank < 2 || right.Rank < 2 || left.Shape[^1] != right.Shape[^2])
            throw Error($"multiplies matrices {left} and {right}, whose inner sizes differ");
        var outer = Broadcast("MatMul", left.Dimensions[..^2], right.Dimensions[..^2]);
        return Apply("MatMul", [left, right], left.Type, [.. outer, left.Shape[^2], right.Shape[^1]]);
    }

    /// <summary>The values one after the other along an axis.</summary>
    public OnnxValue Concat(long axis, params OnnxValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0) throw Error("concatenates nothing");
        if (values.Length == 1) return values[0];
        var at = Axis(values[0], axis);
        var shape = (long[])values[0].Dimensions.Clone();
        if (shape[at] == Batch) throw Error("concatenates along the batch");
        foreach (var value in values.Skip(1))
        {
            var same = value.Rank == shape.Length && !shape.Where((size, i) => i != at && value.Shape[i] != size && size > 0).Any();
            if (!same) throw Error($"concatenates {values[0]} and {value} along axis {at}, which differ elsewhere");
            shape[at] = shape[at] < 0 || value.Shape[at] < 0 ? Dynamic : shape[at] + value.Shape[at];
        }
        return Apply("Concat", values, values[0].Type, shape, ("axis", at));
    }

    /// <summary>The same elements, row by row, in another shape, which leaves out the batch: 784 values [N, 784] reshaped to (1, 28, 28)
    /// are [N, 1, 28, 28].</summary>
    public OnnxValue Reshape(OnnxValue x, params long[] shapeWithoutBatch)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(shapeWithoutBatch);
        if (x.Dimensions.Skip(1).Contains(Dynamic)) throw Error($"reshapes {x}, whose sizes are not fixed");
        var elements = Product(x.Dimensions.Skip(1));
        if (x.Rank == 0 || x.Shape[0] >= 0 || elements != Product(shapeWithoutBatch) || shapeWithoutBatch.Any(size => size < 1))
            throw Error($"reshapes {x} to [N, {string.Join(", ", shapeWithoutBatch)}], whose number of elements differs");
        if (x.Shape.Skip(1).SequenceEqual(shapeWithoutBatch)) return x;
        if (shapeWithoutBatch.Length == 1) return Apply("Flatten", [x], x.Type, [x.Shape[0], elements], ("axis", 1));
        // A zero keeps the input's size of that axis, whatever the batch is.
        var shape = NewConstant("shape", [shapeWithoutBatch.Length + 1], (long[])[0, .. shapeWithoutBatch]);
        return Apply("Reshape", [x, shape], x.Type, [x.Shape[0], .. shapeWithoutBatch]);
    }

    /// <summary>All axes but the batch as one.</summary>
    public OnnxValue Flatten(OnnxValue x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Dimensions.Contains(Dynamic)
            ? Apply("Flatten", [x], x.Type, [x.Shape[0], Dynamic], ("axis", 1))
            : Reshape(x, Product(x.Dimensions.Skip(1)));
    }

    /// <summary>The axes in another order: axis i of the result is axis <paramref name="order"/>[i] of <paramref name="x"/>.</summary>
    public OnnxValue Transpose(OnnxValue x, params long[] order)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(order);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, x.Rank).Select(i => (long)i)))
            throw Error($"transposes {x} by ({string.Join(", ", order)}), which does not name each axis once");
        return Apply("Transpose", [x], x.Type, [.. order.Select(axis => x.Shape[(int)axis])], ("perm", order));
    }

    /// <summary>The part of an axis from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public OnnxValue Slice(OnnxValue x, long axis, long start, long end)
    {
        var at = Axis(x, axis);
        if (x.Shape[at] < 0) throw Error("slices an axis that has no fixed size");
        if (start < 0 || end <= start || end > x.Shape[at]) throw Error($"slices axis {at} of {x} from {start} to {end}");
        if (start == 0 && end == x.Shape[at]) return x;
        var shape = (long[])x.Dimensions.Clone();
        shape[at] = end - start;
        return Apply("Slice",
            [x, Integers("starts", start), Integers("ends", end), Integers("axes", at)], x.Type, shape);
    }

    /// <summary>The same values along an axis from its end to its beginning.</summary>
    public OnnxValue Reverse(OnnxValue x, long axis)
    {
        var at = Axis(x, axis);
        if (x.Shape[at] < 0) throw Error("reverses the batch");
        // Backwards the end is exclusive too: one before the first, counted from the back.
        return Apply(
            "Slice",
            [x, Integers("starts", -1), Integers("ends", -x.Shape[at] - 1), Integers("axes", at), Integers("steps", -1)],
            x.Type,
            x.Dimensions);
    }

    /// <summary>The same values repeated along axes of size 1, as NumPy broadcasts them.</summary>
    /// <param name="x">Its last axes have the given sizes or 1.</param>
    /// <param name="sizes">The sizes of the last axes.</param>
    public OnnxValue Expand(OnnxValue x, params long[] sizes)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(sizes);
        var shape = Broadcast("Expand", x.Dimensions, sizes);
        return Apply("Expand", [x, Integers("shape", sizes)], x.Type, shape);
    }

    /// <summary>The values with a margin around each axis but the first two (or the first); a negative margin cuts.</summary>
    /// <param name="x">At least three axes.</param>
    /// <param name="begin">The margins before each axis after the second, or after the first.</param>
    /// <param name="end">The margins behind each of these axes.</param>
    /// <param name="mode"><c>constant</c>, <c>reflect</c> or <c>edge</c>.</param>
    /// <param name="value">What a constant margin holds.</param>
    public OnnxValue Pad(OnnxValue x, long[] begin, long[] end, string mode = "constant", double value = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(end);
        var first = x.Rank - begin.Length;
        if (first is not (1 or 2) || end.Length != begin.Length)
            throw Error($"pads {begin.Length} axes of {x}, which has {x.Rank - 2} after its first two");
        if (begin.All(size => size == 0) && end.All(size => size == 0)) return x;
        var shape = (long[])x.Dimensions.Clone();
        for (var i = 0; i < begin.Length; i++) if (shape[i + first] > 0) shape[i + first] += begin[i] + end[i];
        var none = new long[first];
        var pads = Integers("pads", [.. none, .. begin, .. none, .. end]);
        return Apply("Pad", mode == "constant" ? [x, pads, Constant((float)value)] : [x, pads], x.Type, shape, ("mode", mode));
    }

    /// <summary>The largest value along some axes, which stay with size 1.</summary>
    public OnnxValue ReduceMax(OnnxValue x, params long[] axes) => Reduce("ReduceMax", x, axes);

    /// <summary>The mean along some axes, which stay with size 1.</summary>
    public OnnxValue ReduceMean(OnnxValue x, params long[] axes) => Reduce("ReduceMean", x, axes);

    /// <summary>The values as another element type; floats become integers towards zero.</summary>
    public OnnxValue Cast(OnnxValue x, DataType type)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Type == type ? x : Apply("Cast", [x], type, x.Dimensions, ("to", (long)type));
    }

    internal OnnxValue Add(OnnxValue left, OnnxValue right) => Binary("Add", left, right);

    internal OnnxValue Subtract(OnnxValue left, OnnxValue right) => Binary("Sub", left, right);

    internal OnnxValue Multiply(OnnxValue left, OnnxValue right) => Binary("Mul", left, right);

    internal OnnxValue Divide(OnnxValue left, OnnxValue right) => Binary("Div", left, right);

    /// <summary>The sizes of a value's axes when the model runs.</summary>
    internal OnnxValue ShapeOf(OnnxValue x) => Apply("Shape", [x], DataType.Int64, [x.Rank]);

    internal OnnxValue Integers(string name, params long[] values) => NewConstant(name, [values.Length], values);

    /// <summary>An axis counted from the front, where a negative one counts from the back.</summary>
    internal int Axis(OnnxValue x, long axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (axis < -x.Rank || axis >= x.Rank) throw Error($"uses axis {axis} of {x}");
        return (int)(axis < 0 ? axis + x.Rank : axis);
    }

    internal static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);

    private OnnxValue Binary(string opType, OnnxValue left, OnnxValue right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return Apply(opType, [left, right], left.Type, Broadcast(opType, left.Dimensions, right.Dimensions));
    }

    /// <summary>The mean over axes that may be the batch's; they stay, with size 1.</summary>
    internal OnnxValue MeanOverBatch(OnnxValue x, long[] axes) => Reduce("ReduceMean", x, axes, ofBatch: true);

    private OnnxValue Reduce(string opType, OnnxValue x, long[] axes, bool ofBatch = false)
    {
        ArgumentNullException.ThrowIfNull(axes);
        var at = axes.Select(axis => (long)Axis(x, axis)).ToArray();
        var shape = (long[])x.Dimensions.Clone();
        foreach (var axis in at) shape[axis] = shape[axis] == Batch && !ofBatch ? throw Error("reduces the batch") : 1;
        // The axes are an attribute up to operator set 17, an input from 18 on.
        return Opset < 18
            ? Apply(opType, [x], x.Type, shape, ("axes", at), ("keepdims", 1))
            : Apply(opType, [x, Integers("axes", at)], x.Type, shape, ("keepdims", 1));
    }

    private long[] Broadcast(string opType, long[] left, long[] right)
    {
        var shape = new long[Math.Max(left.Length, right.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (a, b) = (i <= left.Length ? left[^i] : 1, i <= right.Length ? right[^i] : 1);
            // Two sizes that follow from the batch are taken for the same.
            if (a != b && a != 1 && b != 1 && !(a < 0 && b < 0))
                throw Error($"combines [{string.Join(", ", left)}] and [{string.Join(", ", right)}] by {opType}, whose sizes do not match");
            shape[^i] = a == 1 ? b : a;
        }
        return shape;
    }
}
