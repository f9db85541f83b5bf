using TorchSharp.Modules;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;
using Parameters = System.Collections.Generic.Dictionary<string, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>Multi-head attention. TorchSharp's layer does not say how many heads it has; they are found by trying.</summary>
internal static class AttentionLayers
{
    public static void AddTo(LayerConverters layers)
    {
        layers.Section = "Attention";
        layers.Add<MultiheadAttention>(Attend, "Without a bias of keys and values, and without an attention to zero. " +
            "An attention mask of truths is added as ones, as libtorch does it; to hide places give 0 and -infinity.");
    }

    /// <summary>A layer's parameters by name.</summary>
    internal static Parameters ParametersOf(nn.Module layer) =>
        layer.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);

    /// <summary>Attention of [T, N, E] to [S, N, E]: the result, and the weights as a mean over the heads.</summary>
    /// <param name="call">The call.</param>
    /// <param name="parameters">The layer's parameters.</param>
    /// <param name="prefix">What the attention's names begin with.</param>
    /// <param name="heads">How many there are.</param>
    /// <param name="given">Query, key and value.</param>
    /// <param name="mask">Of [T, S] or [N heads, T, S], what is added; null where there is none.</param>
    /// <param name="padding">Of [N, S], truths where not to look; null where there is none.</param>
    internal static (OnnxValue Output, OnnxValue Weights) Attend(FunctionCall call, Parameters parameters, string prefix, long heads,
        (OnnxValue Query, OnnxValue Key, OnnxValue Value) given, OnnxValue? mask, OnnxValue? padding)
    {
        var graph = call.Graph;
        var name = Identifiers.From(prefix + "x")[..^1];
        var size = parameters[prefix + "out_proj.weight"].shape[0];
        var bias = parameters.GetValueOrDefault(prefix + "in_proj_bias");

        // [T, N, E] to [N, heads, T, E / heads].
        OnnxValue Part(OnnxValue x, int index, string own)
        {
            using var scope = NewDisposeScope();
            var weight = parameters.TryGetValue(prefix + "in_proj_weight", out var all)
                ? all.detach().narrow(0, index * size, size)
                : parameters[prefix + own].detach();
            var projected = graph.Apply(
                "MatMul", [x, graph.Constant(weight.t().contiguous(), name + "in_proj_weight")], x.Type, [.. x.Dimensions[..2], size]);
            if (bias is not null)
                projected += graph.Constant(bias.detach().narrow(0, index * size, size).contiguous(), name + "in_proj_bias");
            var split = graph.Apply("Reshape", [projected, graph.Integers("shape", 0, 0, heads, -1)], x.Type,
                [.. x.Dimensions[..2], heads, size / heads]);
            return graph.Transpose(split, 1, 2, 0, 3);
        }

        var query = Part(given.Query, 0, "q_proj_weight");
        var key = Part(given.Key, 1, "k_proj_weight");
        var value = Part(given.Value, 2, "v_proj_weight");
        // libtorch adds truths as ones, too.
        var added = mask is null ? null : graph.Cast(mask, query.Type);
        if (added is { Rank: 3 })
            added = graph.Apply("Reshape", [added, graph.Integers("shape", [-1, heads, .. added.Dimensions[1..]])], added.Type,
                [given.Query.Dimensions[1], heads, .. added.Dimensions[1..]]);
        if (padding is not null)
        {
            var hidden = ShapeFunctions.Unsqueeze(graph, ShapeFunctions.Unsqueeze(graph, Hidden(padding), 1), 1);
            added = added is null ? hidden : added + hidden;
        }
        var weights = ProductFunctions.AttentionWeights(call, query, key, added);
        var attended = graph.Apply(
            "MatMul", [weights, value], query.Type, [.. query.Dimensions[..^1], value.Dimensions[^1]]);
        long[] shape = [.. given.Query.Dimensions[..2], size];
        var joined = graph.Apply(
            "Reshape", [graph.Transpose(attended, 2, 0, 1, 3), graph.Integers("shape", 0, 0, -1)], attended.Type, shape);
        var output = Linear(graph, joined, parameters, prefix + "out_proj");
        return (output, ReductionFunctions.Reduce(graph, "ReduceMean", weights, [1], keep: false));
    }

    /// <summary>x W' + b over the last axis.</summary>
    internal static OnnxValue Linear(OnnxGraph graph, OnnxValue x, Parameters parameters, string name)
    {
        var weight = parameters[name + ".weight"];
        var product = graph.Apply("MatMul", [x, graph.Constant(weight.detach().t().contiguous(), Identifiers.From(name) + "_weight")],
            x.Type, [.. x.Dimensions[..^1], weight.shape[0]]);
        return parameters.TryGetValue(name + ".bias", out var bias)
            ? product + graph.Constant(bias, Identifiers.From(name) + "_bias")
            : product;
    }

    /// <summary>The number of heads with which a computation comes nearest to what the layer gives; null where none is near.</summary>
    /// <param name="size">The sum of the heads' sizes.</param>
    /// <param name="wanted">What the layer gives.</param>
    /// <param name="compute">The computation with a number of heads.</param>
    internal static long? Heads(long size, Tensor wanted, Func<long, Tensor> compute)
    {
        for (long heads = 1; heads <= size; heads++)
        {
            if (size % heads != 0) continue;
            using var scope = NewDisposeScope();
            if ((compute(heads) - wanted).abs().max().item<float>() < 1e-4 * Math.Max(1, wanted.abs().max().item<float>())) return heads;
        }
        return null;
    }

    /// <summary>The same computation in Torch, without masks.</summary>
    internal static Tensor Attend(Parameters parameters, string prefix, long heads, Tensor query, Tensor key, Tensor value)
    {
        var weight = parameters[prefix + "out_proj.weight"];
        var size = weight.shape[0];
        var bias = parameters.GetValueOrDefault(prefix + "in_proj_bias");
        Tensor Part(Tensor x, int index, string own)
        {
            var projection = parameters.TryGetValue(prefix + "in_proj_weight", out var all)
                ? all.narrow(0, index * size, size)
                : parameters[prefix + own];
            return nn.functional.linear(x, projection, bias?.narrow(0, index * size, size))
                .view(x.shape[0], x.shape[1], heads, size / heads).permute(1, 2, 0, 3);
        }

        var (q, k, v) = (Part(query, 0, "q_proj_weight"), Part(key, 1, "k_proj_weight"), Part(value, 2, "v_proj_weight"));
        var attended = (q.matmul(k.transpose(2, 3)) / Math.Sqrt(size / (double)heads)).softmax(-1).matmul(v);
        return nn.functional.linear(attended.permute(2, 0, 1, 3).reshape(query.shape[0], query.shape[1], size), weight,
            parameters.GetValueOrDefault(prefix + "out_proj.bias"));
    }

    /// <summary>An example of [5, 1, size] for finding out what a layer does.</summary>
    internal static Tensor Example(long size, double step, Device device) =>
        (arange(0, 5 * size, dtype: ScalarType.Float32, device: device) * step).sin().view(5, 1, size);

    // Truths say where not to look.
    private static OnnxValue Hidden(OnnxValue mask) => mask.Type == DataType.Bool
        ? mask.Graph.Apply("Where", [mask, mask.Graph.Constant(float.NegativeInfinity), mask.Graph.Constant(0)], DataType.Float,
            mask.Dimensions)
        : mask;

    private static OnnxValue[] Attend(FunctionCall call)
    {
        var layer = (MultiheadAttention)call.Call.Layer!;
        Dropouts.RequireEvaluation(call.Graph, layer);
        var parameters = ParametersOf(layer);
        if (parameters.ContainsKey("bias_k"))
            throw call.Graph.Error("adds a bias to keys and values, which the exporter does not know; make it with add_bias_kv: false");
        var values = FunctionCall.Values(call.Call.Arguments.Take(3)).Select(call.Value).ToArray();
        using var scope = NewDisposeScope();
        var device = parameters["out_proj.weight"].device;
        var (query, key, value) = (Example(values[0].Shape[2], 0.7123, device), Example(values[1].Shape[2], 0.6123, device),
            Example(values[2].Shape[2], 0.5123, device));
        var wanted = layer.forward(query, key, value, null, false, null).Item1;
        var heads = Heads(parameters["out_proj.weight"].shape[0], wanted, n => Attend(parameters, "", n, query, key, value)) ??
            throw call.Graph.Error("attends to zero, too, which the exporter does not know; make it with add_zero_attn: false");
        var (output, weights) = Attend(
            call, parameters, "", heads, (values[0], values[1], values[2]), call.Tensor("attn_mask"), call.Tensor("key_padding_mask"));
        return [output, weights];
    }
}
