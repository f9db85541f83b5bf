namespace GanPipeline.Export;

/// <summary>Functions of diagonals, and of matrices made of parts.</summary>
internal static class DiagonalFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Diagonals";
        const string fixedSizes = "Of two axes of fixed sizes.";
        table.Add("diagonal", call => Diagonal(
            call, call.X, call.Integer("offset", 0), call.Axis(0, "dim1"), call.Axis(1, "dim2")), note: fixedSizes);
        table.Add("trace", call => ReductionFunctions.Reduce(
            call.Graph, "ReduceSum", call.Graph.Cast(Diagonal(call, call.X, 0, 0, 1), call.Type), [0], keep: false), note: fixedSizes);
        table.Add("diag", call => call.TracedX.Shape.Length == 1
            ? Spread(call, call.X, call.Integer("diagonal", 0))
            : Diagonal(call, call.X, call.Integer("diagonal", 0), 0, 1), note: fixedSizes);
        table.Add("diagflat", call => Spread(call, call.Reshape(call.X, null, Row(call)), call.Integer("offset", 0)), note: fixedSizes);
        table.Add("diag_embed", Embed, note: "Of a last axis of fixed size.");
        table.Add("block_diag", Blocks, note: "Of parts of fixed sizes.");
        table.Add("vander", Vandermonde);
    }

    /// <summary>A diagonal of two axes, as the last axis.</summary>
    internal static OnnxValue Diagonal(FunctionCall call, OnnxValue x, long offset, int first, int second)
    {
        if (x.Shape[first] < 0 || x.Shape[second] < 0)
            throw call.Graph.Error($"takes a diagonal along the batch, in {call.Call.Site}; ONNX needs fixed sizes there");
        var (rows, columns) = (x.Shape[first], x.Shape[second]);
        long[] rest = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != first && axis != second).Select(axis => (long)axis)];
        long[] order = [.. rest, first, second];
        if (!order.SequenceEqual(order.Order())) x = call.Graph.Transpose(x, order);
        long[] kept = [.. x.Dimensions[..rest.Length]];
        // A 0 keeps the size.
        var flat = call.Graph.Apply("Reshape",
            [x, call.Graph.Integers("shape", [.. Sizes.Repeat(0, rest.Length), rows * columns])], x.Type, [.. kept, rows * columns]);
        var (row, column) = (Math.Max(0, -offset), Math.Max(0, offset));
        var places = new long[Math.Max(0, Math.Min(rows - row, columns - column))];
        for (var i = 0; i < places.Length; i++) places[i] = (row + i) * columns + column + i;
        return call.Graph.Apply("Gather", [flat, call.Graph.Integers("places", places)], x.Type, [.. kept, places.Length],
            ("axis", rest.Length));
    }

    private static TracedValue Row(FunctionCall call)
    {
        var count = new TracedSize([.. Enumerable.Range(0, call.Result.Sizes[0].Values.Count).Select(i =>
            call.TracedX.Sizes.Aggregate(1L, (product, size) => product * size.Values[i]))]);
        return new TracedValue([count.First], call.TracedX.Type) { Sizes = [count] };
    }

    // The last axis on a diagonal of the last two, and zeros elsewhere.
    private static OnnxValue Spread(FunctionCall call, OnnxValue x, long offset)
    {
        if (x.Shape[^1] < 0) throw call.Graph.Error($"makes a matrix of the batch, in {call.Call.Site}; ONNX needs fixed sizes there");
        var n = x.Shape[^1];
        var size = n + Math.Abs(offset);
        var (row, column) = (Math.Max(0, -offset), Math.Max(0, offset));
        var mask = new bool[size * size];
        for (var i = 0; i < n; i++) mask[(row + i) * size + column + i] = true;
        // As a row, moved to where the diagonal has its columns.
        var wide = ShapeFunctions.Unsqueeze(call.Graph, x, x.Rank - 1);
        if (offset != 0)
        {
            var pads = new long[2 * wide.Rank];
            (pads[wide.Rank - 1], pads[^1]) = (column, row);
            wide = call.Graph.Apply("Pad", [wide, call.Graph.Integers("pads", pads), OnnxTypes.Number(call.Graph, 0, x.Type)], x.Type,
                [.. wide.Dimensions[..^1], size], ("mode", "constant"));
        }
        return OnnxMath.Where(call.Graph.NewConstant("diagonal", [size, size], mask), wide, 0);
    }

    private static OnnxValue Embed(FunctionCall call)
    {
        var matrix = Spread(call, call.X, call.Integer("offset", 0));
        int At(string name, int otherwise) => call.Integer(name, otherwise) is var axis && axis < 0 ? (int)axis + matrix.Rank : (int)axis;
        var (first, second) = (At("dim1", -2), At("dim2", -1));
        var order = new List<long>(Enumerable.Range(0, matrix.Rank - 2).Select(axis => (long)axis));
        foreach (var (place, axis) in new[] { (first, matrix.Rank - 2), (second, matrix.Rank - 1) }.Order()) order.Insert(place, axis);
        return order.SequenceEqual(order.Order()) ? matrix : call.Graph.Transpose(matrix, [.. order]);
    }

    private static OnnxValue Blocks(FunctionCall call)
    {
        var blocks = FunctionCall.Values(call.Call.Arguments).Select(value =>
        {
            var block = call.Graph.Cast(call.Value(value), call.Type);
            while (block.Rank < 2) block = ShapeFunctions.Unsqueeze(call.Graph, block, 0);
            return block.Dimensions.All(size => size > 0)
                ? block
                : throw call.Graph.Error($"makes a matrix of the batch, in {call.Call.Site}; ONNX needs fixed sizes there");
        }).ToArray();
        var columns = blocks.Sum(block => block.Shape[1]);
        long before = 0;
        var rows = new List<OnnxValue>();
        foreach (var block in blocks)
        {
            var width = block.Shape[1];
            rows.Add(call.Graph.Apply("Pad",
                [block, call.Graph.Integers("pads", 0, before, 0, columns - before - width), OnnxTypes.Number(call.Graph, 0, block.Type)],
                block.Type, [block.Shape[0], columns], ("mode", "constant")));
            before += width;
        }
        return call.Graph.Concat(0, [.. rows]);
    }

    private static OnnxValue Vandermonde(FunctionCall call)
    {
        var x = call.X;
        var count = call.Result.Shape[^1];
        var powers = Enumerable.Range(0, (int)count).Select(power => (double)power);
        var rises = call.Flag("increasing") || call.Function().DeclaringType == typeof(TorchSharp.torch.linalg);
        var exponents = (rises ? powers : powers.Reverse()).Select(power => (float)power).ToArray();
        return call.Operator("Pow",
            [ShapeFunctions.Unsqueeze(call.Graph, x, x.Rank), call.Graph.Constant(exponents, [count])]);
    }
}
