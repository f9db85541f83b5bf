using DataType = Onnx.TensorProto.Types.DataType;
using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>Functions that take elements by their places, or put them there.</summary>
internal static class IndexFunctions
{
    public static void AddTo(Table table)
    {
        table.Add("index", Index);
        table.Add("select", call => call.Argument("index") is TracedSize { IsFixed: true, First: var at }
            ? ShapeFunctions.Take(call.Graph, call.X, call.Axis(0, "dim"), at)
            : throw call.Graph.Error($"takes a place that follows from the batch, in {call.Call.Site}"));
        table.Add("index_select", call => call.Operator(
            "Gather", [call.X, call.Tensor("index")], ("axis", call.Axis(0, "dim"))));
        table.Add("gather", call => call.Operator("GatherElements", [call.X, call.Tensor("index")], ("axis", call.Axis(0, "dim"))));
        table.Add("take_along_dim", call => call.Operator(
            "GatherElements", [call.X, call.Tensor("indices")], ("axis", call.Axis(0, "dim"))));
        table.Add("scatter", call => call.Operator(
            "ScatterElements", [call.X, call.Tensor("index"), Source(call)], ("axis", call.Axis(0, "dim"))));
        table.Add("scatter_add", call => call.Graph.Opset < 16
            ? throw call.Graph.Error("calls scatter_add, which ONNX has from operator set 16 on")
            : call.Operator("ScatterElements", [call.X, call.Tensor("index"), Source(call)],
                ("axis", call.Axis(0, "dim")), ("reduction", "add")));
        table.Add("index_put", Put);
        table.Add("one_hot", call => call.Operator("OneHot",
        [
            call.X, call.Graph.Integers("depth", call.Result.Shape[^1]), call.Graph.Integers("values", 0, 1),
        ], ("axis", -1)));
        table.AddMany("topk", call => Ordered(call, call.Graph.Integers("k", call.Integer("k", 1)), call.Flag("largest", true)));
        table.AddMany("sort", call => Ordered(call, call.Sizes([call.TracedX.Sizes[call.Axis(-1, "dim")]]), call.Flag("descending")));
        table.Add("argsort", call => Order(call, call.Sizes([call.TracedX.Sizes[call.Axis(-1, "dim")]]), call.Flag("descending"),
            FunctionCall.Dimensions(call.TracedX))[1]);
    }

    // Torch takes of what is scattered as much as there are places; ONNX wants the same sizes.
    private static OnnxValue Source(FunctionCall call)
    {
        var (places, source) = ((TracedValue)call.Argument("index")!, (TracedValue)call.Argument("src")!);
        var value = call.Operand(source, call.Type);
        for (var axis = 0; axis < places.Sizes.Length; axis++)
        {
            if (places.Sizes[axis].Equals(source.Sizes[axis])) continue;
            var none = new TracedSize([.. places.Sizes[axis].Values.Select(_ => 0L)]);
            value = ShapeFunctions.Cut(call, value, axis, none, places.Sizes[axis], size: places.Sizes[axis].Dimension);
        }
        return value;
    }

    private static OnnxValue[] Ordered(FunctionCall call, OnnxValue count, bool largest) => Order(call, count, largest, call.Shape);

    private static OnnxValue[] Order(FunctionCall call, OnnxValue count, bool largest, long[] shape)
    {
        var x = call.X;
        return call.Graph.ApplyMany("TopK", [x, count], [(x.Type, shape), (DataType.Int64, shape)],
            ("axis", call.Axis(-1, "dim")), ("largest", largest ? 1 : 0), ("sorted", 1));
    }

    /// <summary>x[...]: first the ranges and single places of each axis, then new axes, then the one tensor of places.</summary>
    private static OnnxValue Index(FunctionCall call)
    {
        var graph = call.Graph;
        var x = call.X;
        var axis = 0;
        var dropped = new List<int>();
        (int Axis, TracedValue Places)? tensor = null;
        var indices = Indices(call).ToArray();
        var named = indices.Count(index => index is TracedValue or TracedIndex { Kind: TracedIndexKind.Single or TracedIndexKind.Range });
        // Where new axes come, counted in the result.
        var added = new List<int>();
        var at = 0;
        foreach (var index in indices)
        {
            switch (index)
            {
                case TracedIndex { Kind: TracedIndexKind.NewAxis }:
                    added.Add(at++);
                    break;
                case TracedIndex { Kind: TracedIndexKind.Ellipsis }:
                    var skipped = call.TracedX.Shape.Length - named;
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
                case TracedValue places:
                    if (tensor is not null || OnnxTypes.Of(places.Type) is DataType.Bool)
                        throw graph.Error($"indexes by several tensors, or by a mask, in {call.Call.Site}; use gather, or torch.where");
                    tensor = (axis++, places);
                    at += places.Shape.Length;
                    break;
                default:
                    throw graph.Error($"indexes in a way that the exporter does not know, in {call.Call.Site}");
            }
        }
        if (tensor is var (along, by))
        {
            if (added.Count > 0) throw graph.Error($"indexes by a tensor and a new axis, in {call.Call.Site}; use unsqueeze");
            var shape = (long[])[.. x.Dimensions[..along], .. FunctionCall.Dimensions(by), .. x.Dimensions[(along + 1)..]];
            x = graph.Apply("Gather", [x, graph.Cast(call.Value(by), DataType.Int64)], x.Type, shape, ("axis", along));
            // Axes behind have moved.
            for (var i = 0; i < dropped.Count; i++)
                if (dropped[i] > along) dropped[i] += by.Shape.Length - 1;
        }
        if (dropped.Count > 0)
            x = graph.Apply("Squeeze", [x, graph.Integers("axes", [.. dropped.Select(one => (long)one)])], x.Type,
                [.. x.Dimensions.Where((_, i) => !dropped.Contains(i))]);
        foreach (var place in added) x = ShapeFunctions.Unsqueeze(graph, x, place);
        return x;
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

    private static IEnumerable<object?> Indices(FunctionCall call) =>
        call.Call.Arguments.Skip(1).SelectMany(argument => argument switch
        {
            object?[] several => several,
            TracedSize => [new TracedIndex(TracedIndexKind.Single, argument)],
            _ => [argument],
        }).Select(index => index is TracedSize ? new TracedIndex(TracedIndexKind.Single, index) : index);

    /// <summary>x[...] = value, where all indices are ranges or places that do not follow from the batch.</summary>
    private static OnnxValue Put(FunctionCall call)
    {
        if (call.Call.Function.Name == "index_put_")
            throw call.Graph.Error($"calls index_put_, in {call.Call.Site}; use scatter, or torch.where");
        var sizes = call.TracedX.Sizes;
        var indices = Indices(call).SkipLast(1).ToList();
        var given = indices.Count(index => index is not TracedIndex { Kind: TracedIndexKind.Ellipsis });
        var value = (TracedValue)call.Call.Arguments[^1]!;
        var x = call.X;
        var axis = 0;
        // The part that is written becomes the middle of each axis that is cut.
        var cuts = new List<(int Axis, long Start, long End)>();
        var shape = new List<TracedSize>();
        foreach (var index in indices)
        {
            switch (index)
            {
                case TracedIndex { Kind: TracedIndexKind.Ellipsis }:
                    axis += sizes.Length - given;
                    break;
                case TracedIndex { Kind: TracedIndexKind.Single, Start: TracedSize { IsFixed: true } place } when sizes[axis].IsFixed:
                    var first = place.First < 0 ? place.First + sizes[axis].First : place.First;
                    cuts.Add((axis++, first, first + 1));
                    break;
                case TracedIndex { Kind: TracedIndexKind.Range, Step: null or TracedSize { First: 1 } } range when
                    range is { Start: null or TracedSize { IsFixed: true }, Stop: null or TracedSize { IsFixed: true } }:
                    if (sizes[axis].IsFixed)
                        cuts.Add((axis, End(range.Start, sizes[axis].First, 0), End(range.Stop, sizes[axis].First, sizes[axis].First)));
                    else if (range is not { Start: null or TracedSize { First: 0 }, Stop: null }) throw Refuse(call);
                    axis++;
                    break;
                default:
                    throw Refuse(call);
            }
        }
        cuts.RemoveAll(cut => cut.Start == 0 && cut.End == sizes[cut.Axis].First);
        // The written part in the sizes of the whole but where it is cut.
        var parts = sizes.Select((size, i) => cuts.FirstOrDefault(cut => cut.Axis == i) is { End: > 0 } cut
            ? new TracedSize([.. size.Values.Select(_ => cut.End - cut.Start)])
            : size).ToArray();
        var written = new TracedValue([.. parts.Select(part => part.First)], value.Type) { Sizes = parts };
        var put = call.Graph.Cast(call.Value(value), x.Type);
        put = value.Shape.Length == 0 || OnnxGraph.Product(value.Shape) == 1
            ? call.Graph.Apply("Expand", [put, call.Sizes(parts)], x.Type, FunctionCall.Dimensions(written))
            : OnnxGraph.Product(value.Shape) == OnnxGraph.Product(written.Shape)
                ? call.Reshape(put, value, written)
                : throw call.Graph.Error($"writes a value that is broadcast, in {call.Call.Site}; expand it first");
        return Write(call, x, put, sizes, cuts, 0);
    }

    private static long End(object? end, long size, long otherwise) => end is TracedSize { First: var at }
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

    private static ExportException Refuse(FunctionCall call) => call.Graph.Error(
        $"writes to places, in {call.Call.Site}, that are a tensor, stepped, or follow from the batch; use torch.where or scatter");
}
