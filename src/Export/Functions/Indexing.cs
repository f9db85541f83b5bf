using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>x[...]: what indices choose of a tensor.</summary>
internal static class Indexing
{
    /// <summary>The indices of a call, its instance and a value that is written left out.</summary>
    public static IReadOnlyList<object?> Indices(IEnumerable<object?> arguments) => [.. arguments.SelectMany(argument => argument switch
    {
        object?[] several => several,
        _ => [argument],
    }).Select(index => index is TracedSize ? new TracedIndex(TracedIndexKind.Single, index) : index)];

    /// <summary>How many axes the indices speak of; an ellipsis stands for the others.</summary>
    public static int Named(IEnumerable<object?> indices) => indices.Sum(index => index switch
    {
        TracedValue tensor => tensor.IsMask ? tensor.Shape.Length : 1,
        TracedIndex { Kind: TracedIndexKind.Single or TracedIndexKind.Range } => 1,
        _ => 0,
    });

    /// <summary>
    /// What the indices choose: first by ranges and single places, then come new axes, then by tensors, as in Torch.
    /// </summary>
    /// <param name="call">Of a function whose first tensor is indexed.</param>
    /// <param name="x">This tensor, or another of its sizes.</param>
    /// <param name="indices">The indices.</param>
    public static OnnxValue Take(FunctionCall call, OnnxValue x, IReadOnlyList<object?> indices)
    {
        var graph = call.Graph;
        var dropped = new List<int>();
        // Where new axes and tensors come, counted without what is dropped.
        var added = new List<int>();
        var tensors = new List<(int Axis, TracedValue Index)>();
        var (axis, at) = (0, 0);
        foreach (var index in indices)
        {
            switch (index)
            {
                case TracedIndex { Kind: TracedIndexKind.NewAxis }:
                    added.Add(at++);
                    break;
                case TracedIndex { Kind: TracedIndexKind.Ellipsis }:
                    var skipped = call.TracedX.Shape.Length - Named(indices);
                    axis += skipped;
                    at += skipped;
                    break;
                case TracedIndex { Kind: TracedIndexKind.Single, Start: TracedSize place }:
                    var next = new TracedSize([.. place.Values.Select(value => value + 1)]);
                    x = ShapeFunctions.Cut(call, x, axis, place, next.First == 0 ? null : next, size: 1);
                    dropped.Add(axis++);
                    break;
                case TracedIndex { Kind: TracedIndexKind.Range } range:
                    x = Range(call, x, axis, range);
                    axis++;
                    at++;
                    break;
                case TracedValue tensor when !tensor.IsMask || tensor.Shape.Length > 0:
                    tensors.Add((at, tensor));
                    var count = tensor.IsMask ? tensor.Shape.Length : 1;
                    axis += count;
                    at += count;
                    break;
                default:
                    throw graph.Error($"indexes by a single truth, in {call.Call.Site}; use torch.where");
            }
        }
        if (dropped.Count > 0)
            x = graph.Apply("Squeeze", [x, graph.Integers("axes", [.. dropped.Select(one => (long)one)])], x.Type,
                [.. x.Dimensions.Where((_, i) => !dropped.Contains(i))]);
        foreach (var place in added) x = ShapeFunctions.Unsqueeze(graph, x, place);
        return tensors switch
        {
            [] => x,
            [var (along, mask)] when mask.IsMask => Chosen(graph, x, along, call.Value(mask)),
            [var (along, places)] => graph.Apply("Gather", [x, graph.Cast(call.Value(places), DataType.Int64)], x.Type,
                [.. x.Dimensions[..along], .. FunctionCall.Dimensions(places), .. x.Dimensions[(along + 1)..]], ("axis", along)),
            _ => Gather(call, x, tensors),
        };
    }

    /// <summary>The places where a value is not zero: a row for each, a column for each axis.</summary>
    public static OnnxValue NonZero(OnnxValue x)
    {
        var graph = x.Graph;
        // A mask of bytes is one of truths; ONNX Runtime takes these types.
        if (x.Type is not (DataType.Bool or DataType.Float or DataType.Int32 or DataType.Int64 or DataType.Uint8))
            x = graph.Cast(x, OnnxTypes.IsFloat(x.Type) ? DataType.Float : DataType.Int64);
        return graph.Transpose(graph.Apply("NonZero", [x], DataType.Int64, [x.Rank, OnnxGraph.Dynamic]), 1, 0);
    }

    /// <summary>The elements of some axes where a mask holds, along one axis.</summary>
    public static OnnxValue Chosen(OnnxGraph graph, OnnxValue x, int axis, OnnxValue mask)
    {
        mask = graph.Cast(mask, DataType.Bool);
        var rest = x.Dimensions[(axis + mask.Rank)..];
        if (mask.Rank > 1)
        {
            long[] merged = [.. Sizes.Repeat(0, axis), -1];
            var shape = rest.All(size => size > 0)
                ? graph.Integers("shape", [.. merged, .. rest])
                : graph.Apply("Concat", [graph.Integers("shape", merged), graph.Slice(graph.ShapeOf(x), 0, axis + mask.Rank, x.Rank)],
                    DataType.Int64, [axis + 1 + rest.Length], ("axis", 0));
            x = graph.Apply("Reshape", [x, shape], x.Type, [.. x.Dimensions[..axis], OnnxGraph.Dynamic, .. rest]);
            mask = graph.Apply("Reshape", [mask, graph.Integers("shape", -1)], DataType.Bool, [OnnxGraph.Dynamic]);
        }
        return graph.Apply("Compress", [x, mask], x.Type, [.. x.Dimensions[..axis], OnnxGraph.Dynamic, .. rest], ("axis", axis));
    }

    // Several tensors broadcast to one shape, whose axes stand where theirs did, or first where others are between them.
    private static OnnxValue Gather(FunctionCall call, OnnxValue x, List<(int Axis, TracedValue Index)> tensors)
    {
        var graph = call.Graph;
        var columns = tensors.SelectMany(tensor => Columns(call, tensor.Axis, tensor.Index)).ToArray();
        int[] axes = [.. columns.Select(column => column.Axis)];
        int[] rest = [.. Enumerable.Range(0, x.Rank).Except(axes)];
        var places = Places(graph, [.. columns.Select(column => column.Places)]);
        var shared = places.Dimensions[..^1];

        long[] order = [.. axes.Concat(rest).Select(axis => (long)axis)];
        if (!order.SequenceEqual(order.Order())) x = graph.Transpose(x, order);
        x = graph.Apply("GatherND", [x, places], x.Type, [.. shared, .. x.Dimensions[axes.Length..]]);
        var isTogether = axes[^1] - axes[0] == axes.Length - 1;
        if (!isTogether || axes[0] == 0) return x;
        var before = Enumerable.Range(shared.Length, axes[0]);
        var behind = Enumerable.Range(shared.Length + axes[0], rest.Length - axes[0]);
        return graph.Transpose(x, [.. before.Concat(Enumerable.Range(0, shared.Length)).Concat(behind).Select(axis => (long)axis)]);
    }

    private static IEnumerable<(int Axis, OnnxValue Places)> Columns(FunctionCall call, int axis, TracedValue index)
    {
        var graph = call.Graph;
        var value = call.Value(index);
        if (!index.IsMask) return [(axis, graph.Cast(value, DataType.Int64))];
        var places = NonZero(graph.Cast(value, DataType.Bool));
        return Enumerable.Range(0, value.Rank).Select(i => (axis + i, graph.Apply(
            "Gather", [places, graph.NewConstant("column", [], (long[])[i])], DataType.Int64, [OnnxGraph.Dynamic], ("axis", 1))));
    }

    // Places along each axis as places in all of them, along a last axis.
    private static OnnxValue Places(OnnxGraph graph, OnnxValue[] columns)
    {
        OnnxValue Add(OnnxValue left, OnnxValue right) =>
            graph.Apply("Add", [left, right], DataType.Int64, OnnxMath.Broadcast(left, right));
        var sum = columns.Aggregate(Add);
        if (columns.Any(column => !column.Dimensions.SequenceEqual(sum.Dimensions)))
        {
            var zeros = sum - sum;
            columns = [.. columns.Select(column => Add(column, zeros))];
        }
        return graph.Apply("Concat", [.. columns.Select(column => (OnnxValue?)ShapeFunctions.Unsqueeze(graph, column, column.Rank))],
            DataType.Int64, [.. sum.Dimensions, columns.Length], ("axis", sum.Rank));
    }

    private static OnnxValue Range(FunctionCall call, OnnxValue x, int axis, TracedIndex range)
    {
        var step = range.Step is TracedSize { IsFixed: true, First: var given } ? given : 1;
        var (start, stop) = (range.Start as TracedSize?, range.Stop as TracedSize?);
        if (step == 1 && start is null or { IsFixed: true, First: 0 } && stop is null) return x;
        var size = call.TracedX.Sizes[axis];
        var length = new TracedSize([.. size.Values.Select((n, i) => Length(n, start?.Values[i], stop?.Values[i], step))]);
        return ShapeFunctions.Cut(call, x, axis, start ?? new TracedSize([.. size.Values.Select(_ => 0L)]), stop, step, length.Dimension);
    }

    private static long Length(long size, long? start, long? stop, long step)
    {
        long Limit(long value) => Math.Clamp(value < 0 ? value + size : value, 0, size);
        var (from, to) = (Limit(start ?? 0), Limit(stop ?? size));
        return Math.Max(0, (to - from + step - 1) / step);
    }
}
