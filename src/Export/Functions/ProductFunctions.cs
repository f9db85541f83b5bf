using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Products of vectors and matrices.</summary>
internal static class ProductFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "Products";
        table.Add("matmul mm bmm mv dot vdot", call =>
            call.Operator("MatMul", [call.Operand(0, call.Type), call.Operand(1, call.Type)]));
        table.Add("outer ger", call =>
            ShapeFunctions.Unsqueeze(call.Graph, call.Operand(0, call.Type), 1) *
            ShapeFunctions.Unsqueeze(call.Graph, call.Operand(1, call.Type), 0));
        table.Add("addmm addmv", call => Plus(
            call, call.Operand(0, call.Type), call.Operator("MatMul", [call.Operand(1, call.Type), call.Operand(2, call.Type)])));
        // TorchSharp 0.107 mixes up what it is given: the instance and the first argument are multiplied, the second is added.
        table.Add("baddbmm", call => Plus(
            call, call.Operand(2, call.Type), call.Operator("MatMul", [call.Operand(0, call.Type), call.Operand(1, call.Type)])));
        table.Add("linear", Linear);
        table.Add("einsum", call => call.Operator("Einsum",
            [.. call.Tensors("tensors").Select(value => (OnnxValue?)value)],
            ("equation", ((string)call.At(0)!).Replace(" ", "", StringComparison.Ordinal))));
        table.Add("scaled_dot_product_attention", call => Attention(
            call, call.Operand(0, call.Type), call.Operand(1, call.Type), call.Operand(2, call.Type), Mask(call)));
        table.Add("cosine_similarity", Cosine);
        table.Add("addbmm", call => Plus(call, call.Operand(0, call.Type), ReductionFunctions.Reduce(call.Graph, "ReduceSum",
            Product(call.Operand(1, call.Type), call.Operand(2, call.Type)), [0], keep: false)));
        table.Add("addr", call => Plus(call, call.Operand(0, call.Type), Outer(call.Operand(1, call.Type), call.Operand(2, call.Type))));
        table.Add("inner", call => call.Operand(1, call.Type) is var y && y.Rank == 0
            ? call.Operand(0, call.Type) * y
            : Contract(call, call.Operand(0, call.Type), y, [call.TracedX.Shape.Length - 1], [y.Rank - 1]));
        table.Add("tensordot", TensorDot, note: "Over named axes; over a number of axes it fails in TorchSharp 0.107.");
        table.Add("vecdot", call => ReductionFunctions.Reduce(call.Graph, "ReduceSum",
            call.Operand(0, call.Type) * call.Operand(1, call.Type), [call.Axis(-1, "dim")], keep: false));
        table.Add("chain_matmul multi_dot", call => call.Tensors("matrices", "tensors").Aggregate(Product));
        table.Add("matrix_power", call => call.Integer("n", 1) is > 0 and var n
            ? Enumerable.Repeat(call.X, (int)n).Aggregate(Product)
            : throw call.Graph.Error($"takes the power {call.Integer("n", 1)} of a matrix, in {call.Call.Site}; ONNX has no inverse"),
            note: "Of positive powers.");
        table.Add("kron", Kronecker);
        table.Add("linalg.cross", Cross);
        table.Refuse("cross", "where TorchSharp 0.107 takes a number for the other vector; take torch.linalg.cross");
        table.Add("det", call => call.Operator("Det", [call.X]));
        table.Add("logdet", call => OnnxMath.Unary("Log", call.Operator("Det", [call.X])));
        table.AddMany("slogdet", call =>
        {
            var determinant = call.Operator("Det", [call.X]);
            return [OnnxMath.Unary("Sign", determinant), OnnxMath.Unary("Log", OnnxMath.Unary("Abs", determinant))];
        });
        table.Add("cdist", call =>
        {
            var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
            var differences = ShapeFunctions.Unsqueeze(call.Graph, x, x.Rank - 1) - ShapeFunctions.Unsqueeze(call.Graph, y, y.Rank - 2);
            return ReductionFunctions.Norm(differences, call.Number(2, "p"), [differences.Rank - 1], keep: false);
        });
        table.Add("pairwise_distance", call => ReductionFunctions.Norm(
            OnnxMath.Plus(call.Operand(0, call.Type) - call.Operand(1, call.Type), call.SettingNumber(1e-6, "eps")),
            call.SettingNumber(2, "p", "norm"), [call.TracedX.Shape.Length - 1], call.SettingFlag("keepdim")));
        table.Add("bilinear", Bilinear);
        table.Add("cov", call => Covariance(call, call.Integer("correction", 1)), note: "Without weights.");
        table.Add("corrcoef", call =>
        {
            var covariance = Covariance(call, 1);
            if (covariance.Rank == 0) return covariance / covariance;
            var deviation = OnnxMath.Unary("Sqrt", DiagonalFunctions.Diagonal(call, covariance, 0, 0, 1));
            var quotient = covariance / ShapeFunctions.Unsqueeze(call.Graph, deviation, 1) /
                ShapeFunctions.Unsqueeze(call.Graph, deviation, 0);
            return call.Graph.Clip(quotient, -1, 1);
        });
    }

    /// <summary>The matrix product, of what has at least two axes each.</summary>
    internal static OnnxValue Product(OnnxValue x, OnnxValue y) => x.Graph.MatMul(x, y);

    private static OnnxValue Outer(OnnxValue x, OnnxValue y) =>
        ShapeFunctions.Unsqueeze(x.Graph, x, 1) * ShapeFunctions.Unsqueeze(x.Graph, y, 0);

    private static OnnxValue TensorDot(FunctionCall call)
    {
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var pairs = (object?[]?)call.Argument("dims") ?? [];
        int[] From(string name, int which, int rank) =>
        [
            .. (call.Integers(name) ?? [.. pairs.Select(pair => call.Fixed(((object?[])pair!)[which]!))])
                .Select(axis => (int)(axis < 0 ? axis + rank : axis)),
        ];
        return Contract(call, x, y, From("dims1", 0, x.Rank), From("dims2", 1, y.Rank));
    }

    // Sums over pairs of axes; the others stay in their order, the first value's before the second's.
    private static OnnxValue Contract(FunctionCall call, OnnxValue x, OnnxValue y, int[] left, int[] right)
    {
        const string letters = "abcdefghijklmnopqrstuvwxyz";
        var first = letters[..x.Rank].ToCharArray();
        var second = letters.Substring(x.Rank, y.Rank).ToCharArray();
        for (var i = 0; i < left.Length; i++) second[right[i]] = first[left[i]];
        var result = first.Where((_, axis) => !left.Contains(axis)).Concat(second.Where((_, axis) => !right.Contains(axis)));
        return call.Operator("Einsum", [x, y],
            ("equation", $"{string.Concat(first)},{string.Concat(second)}->{string.Concat(result)}"));
    }

    private static OnnxValue Kronecker(FunctionCall call)
    {
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        while (x.Rank < y.Rank) x = ShapeFunctions.Unsqueeze(call.Graph, x, 0);
        while (y.Rank < x.Rank) y = ShapeFunctions.Unsqueeze(call.Graph, y, 0);
        var rank = x.Rank;
        for (var axis = 0; axis < rank; axis++)
        {
            x = ShapeFunctions.Unsqueeze(call.Graph, x, 2 * axis + 1);
            y = ShapeFunctions.Unsqueeze(call.Graph, y, 2 * axis);
        }
        return call.Reshape(x * y, null, call.Result);
    }

    private static OnnxValue Cross(FunctionCall call)
    {
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var axis = call.Axis(-1, "dim");
        OnnxValue Turned(OnnxValue value, long by) =>
            call.Graph.Concat(axis, call.Graph.Slice(value, axis, by, 3), call.Graph.Slice(value, axis, 0, by));
        return Turned(x, 1) * Turned(y, 2) - Turned(x, 2) * Turned(y, 1);
    }

    private static OnnxValue Bilinear(FunctionCall call)
    {
        var (x, y, weight) = (call.Operand(0, call.Type), call.Operand(1, call.Type), call.SettingTensor("weight")!);
        var product = call.Operator("Einsum", [x, weight, y], ("equation", "...i,oij,...j->...o"));
        return call.SettingTensor("bias") is { } bias ? call.Operator("Add", [product, bias]) : product;
    }

    private static OnnxValue Covariance(FunctionCall call, long correction)
    {
        if (call.Has("fweights") || call.Has("aweights"))
            throw call.Graph.Error($"takes a covariance with weights, in {call.Call.Site}; multiply the rows by them");
        var x = call.X;
        var sizes = call.TracedX.Sizes;
        if (x.Rank == 1) x = ShapeFunctions.Unsqueeze(call.Graph, x, 0);
        if (!sizes[^1].IsFixed) throw call.Graph.Error($"takes a covariance over the batch, in {call.Call.Site}; transpose it");
        var centred = x - ReductionFunctions.Reduce(call.Graph, "ReduceMean", x, [1], keep: true);
        var product = OnnxMath.Times(Product(centred, call.Graph.Transpose(centred, 1, 0)), 1.0 / (sizes[^1].First - correction));
        return call.Result.Shape.Length == 2 ? product : call.Reshape(product, null, call.Result);
    }

    /// <summary>softmax(q k' / sqrt(size)) over the last two axes, with what is added to the scores.</summary>
    internal static OnnxValue AttentionWeights(FunctionCall call, OnnxValue query, OnnxValue key, OnnxValue? mask)
    {
        var graph = call.Graph;
        var order = Enumerable.Range(0, key.Rank).Select(axis => (long)axis).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        var products = graph.Apply(
            "MatMul", [query, graph.Transpose(key, order)], query.Type, [.. query.Dimensions[..^1], key.Dimensions[^2]]);
        var scores = graph.Apply("Mul",
            [products, OnnxTypes.Number(graph, 1 / Math.Sqrt(query.Shape[^1]), query.Type)], query.Type, products.Dimensions);
        if (mask is not null) scores = graph.Apply("Add", [scores, mask], scores.Type, scores.Dimensions);
        return graph.Softmax(scores, -1);
    }

    /// <summary>softmax(q k' / sqrt(size)) v over the last two axes, with what is added to the scores.</summary>
    private static OnnxValue Attention(FunctionCall call, OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue? mask)
    {
        long[] shape = [.. query.Dimensions[..^1], value.Dimensions[^1]];
        // ONNX Runtime takes as long for its own operator as for what it stands for; accelerators may not.
        var isOperator = call.Graph.Opset >= 23 && new[] { query, key, value }.All(x => x.Rank == 4) && mask is null or { Rank: 2 or 4 };
        return isOperator
            ? call.Graph.Apply("Attention", mask is null ? [query, key, value] : [query, key, value, mask], query.Type, shape)
            : call.Graph.Apply("MatMul", [AttentionWeights(call, query, key, mask), value], query.Type, shape);
    }

    private static OnnxValue? Mask(FunctionCall call)
    {
        if (call.Number(0, "p") != 0)
            throw call.Graph.Error($"drops attention at random, in {call.Call.Site}; give p: 0 in evaluation mode");
        if (call.Flag("is_casual"))
        {
            var sizes = (call.TracedX.Sizes[^2], FunctionCall.Values(call.Call.Arguments).ElementAt(1).Sizes[^2]);
            if (sizes is not ({ IsFixed: true, First: var rows }, { IsFixed: true, First: var columns }))
                throw call.Graph.Error($"attends causally over the batch, in {call.Call.Site}");
            var mask = new float[rows * columns];
            for (var i = 0; i < mask.Length; i++) mask[i] = i % columns > i / columns ? float.NegativeInfinity : 0;
            return call.Graph.Constant(mask, [rows, columns]);
        }
        if (call.Tensor("attn_mask") is not { } given) return null;
        return given.Type == DataType.Bool
            ? call.Graph.Apply(
                "Where", [given, call.Graph.Constant(0), call.Graph.Constant(float.NegativeInfinity)], call.Type, given.Dimensions)
            : given;
    }

    private static OnnxValue Plus(FunctionCall call, OnnxValue x, OnnxValue product)
    {
        var alpha = call.Number(1, "alpha");
        var beta = call.Number(1, "beta");
        if (alpha != 1) product = ElementwiseFunctions.Times(call, product, alpha);
        if (beta == 0) return product;
        return call.Operator("Add", [product, beta == 1 ? x : ElementwiseFunctions.Times(call, x, beta)]);
    }

    private static OnnxValue Linear(FunctionCall call)
    {
        var (weight, bias) = (call.Tensor("weights", "weight")!, call.Tensor("bias"));
        if (call.TracedX.Shape.Length == 2 && (bias is null or { Rank: 1 }))
            return call.Operator("Gemm", bias is null ? [call.X, weight] : [call.X, weight, bias], ("transB", 1));
        var product = call.Operator("MatMul", [call.X, call.Graph.Transpose(weight, 1, 0)]);
        return bias is null ? product : call.Operator("Add", [product, bias]);
    }

    private static OnnxValue Cosine(FunctionCall call)
    {
        var axis = (long)call.SettingNumber(1, "dim");
        long[] axes = [axis < 0 ? axis + call.TracedX.Shape.Length : axis];
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var least = OnnxTypes.Number(call.Graph, call.SettingNumber(1e-8, "eps"), call.Type);
        OnnxValue Length(OnnxValue value)
        {
            var norm = ReductionFunctions.Reduce(call.Graph, "ReduceL2", value, axes, keep: false);
            return call.Graph.Apply("Max", [norm, least], norm.Type, norm.Dimensions);
        }
        return ReductionFunctions.Reduce(call.Graph, "ReduceSum", x * y, axes, keep: false) / (Length(x) * Length(y));
    }
}
