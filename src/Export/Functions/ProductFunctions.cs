using DataType = Onnx.TensorProto.Types.DataType;
using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>Products of vectors and matrices.</summary>
internal static class ProductFunctions
{
    public static void AddTo(Table table)
    {
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
    }

    /// <summary>softmax(q k' / sqrt(size)) v over the last two axes, with what is added to the scores.</summary>
    internal static OnnxValue Attention(FunctionCall call, OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue? mask)
    {
        var graph = call.Graph;
        var order = Enumerable.Range(0, key.Rank).Select(axis => (long)axis).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        var products = graph.Apply(
            "MatMul", [query, graph.Transpose(key, order)], query.Type, [.. query.Dimensions[..^1], key.Dimensions[^2]]);
        var scores = graph.Apply("Mul",
            [products, OnnxTypes.Number(graph, 1 / Math.Sqrt(query.Shape[^1]), query.Type)], query.Type, products.Dimensions);
        if (mask is not null) scores = graph.Apply("Add", [scores, mask], scores.Type, scores.Dimensions);
        return graph.Apply("MatMul", [graph.Softmax(scores, -1), value], query.Type, [.. query.Dimensions[..^1], value.Dimensions[^1]]);
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
        long[] axes = [call.Axis(1, "dim")];
        var (x, y) = (call.Operand(0, call.Type), call.Operand(1, call.Type));
        var least = OnnxTypes.Number(call.Graph, call.Number(1e-8, "eps"), call.Type);
        OnnxValue Length(OnnxValue value)
        {
            var norm = ReductionFunctions.Reduce(call.Graph, "ReduceL2", value, axes, keep: false);
            return call.Graph.Apply("Max", [norm, least], norm.Type, norm.Dimensions);
        }
        return ReductionFunctions.Reduce(call.Graph, "ReduceSum", x * y, axes, keep: false) / (Length(x) * Length(y));
    }
}
