using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Functions that take elements by their places, or put them there.</summary>
internal static class IndexFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "By places";
        table.Add("index", call => Indexing.Take(call, call.X, Indexing.Indices(call.Call.Arguments.Skip(1))));
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
        table.Add("index_put", IndexWriting.Put, note: "With accumulate at places from operator set 16 on.");
        table.Add("one_hot", call => call.Operator("OneHot",
        [
            call.X,
            call.Integer("num_classes", -1) is > 0 and var classes
                ? call.Graph.Integers("depth", classes)
                : CountFunctions.Classes(call.X),
            call.Graph.Integers("values", 0, 1),
        ], ("axis", -1)));
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
            return IndexWriting.Between(call, row, axis, at, at + 1);
        });
        table.Add("slice_scatter", call =>
        {
            TracedIndex[] before = [.. Enumerable.Repeat(new TracedIndex(TracedIndexKind.Range), call.Axis(0, "dim"))];
            var range = new TracedIndex(TracedIndexKind.Range, call.Argument("start"), call.Argument("end"), call.Argument("step"));
            return IndexWriting.Put(call, [.. before, range], call.Argument("src"));
        });
        table.Add("bucketize", call => Search(call, call.X, call.Tensor("boundaries")!));
        table.Add("searchsorted", call => Search(call, call.Operand(call.Argument("values"), call.X.Type), call.X),
            note: "Without a sorter.");
        table.Add("unfold", Windows);
        table.Add("masked_scatter", MaskedScatter);
        table.Add("diagonal_scatter", call => IndexWriting.PutWhere(call, call.Operand(call.Argument("src"), call.Type), numbers =>
            DiagonalFunctions.Diagonal(call, numbers, call.Integer("offset", 0), call.Axis(0, "dim1"), call.Axis(1, "dim2"))),
            note: "Of two axes of fixed sizes.");
        table.Refuse("index_reduce", "which TorchSharp 0.107 does not have; use scatter_add or torch.where");
    }

    // The source's elements one after the other, where the mask holds.
    private static OnnxValue MaskedScatter(FunctionCall call)
    {
        var graph = call.Graph;
        var sizes = call.Result.Sizes;
        var x = CountFunctions.Expanded(call, call.X, sizes);
        var mask = CountFunctions.Expanded(call, graph.Cast(call.Tensor("mask")!, DataType.Bool), sizes);
        var holds = graph.Cast(CountFunctions.Flat(mask), DataType.Int64);
        OnnxValue Number(long value) => graph.NewConstant("number", [], (long[])[value]);
        var number = graph.Apply("CumSum", [holds, Number(0)], DataType.Int64, holds.Dimensions) - Number(1);
        var source = CountFunctions.Flat(call.Operand(call.Argument("value"), call.Type));
        var taken = graph.Apply("Gather", [source, OnnxMath.Extreme("Max", number, Number(0))], call.Type, number.Dimensions, ("axis", 0));
        return OnnxMath.Where(mask, graph.Apply("Reshape", [taken, graph.ShapeOf(x)], call.Type, call.Shape), x);
    }

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
}
