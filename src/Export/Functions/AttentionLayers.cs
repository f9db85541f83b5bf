using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Multi-head attention. TorchSharp's layer does not say how many heads it has; they are found by trying.</summary>
internal static class AttentionLayers
{
    public static void AddTo(Dictionary<Type, Func<FunctionCall, OnnxValue[]>> layers) => layers.Add(typeof(MultiheadAttention), Attend);

    private static OnnxValue[] Attend(FunctionCall call)
    {
        var graph = call.Graph;
        var layer = (MultiheadAttention)call.Call.Layer!;
        var parameters = layer.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        if (parameters.ContainsKey("bias_k")) throw graph.Error("adds a bias to keys and values, which the exporter does not know");
        if (!parameters.TryGetValue("in_proj_weight", out var projection))
            throw graph.Error("takes keys or values of other sizes than the queries, which the exporter does not know");
        if (call.Has("key_padding_mask")) throw graph.Error("takes a mask of keys, which the exporter does not know; use attn_mask");
        var traced = FunctionCall.Values(call.Call.Arguments).Take(3).ToArray();
        var size = projection.shape[1];
        var heads = Heads(layer, parameters, size);

        // [T, N, E] to [N, heads, T, E / heads].
        var parts = traced.Select((value, i) =>
        {
            using var scope = NewDisposeScope();
            var x = call.Value(value);
            var input = graph.Constant(projection.detach().narrow(0, i * size, size).t().contiguous(), "in_proj_weight");
            var projected = graph.Apply("MatMul", [x, input], x.Type, x.Dimensions);
            if (parameters.TryGetValue("in_proj_bias", out var bias))
                projected += graph.Constant(bias.detach().narrow(0, i * size, size).contiguous(), "in_proj_bias");
            var split = graph.Apply("Reshape", [projected, graph.Integers("shape", 0, 0, heads, -1)], x.Type,
                [x.Dimensions[0], x.Dimensions[1], heads, size / heads]);
            return graph.Transpose(split, 1, 2, 0, 3);
        }).ToArray();
        var mask = call.Tensor("attn_mask");
        var attended = ProductFunctions.Attention(call, parts[0], parts[1], parts[2], mask);
        var joined = graph.Apply("Reshape", [graph.Transpose(attended, 2, 0, 1, 3), graph.Integers("shape", 0, 0, -1)], attended.Type,
            call.Shape);
        var weight = graph.Constant(parameters["out_proj.weight"].detach().t().contiguous(), "out_proj_weight");
        var output = graph.Apply("MatMul", [joined, weight], joined.Type, call.Shape);
        if (parameters.TryGetValue("out_proj.bias", out var outBias)) output += graph.Constant(outBias, "out_proj_bias");
        // The weights, as a mean over the heads, are another result, which few use.
        return [output];
    }

    private static long Heads(MultiheadAttention layer, Dictionary<string, Tensor> parameters, long size)
    {
        using var scope = NewDisposeScope();
        var device = parameters["in_proj_weight"].device;
        var x = (arange(0, 5 * size, dtype: ScalarType.Float32, device: device) * 0.7123).sin().view(5, 1, size);
        var wanted = layer.forward(x, x, x, null, false, null).Item1;
        var projected = nn.functional.linear(x, parameters["in_proj_weight"], parameters.GetValueOrDefault("in_proj_bias")).squeeze(1)
            .chunk(3, 1);
        long best = 0;
        var least = double.PositiveInfinity;
        for (long heads = 1; heads <= size; heads++)
        {
            if (size % heads != 0) continue;
            var (q, k, v) = (Split(projected[0]), Split(projected[1]), Split(projected[2]));
            Tensor Split(Tensor value) => value.view(5, heads, size / heads).transpose(0, 1);
            var attention = (q.matmul(k.transpose(1, 2)) / Math.Sqrt(size / (double)heads)).softmax(-1).matmul(v);
            var output = nn.functional.linear(attention.transpose(0, 1).reshape(5, size), parameters["out_proj.weight"],
                parameters.GetValueOrDefault("out_proj.bias"));
            var difference = (output - wanted.squeeze(1)).abs().max().item<float>();
            if (difference < least) (best, least) = (heads, difference);
        }
        return best;
    }
}
