using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions that take elements by their places, or put them there.</summary>
internal static class IndexFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "By places";
        table.Add("index", Index, note: "By one tensor of places at most, and not by a mask.");
        table.Add("select", call => call.Argument("index") is TracedSize { IsFixed: true, First: var at }
            ? ShapeFunctions.Take(call.Graph, call.X, call.Axis(0, "dim"), at)
            : throw call.Graph.Error($"takes a place that follows from the batch, in {call.Call.Site}"));
        table.Add("index_select", call => call.Operator(
            "Gather", [call.X, call.Tensor("index")], ("axis", call.Axis(0, "dim"))));
        table.Add("gather", call => call.Operator("GatherElements", [call.X, call.Tensor("index")], ("axis", call.Axis(0, "dim"))));
        table.Add("take_along_dim", call => call.Has("dim") ? Along(call) : call.Operator("GatherElements",
        [
            Flat(call),
            call.Graph.Apply("Reshape", [call.Tensor("indices"), call.Graph.Integers("shape", -1)], DataType.Int64, call.Shape),
        ], ("axis", 0)));
        table.Add("scatter", call => call.Operator(
            "ScatterElements", [call.X, call.Tensor("index"), Source(call)], ("axis", call.Axis(0, "dim"))));
        table.Add("scatter_add", call => call.Operator("ScatterElements", [call.X, call.Tensor("index"), Source(call)],
            ("axis", call.Axis(0, "dim")), ("reduction", "add")), since: 16);
        table.Add("index_put", Put, note: "x[...] = value at fixed places and ranges; the method index_put_ is refused.");
        table.Add("one_hot", call => call.Integer("num_classes", -1) is > 0 and var classes
            ? call.Operator("OneHot", [call.X, call.Graph.Integers("depth", classes), call.Graph.Integers("values", 0, 1)], ("axis", -1))
            : throw call.Graph.Error($"calls one_hot, in {call.Call.Site}, for as many classes as the values say; give num_classes"),
            note: "Of a given number of classes.");
        table.Add("take", call => call.Graph.Apply("Gather", [Flat(call), call.Tensor("index")], call.Type, call.Shape, ("axis", 0)));
        table.Add("index_add", call => Rows(call, call.Operand(call.Argument("source"), call.Type) is var source &&
            call.Has("alpha") && call.Number(1, "alpha") is var alpha ? OnnxMath.Times(source, alpha) : source, "add"), since: 16);
        table.Add("index_copy", call => Rows(call, call.Operand(call.Argument("source"), call.Type), "none"));
        table.Add("index_fill", Fill);
        table.Add("select_scatter", call =>
        {
            var axis = call.Axis(0, "dim");
            var at = call.Integer("index", 0);
            if (at < 0) at += call.TracedX.Shape[axis];
            var row = ShapeFunctions.Unsqueeze(call.Graph, call.Operand(call.Argument("src"), call.Type), axis);
            return Between(call, row, axis, at, at + 1);
        });
        table.Add("slice_scatter", call =>
        {
            var axis = call.Axis(0, "dim");
            if (call.Integer("step", 1) != 1) throw Refuse(call);
            var size = call.TracedX.Shape[axis];
            return Between(call, call.Operand(call.Argument("src"), call.Type), axis,
                End(call.Argument("start"), size, 0), End(call.Argument("end"), size, size));
        }, note: "Without steps.");
        table.Add("bucketize", call => Search(call, call.X, call.Tensor("boundaries")!));
        table.Add("searchsorted", call => Search(call, call.Operand(call.Argument("values"), call.X.Type), call.X),
            note: "Without a sorter.");
        table.Add("unfold", Windows);
        table.Refuse("masked_select nonzero nonzero_as_list argwhere unique unique_consecutive", Some);
        table.Refuse("masked_scatter diagonal_scatter index_reduce",
            "for which ONNX has no operator; use torch.where, scatter or scatter_add");
    }

    /// <summary>What is said of functions whose result has a number of elements that only a run tells.</summary>
    internal const string Some = "whose result has as many elements as the input's values say, which an ONNX file's sizes cannot follow; " +
        "keep all elements, and choose by torch.where";

    // Torch broadcasts the axes that are not chosen along.
    private static OnnxValue Along(FunctionCall call)
    {
        var axis = call.Axis(0, "dim");
        var sizes = call.Result.Sizes;
        var x = call.X;
        var wanted = sizes.Select((size, i) => i == axis ? call.TracedX.Sizes[i] : size).ToArray();
        if (!wanted.SequenceEqual(call.TracedX.Sizes))
            x = call.Graph.Apply("Expand", [x, call.Sizes(wanted)], x.Type, [.. wanted.Select(size => size.Dimension)]);
        var places = call.Argument("indices") is TracedValue given
            ? call.Value(given)
            : throw call.Graph.Error($"takes along an axis by numbers, in {call.Call.Site}; give a tensor");
        if (!given.Sizes.SequenceEqual(sizes))
            places = call.Graph.Apply("Expand", [places, call.Sizes(sizes)], DataType.Int64, call.Shape);
        return call.Operator("GatherElements", [x, places], ("axis", axis));
    }

    private static OnnxValue Flat(FunctionCall call) =>
        call.Graph.Apply("Reshape", [call.X, call.Graph.Integers("shape", -1)], call.X.Type, [OnnxGraph.Dynamic]);

    // Places along one axis as places for each element of what is put there.
    private static OnnxValue Rows(FunctionCall call, OnnxValue source, string reduction)
    {
        var axis = call.Axis(0, "dim");
        var sizes = ((TracedValue)call.Argument("source")!).Sizes;
        return Put(call, axis, source, sizes, reduction);
    }

    private static OnnxValue Put(FunctionCall call, int axis, OnnxValue source, TracedSize[] sizes, string reduction)
    {
        var places = call.Graph.Cast(call.Tensor("index")!, DataType.Int64);
        var shape = Sizes.Repeat(1, sizes.Length);
        shape[axis] = -1;
        var column = Sizes.Repeat(1, sizes.Length);
        column[axis] = places.Dimensions.Length == 0 ? 1 : places.Dimensions[0];
        var apart = call.Graph.Apply("Reshape", [places, call.Graph.Integers("shape", shape)], DataType.Int64, column);
        long[] dimensions = [.. sizes.Select(size => size.Dimension)];
        var each = call.Graph.Apply("Expand", [apart, call.Sizes(sizes)], DataType.Int64, dimensions);
        OnnxSetting[] settings = reduction == "none" ? [("axis", axis)] : [("axis", axis), ("reduction", reduction)];
        return call.Operator("ScatterElements", [call.X, each, source], settings);
    }

    private static OnnxValue Fill(FunctionCall call)
    {
        var axis = call.Axis(0, "dim");
        TracedSize[] sizes = [.. call.TracedX.Sizes];
        sizes[axis] = ((TracedValue)call.Argument("index")!).Sizes is [var count]
            ? count
            : new TracedSize([.. sizes[axis].Values.Select(_ => 1L)]);
        var value = call.Graph.Apply("Expand", [call.Operand(call.Argument("value"), call.Type), call.Sizes(sizes)], call.Type,
            [.. sizes.Select(size => size.Dimension)]);
        return Put(call, axis, value, sizes, "none");
    }

    private static OnnxValue Between(FunctionCall call, OnnxValue source, int axis, long start, long end)
    {
        if (!call.TracedX.Sizes[axis].IsFixed) throw Refuse(call);
        return Write(call, call.X, source, call.TracedX.Sizes, [(axis, start, end)], 0);
    }

    // How many of the boundaries are less than a value, or not more.
    private static OnnxValue Search(FunctionCall call, OnnxValue values, OnnxValue boundaries)
    {
        if (call.Has("sorter")) throw call.Graph.Error($"searches by a sorter, in {call.Call.Site}; sort the sequence first");
        var graph = call.Graph;
        values = graph.Cast(values, DataType.Float);
        boundaries = graph.Cast(boundaries, DataType.Float);
        if (boundaries.Rank > 1) boundaries = ShapeFunctions.Unsqueeze(graph, boundaries, boundaries.Rank - 1);
        var apart = ShapeFunctions.Unsqueeze(graph, values, values.Rank);
        var before = OnnxMath.Compare(call.Flag("right") ? "LessOrEqual" : "Less", boundaries, apart);
        var count = ReductionFunctions.Reduce(graph, "ReduceSum", graph.Cast(before, DataType.Int64), [before.Rank - 1], keep: false);
        return graph.Cast(count, call.Type);
    }

    // Tensor.unfold: windows of an axis, their elements along a new last one.
    private static OnnxValue Windows(FunctionCall call)
    {
        var axis = call.Axis(0, "dimension");
        var (size, step) = (call.Integer("size", 1), call.Integer("step", 1));
        if (!call.TracedX.Sizes[axis].IsFixed) throw call.Graph.Error($"unfolds the batch, in {call.Call.Site}");
        var count = call.Result.Shape[axis];
        var places = new long[count * size];
        for (var i = 0; i < places.Length; i++) places[i] = i / size * step + i % size;
        var x = call.X;
        var windows = call.Graph.Apply("Gather", [x, call.Graph.NewConstant("places", [count, size], places)], x.Type,
            [.. x.Dimensions[..axis], count, size, .. x.Dimensions[(axis + 1)..]], ("axis", axis));
        long[] order = [.. Enumerable.Range(0, windows.Rank).Where(i => i != axis + 1).Select(i => (long)i), axis + 1];
        return axis + 1 == windows.Rank - 1 ? windows : call.Graph.Transpose(windows, order);
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
