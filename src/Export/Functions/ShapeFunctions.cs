namespace GanPipeline.Export;

/// <summary>Functions that arrange elements otherwise.</summary>
internal static class ShapeFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Shapes";
        table.Add("view reshape flatten unflatten squeeze unsqueeze view_as ravel", call =>
            call.Reshape(call.X, call.TracedX, call.Result));
        table.Add("atleast_1d atleast_2d atleast_3d", call => call.Reshape(call.X, call.TracedX, call.Result),
            note: "Of one tensor, by its own method.");
        table.Add("permute", call => Transpose(call, call.Axes("permutation")));
        table.Add("transpose swapaxes swapdims", call => Swap(call, call.Axis(0, "dim0", "axis0"), call.Axis(1, "dim1", "axis1")));
        table.Add("t adjoint get_mt get_mh", call => call.TracedX.Shape.Length < 2
            ? call.X
            : Swap(call, call.TracedX.Shape.Length - 2, call.TracedX.Shape.Length - 1));
        // TorchSharp's H exchanges the first two axes.
        table.Add("get_h", call => call.TracedX.Shape.Length < 2 ? call.X : Swap(call, 0, 1));
        table.Add("get_t", call =>
            Transpose(call, [.. Enumerable.Range(0, call.TracedX.Shape.Length).Reverse().Select(axis => (long)axis)]));
        table.Add("movedim moveaxis", Move);
        table.Add("expand expand_as broadcast_to", Expand);
        table.Add("repeat tile", Repeat);
        table.Add("repeat_interleave", RepeatInterleave);
        table.Add("cat concat concatenate", call => Concatenate(call, call.Tensors("tensors"), call.Axis(0, "dim", "axis")));
        table.Add("stack", Stack);
        table.Add("hstack", call => Concatenate(call, call.Tensors("tensors"), call.Result.Shape.Length == 1 ? 0 : 1));
        table.Add("vstack row_stack", call => call.TracedX.Shape.Length > 1
            ? Concatenate(call, call.Tensors("tensors"), 0)
            : Concatenate(call, [.. call.Tensors("tensors").Select(row => Unsqueeze(call.Graph, row, 0))], 0));
        table.AddMany("chunk split tensor_split vsplit hsplit dsplit", Split);
        table.AddMany("unbind", Unbind);
        table.Add("narrow", call => Cut(call, call.X, call.Axis(0, "dim"), call.Argument("start")!, Sum(call, "start", "length")));
        table.Add("slice", call => Cut(
            call, call.X, call.Axis(0, "dim"), call.Argument("start")!, call.Argument("finish")!, call.Integer("step", 1)));
        table.Add("column_stack", call => Concatenate(call, [.. Columns(call)], 1));
        table.Add("dstack", call => Concatenate(call, [.. FunctionCall.Values(call.Call.Arguments).Select(value => value.Shape.Length switch
        {
            1 => Unsqueeze(call.Graph, Unsqueeze(call.Graph, call.Value(value), 0), 2),
            2 => Unsqueeze(call.Graph, call.Value(value), 2),
            _ => call.Value(value),
        })], 2));
        table.Add("rot90", Rotate);
        table.Add("cartesian_prod", CartesianProduct);
        table.Add("combinations", Combinations, note: "Of a fixed number of elements.");
        table.Add("flip", call => Flip(call, call.Axes("dims")));
        table.Add("fliplr", call => Flip(call, [1]));
        table.Add("flipud", call => Flip(call, [0]));
        table.Add("roll", Roll, note: "Along named axes of fixed size.");
        table.Add("fftshift", call => Shift(call, size => size / 2), note: "Along axes of fixed size.");
        table.Add("ifftshift", call => Shift(call, size => size - size / 2), note: "Along axes of fixed size.");
        table.Add("tril", call => Triangle(call, upper: 0), since: 14);
        table.Add("triu", call => Triangle(call, upper: 1), since: 14);
        table.Add("pixel_shuffle", call =>
        {
            Sizes.RequireAxes(call.Graph, call.X, 2);
            return call.Operator("DepthToSpace", [call.X], ("blocksize", call.Integer("upscale_factor", 1)), ("mode", "CRD"));
        });
        table.Add("pixel_unshuffle", call => ShapeLayers.PixelUnshuffle(call.Graph, call.Integer("downscale_factor", 1), call.X));
        table.Add("channel_shuffle", call => ShapeLayers.ChannelShuffle(call.Graph, call.Integer("groups", 1), call.X));
        table.AddMany("broadcast_tensors meshgrid", call => [.. FunctionCall.Values(call.Call.Arguments).Select((value, i) =>
            call.Graph.Apply("Expand", [MeshAxis(call, value, i), call.Sizes(call.Result.Sizes)], OnnxTypes.Of(value.Type), call.Shape))]);
    }

    internal static OnnxValue Unsqueeze(OnnxGraph graph, OnnxValue x, int axis) => graph.Apply(
        "Unsqueeze", [x, graph.Integers("axes", axis)], x.Type, [.. x.Dimensions[..axis], 1, .. x.Dimensions[axis..]]);

    internal static OnnxValue Squeeze(OnnxGraph graph, OnnxValue x, int axis) => graph.Apply(
        "Squeeze", [x, graph.Integers("axes", axis)], x.Type, [.. x.Dimensions[..axis], .. x.Dimensions[(axis + 1)..]]);

    /// <summary>A part of an axis; ends may follow from the batch, and count from the back where they are negative.</summary>
    internal static OnnxValue Cut(FunctionCall call, OnnxValue x, int axis, object start, object? end, long step = 1, long? size = null)
    {
        var shape = (long[])x.Dimensions.Clone();
        shape[axis] = size ?? call.Result.Sizes[axis].Dimension;
        // An open end: any number beyond it serves.
        var to = end is null ? call.Graph.Integers("ends", step < 0 ? long.MinValue + 1 : long.MaxValue) : Bound(call, end);
        OnnxValue?[] inputs = [x, Bound(call, start), to, call.Graph.Integers("axes", axis)];
        return call.Graph.Apply("Slice", step == 1 ? inputs : [.. inputs, call.Graph.Integers("steps", step)], x.Type, shape);
    }

    private static OnnxValue Bound(FunctionCall call, object bound) => bound switch
    {
        TracedSize size => call.Sizes([size]),
        OnnxValue value => value,
        _ => throw call.Graph.Error($"cuts at {bound}"),
    };

    private static TracedSize Sum(FunctionCall call, string first, string second)
    {
        if (call.Argument(first) is TracedSize a && call.Argument(second) is TracedSize b)
            return new TracedSize([.. a.Values.Zip(b.Values, (x, y) => x + y)]);
        throw call.Graph.Error($"calls {call.Call.Name} without {first} and {second}");
    }

    private static OnnxValue Transpose(FunctionCall call, long[] order) => order.SequenceEqual(order.Order())
        ? call.X
        : call.Operator("Transpose", [call.X], ("perm", order));

    private static OnnxValue Swap(FunctionCall call, int first, int second)
    {
        var order = Enumerable.Range(0, call.TracedX.Shape.Length).Select(axis => (long)axis).ToArray();
        (order[first], order[second]) = (order[second], order[first]);
        return Transpose(call, order);
    }

    private static OnnxValue Move(FunctionCall call)
    {
        var (from, to) = (call.Axes("source"), call.Axes("destination"));
        var order = new List<long>(Enumerable.Range(0, call.TracedX.Shape.Length).Select(axis => (long)axis).Except(from));
        foreach (var (source, destination) in from.Zip(to).OrderBy(pair => pair.Second)) order.Insert((int)destination, source);
        return Transpose(call, [.. order]);
    }

    private static OnnxValue Expand(FunctionCall call)
    {
        TracedSize[] from = call.TracedX.Sizes, to = [.. call.Result.Sizes];
        if (from.SequenceEqual(to)) return call.X;
        // A size that stays is 1 here, also where it is dynamic.
        for (var axis = 1; axis <= from.Length; axis++)
            if (from[^axis].Equals(to[^axis])) to[^axis] = new(1, 1);
        return call.Operator("Expand", [call.X, call.Sizes(to)]);
    }

    private static OnnxValue Repeat(FunctionCall call)
    {
        TracedSize[] sizes = [.. ((object?[])call.Argument("sizes", "dims", "reps")!).Cast<TracedSize>()];
        var x = call.X;
        for (var i = x.Rank; i < sizes.Length; i++) x = Unsqueeze(call.Graph, x, 0);
        // tile may name fewer axes than there are.
        var ones = Enumerable.Repeat(new TracedSize([.. sizes[0].Values.Select(_ => 1L)]), Math.Max(0, x.Rank - sizes.Length));
        return call.Operator("Tile", [x, call.Sizes([.. ones, .. sizes])]);
    }

    private static OnnxValue RepeatInterleave(FunctionCall call)
    {
        if (call.At(1) is TracedValue counts) return CountFunctions.Repeat(call, counts);
        var count = call.Integer("repeats", 1);
        if (!call.Has("dim"))
        {
            var column = call.Graph.Apply("Reshape", [call.X, call.Graph.Integers("shape", -1, 1)], call.Type, [OnnxGraph.Dynamic, 1]);
            var rows = call.Graph.Apply("Tile", [column, call.Graph.Integers("repeats", 1, count)], call.Type, [OnnxGraph.Dynamic, count]);
            return call.Graph.Apply("Reshape", [rows, call.Graph.Integers("shape", -1)], call.Type, call.Shape);
        }
        var axis = call.Axis(0, "dim");
        var apart = Unsqueeze(call.Graph, call.X, axis + 1);
        var ones = Sizes.Repeat(1, apart.Rank);
        ones[axis + 1] = count;
        var shape = (long[])apart.Dimensions.Clone();
        shape[axis + 1] = count;
        var repeated = call.Graph.Apply("Tile", [apart, call.Graph.Integers("repeats", ones)], apart.Type, shape);
        return call.Reshape(repeated, null, call.Result);
    }

    private static OnnxValue Concatenate(FunctionCall call, OnnxValue[] values, int axis) => values.Length == 1
        ? values[0]
        : call.Operator("Concat", [.. values.Select(value => (OnnxValue?)call.Graph.Cast(value, call.Type))], ("axis", axis));

    private static OnnxValue Stack(FunctionCall call)
    {
        var axis = call.Argument("dim") is { } dim ? call.Fixed(dim) : 0;
        if (axis < 0) axis += call.TracedX.Shape.Length + 1;
        return Concatenate(call, [.. call.Tensors("tensors").Select(value => Unsqueeze(call.Graph, value, (int)axis))], (int)axis);
    }

    private static OnnxValue[] Split(FunctionCall call)
    {
        var name = FunctionCall.NameOf(call.Call);
        var axis = name is "vsplit" ? 0 : name is "dsplit" ? 2 : name is "hsplit" ? Math.Min(1, call.TracedX.Shape.Length - 1)
            : call.Axis(0, "dim");
        var x = call.X;
        if (call.Call.Results is [_]) return [x];
        var parts = call.Call.Results.Select(part => part!.Sizes[axis]).ToArray();
        var results = new OnnxValue[parts.Length];
        var start = new TracedSize([.. parts[0].Values.Select(_ => 0L)]);
        for (var i = 0; i < parts.Length; i++)
        {
            var end = new TracedSize([.. start.Values.Zip(parts[i].Values, (a, b) => a + b)]);
            results[i] = Cut(call, x, axis, start, end, size: parts[i].Dimension);
            start = end;
        }
        return results;
    }

    private static OnnxValue[] Unbind(FunctionCall call)
    {
        var axis = call.Axis(0, "dim", "dimension");
        var x = call.X;
        return [.. Enumerable.Range(0, call.Call.Results.Length).Select(i => Take(call.Graph, x, axis, i))];
    }

    /// <summary>One place of an axis, which goes.</summary>
    internal static OnnxValue Take(OnnxGraph graph, OnnxValue x, int axis, long index) => graph.Apply(
        "Gather", [x, graph.NewConstant("index", [], new[] { index })], x.Type, [.. x.Dimensions[..axis], .. x.Dimensions[(axis + 1)..]],
        ("axis", axis));

    private static OnnxValue Flip(FunctionCall call, long[] axes) => Flip(call, call.X, axes);

    private static OnnxValue Flip(FunctionCall call, OnnxValue x, long[] axes)
    {
        var n = axes.Length;
        return call.Graph.Apply("Slice",
        [
            x, call.Graph.Integers("starts", Sizes.Repeat(-1, n)), call.Graph.Integers("ends", Sizes.Repeat(long.MinValue + 1, n)),
            call.Graph.Integers("axes", axes), call.Graph.Integers("steps", Sizes.Repeat(-1, n)),
        ], x.Type, x.Dimensions);
    }

    private static OnnxValue Roll(FunctionCall call)
    {
        var shifts = call.Integers("shifts")!;
        if (call.Integers("dims") is not { Length: > 0 })
            throw call.Graph.Error($"rolls all axes as one, in {call.Call.Site}; name the axes");
        var axes = call.Axes("dims");
        var x = call.X;
        foreach (var (shift, axis) in shifts.Zip(axes)) x = Roll(call, x, (int)axis, shift);
        return x;
    }

    private static OnnxValue Shift(FunctionCall call, Func<long, long> by) =>
        call.Axes("dim").Aggregate(call.X, (x, axis) => Roll(call, x, (int)axis, by(call.Result.Shape[axis])));

    private static OnnxValue Roll(FunctionCall call, OnnxValue x, int axis, long shift)
    {
        var size = call.Result.Sizes[axis];
        if (!size.IsFixed) throw call.Graph.Error($"rolls an axis whose size is not fixed, in {call.Call.Site}; name axes of fixed size");
        var by = (shift % size.First + size.First) % size.First;
        return by == 0 ? x : call.Graph.Concat(
            axis, call.Graph.Slice(x, axis, size.First - by, size.First), call.Graph.Slice(x, axis, 0, size.First - by));
    }

    private static OnnxValue Triangle(FunctionCall call, long upper) => call.Operator("Trilu",
        [call.X, call.Graph.NewConstant("diagonal", [], new[] { call.Integer("diagonal", 0) })], ("upper", upper));

    private static IEnumerable<OnnxValue> Columns(FunctionCall call) => FunctionCall.Values(call.Call.Arguments).Select(value =>
        value.Shape.Length == 1 ? Unsqueeze(call.Graph, call.Value(value), 1) : call.Value(value));

    private static OnnxValue Rotate(FunctionCall call)
    {
        var turns = (call.Integer("k", 1) % 4 + 4) % 4;
        var rank = call.TracedX.Shape.Length;
        int[] axes = [.. (call.Integers("dims") ?? [0, 1]).Select(axis => (int)(axis < 0 ? axis + rank : axis))];
        if (turns == 0) return call.X;
        if (turns == 2) return Flip(call, [axes[0], axes[1]]);
        var order = Enumerable.Range(0, rank).Select(axis => (long)axis).ToArray();
        (order[axes[0]], order[axes[1]]) = (order[axes[1]], order[axes[0]]);
        var turned = call.Graph.Transpose(call.X, order);
        return Flip(call, turned, [turns == 1 ? axes[0] : axes[1]]);
    }

    private static OnnxValue CartesianProduct(FunctionCall call)
    {
        var values = FunctionCall.Values(call.Call.Arguments).ToArray();
        if (values.Length == 1) return call.X;
        TracedSize[] sizes = [.. values.Select(value => value.Sizes[0])];
        var columns = values.Select((value, i) =>
        {
            var shape = Sizes.Repeat(1, values.Length);
            shape[i] = -1;
            var column = Sizes.Repeat(1, values.Length);
            column[i] = sizes[i].Dimension;
            var apart = call.Graph.Apply("Reshape", [call.Value(value), call.Graph.Integers("shape", shape)], call.Type, column);
            var spread = call.Graph.Apply("Expand", [apart, call.Sizes(sizes)], call.Type, [.. sizes.Select(size => size.Dimension)]);
            return call.Graph.Apply(
                "Reshape", [spread, call.Graph.Integers("shape", -1, 1)], call.Type, [call.Result.Sizes[0].Dimension, 1]);
        });
        return call.Operator("Concat", [.. columns], ("axis", 1));
    }

    private static OnnxValue Combinations(FunctionCall call)
    {
        if (!call.TracedX.Sizes[0].IsFixed) throw call.Graph.Error($"combines the batch's rows, in {call.Call.Site}");
        // The places are Torch's own, of numbers in order.
        using var places = TorchSharp.torch.combinations(TorchSharp.torch.arange(call.TracedX.Shape[0], TorchSharp.torch.ScalarType.Int64),
            (int)call.Integer("r", 2), call.Flag("with_replacement"));
        return call.Operator(
            "Gather", [call.X, call.Graph.NewConstant("places", places.shape, places.data<long>().ToArray())], ("axis", 0));
    }

    private static OnnxValue MeshAxis(FunctionCall call, TracedValue value, int index)
    {
        var x = call.Value(value);
        if (FunctionCall.NameOf(call.Call) != "meshgrid") return x;
        var rank = call.Result.Shape.Length;
        if (call.Argument("indexing") is "xy" && index < 2) index = 1 - index;
        var shape = Sizes.Repeat(1, rank);
        shape[index] = -1;
        var dimensions = Sizes.Repeat(1, rank);
        dimensions[index] = x.Dimensions[0];
        return call.Graph.Apply("Reshape", [x, call.Graph.Integers("shape", shape)], x.Type, dimensions);
    }
}
