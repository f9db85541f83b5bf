using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>x[...] = value: a tensor with other values where indices say.</summary>
internal static class IndexWriting
{
    /// <summary>The setter of x[...], and index_put_ in its forms.</summary>
    public static OnnxValue Put(FunctionCall call)
    {
        var indices = Indexing.Indices(call.Has("indices") ? [call.Argument("indices")] : call.Call.Arguments[1..^1]);
        var value = call.Argument("value") ?? call.Call.Arguments[^1];
        return Put(call, indices, value, call.Flag("accumulate"));
    }

    /// <summary>The first tensor of a call with a value where indices say.</summary>
    /// <param name="call">The call.</param>
    /// <param name="indices">The indices.</param>
    /// <param name="value">A tensor that is broadcast, or a number.</param>
    /// <param name="add">Whether the value is added to what is there.</param>
    public static OnnxValue Put(FunctionCall call, IReadOnlyList<object?> indices, object? value, bool add = false)
    {
        var put = call.Operand(value, call.X.Type);
        if (ByMask(call, indices, put, add) is { } masked) return masked;
        return (add ? null : Between(call, indices, put, value as TracedValue)) ?? ByPlaces(call, indices, put, add);
    }

    /// <summary>x with rows along one axis replaced.</summary>
    public static OnnxValue Between(FunctionCall call, OnnxValue source, int axis, long start, long end) =>
        Write(call, call.X, source, call.TracedX.Sizes, [(axis, start, end)], 0);

    // By one mask, the same value for all that it chooses: a choice between two values.
    private static OnnxValue? ByMask(FunctionCall call, IReadOnlyList<object?> indices, OnnxValue put, bool add)
    {
        if (indices.OfType<TracedValue>().ToArray() is not [var index] || !index.IsMask || index.Shape.Length == 0) return null;
        if (indices.Any(other => other is not (TracedValue or TracedIndex { Kind: TracedIndexKind.Ellipsis } or
            TracedIndex { Kind: TracedIndexKind.Range, Start: null or TracedSize { IsFixed: true, First: 0 }, Stop: null,
                Step: null or TracedSize { IsFixed: true, First: 1 } }))) return null;
        var graph = call.Graph;
        var x = call.X;
        var at = 0;
        foreach (var other in indices.TakeWhile(other => other is not TracedValue))
            at += other is TracedIndex { Kind: TracedIndexKind.Ellipsis } ? x.Rank - Indexing.Named(indices) : 1;
        var behind = x.Rank - at - index.Shape.Length;
        if (put.Rank > behind && put.Dimensions[..^behind].Any(size => size != 1)) return null;
        if (put.Rank > behind) put = graph.Apply("Reshape", [put, Kept(graph, put, behind)], put.Type, put.Dimensions[^behind..]);
        var mask = graph.Cast(call.Value(index), DataType.Bool);
        for (var i = 0; i < behind; i++) mask = ShapeFunctions.Unsqueeze(graph, mask, mask.Rank);
        return OnnxMath.Where(mask, add ? x + put : put, x);
    }

    // The last axes of a value.
    private static OnnxValue Kept(OnnxGraph graph, OnnxValue x, int count) => x.Dimensions[^count..].All(size => size > 0)
        ? graph.Integers("shape", x.Dimensions[^count..])
        : graph.Slice(graph.ShapeOf(x), 0, x.Rank - count, x.Rank);

    // Any indices at all.
    private static OnnxValue ByPlaces(FunctionCall call, IReadOnlyList<object?> indices, OnnxValue put, bool add) =>
        PutWhere(call, put, numbers => Indexing.Take(call, numbers, indices), add);

    /// <summary>The first tensor of a call with a value at some of its elements.</summary>
    /// <param name="call">The call.</param>
    /// <param name="put">The value, which is broadcast.</param>
    /// <param name="choose">Chooses among the elements' numbers, which have the tensor's sizes.</param>
    /// <param name="add">Whether the value is added to what is there.</param>
    public static OnnxValue PutWhere(FunctionCall call, OnnxValue put, Func<OnnxValue, OnnxValue> choose, bool add = false)
    {
        var graph = call.Graph;
        if (add && graph.Opset < 16)
            throw graph.Error(
                $"adds at places, in {call.Call.Site}, which ONNX has from operator set 16 on; set {nameof(ExportOptions.Opset)}");
        var x = call.X;
        OnnxValue Flat(OnnxValue value) =>
            graph.Apply("Reshape", [value, graph.Integers("shape", -1)], value.Type, [OnnxGraph.Dynamic]);
        OnnxValue Number(long value) => graph.NewConstant("number", [], (long[])[value]);
        var shape = graph.ShapeOf(x);
        var count = graph.Apply("Size", [x], DataType.Int64, []);
        var numbers = graph.Apply("Range", [Number(0), count, Number(1)], DataType.Int64, [OnnxGraph.Dynamic]);
        var places = choose(graph.Apply("Reshape", [numbers, shape], DataType.Int64, x.Dimensions));
        // Torch leaves out axes of one element before the others.
        if (put.Rank > places.Rank)
            put = graph.Apply("Reshape", [put, Kept(graph, put, places.Rank)], put.Type, put.Dimensions[^places.Rank..]);
        if (put.Dimensions.Contains(OnnxGraph.Dynamic) || !put.Dimensions.SequenceEqual(places.Dimensions))
            put = graph.Apply("Expand", [put, graph.ShapeOf(places)], put.Type, places.Dimensions);
        OnnxSetting[] settings = add ? [("axis", 0), ("reduction", "add")] : [("axis", 0)];
        var written = graph.Apply("ScatterElements", [Flat(x), Flat(places), Flat(put)], x.Type, [OnnxGraph.Dynamic], settings);
        return graph.Apply("Reshape", [written, shape], x.Type, x.Dimensions);
    }

    // By ranges and places that are fixed, along axes of fixed size: what is before, the value, what is behind. Null by others.
    private static OnnxValue? Between(FunctionCall call, IReadOnlyList<object?> indices, OnnxValue put, TracedValue? value)
    {
        var sizes = call.TracedX.Sizes;
        var axis = 0;
        var cuts = new List<(int Axis, long Start, long End)>();
        foreach (var index in indices)
        {
            switch (index)
            {
                case TracedIndex { Kind: TracedIndexKind.Ellipsis }:
                    axis += sizes.Length - Indexing.Named(indices);
                    break;
                case TracedIndex { Kind: TracedIndexKind.Single, Start: TracedSize { IsFixed: true } place } when sizes[axis].IsFixed:
                    var first = place.First < 0 ? place.First + sizes[axis].First : place.First;
                    cuts.Add((axis++, first, first + 1));
                    break;
                case TracedIndex { Kind: TracedIndexKind.Range, Step: null or TracedSize { First: 1 } } range when
                    range is { Start: null or TracedSize { IsFixed: true }, Stop: null or TracedSize { IsFixed: true } }:
                    if (sizes[axis].IsFixed)
                        cuts.Add((axis, End(range.Start, sizes[axis].First, 0), End(range.Stop, sizes[axis].First, sizes[axis].First)));
                    else if (range is not { Start: null or TracedSize { First: 0 }, Stop: null }) return null;
                    axis++;
                    break;
                default:
                    return null;
            }
        }
        cuts.RemoveAll(cut => cut.Start == 0 && cut.End == sizes[cut.Axis].First);
        // The written part in the sizes of the whole but where it is cut.
        var parts = sizes.Select((size, i) => cuts.FirstOrDefault(cut => cut.Axis == i) is { End: > 0 } cut
            ? new TracedSize([.. size.Values.Select(_ => cut.End - cut.Start)])
            : size).ToArray();
        var written = new TracedValue([.. parts.Select(part => part.First)], call.TracedX.Type) { Sizes = parts };
        if (value is null || OnnxGraph.Product(value.Shape) == 1)
            put = call.Graph.Apply("Expand", [put, call.Sizes(parts)], put.Type, FunctionCall.Dimensions(written));
        else if (OnnxGraph.Product(value.Shape) == OnnxGraph.Product(written.Shape)) put = call.Reshape(put, value, written);
        else return null;
        return Write(call, call.X, put, sizes, cuts, 0);
    }

    /// <summary>An end of a range, counted from the front; another one where none is given.</summary>
    public static long End(object? end, long size, long otherwise) => end is TracedSize { First: var at }
        ? Math.Clamp(at < 0 ? at + size : at, 0, size)
        : otherwise;

    // Along one cut axis after the other: what is before, the inner part, what is behind.
    private static OnnxValue Write(
        FunctionCall call, OnnxValue x, OnnxValue put, TracedSize[] sizes, List<(int Axis, long Start, long End)> cuts, int level)
    {
        if (level == cuts.Count) return put;
        var (axis, start, end) = cuts[level];
        var size = sizes[axis].First;
        var inner = Write(call, call.Graph.Slice(x, axis, start, end), put, sizes, cuts, level + 1);
        List<OnnxValue> parts = [inner];
        if (start > 0) parts.Insert(0, call.Graph.Slice(x, axis, 0, start));
        if (end < size) parts.Add(call.Graph.Slice(x, axis, end, size));
        var shape = (long[])x.Dimensions.Clone();
        return parts.Count == 1 ? inner : call.Graph.Apply("Concat", [.. parts], x.Type, shape, ("axis", axis));
    }
}
