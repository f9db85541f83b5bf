using TorchSharp.Modules;
using static TorchSharp.torch;
using Parameters = System.Collections.Generic.Dictionary<string, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// Transformers of [T, N, E]. What a layer has for heads and activation is not to be read; both are found by trying. Each normalizes
/// behind attention and feed-forward part, as libtorch's do.
/// </summary>
internal static class TransformerLayers
{
    public static void AddTo(LayerConverters layers, FunctionConverters functions)
    {
        layers.Section = "Attention";
        layers.Add<TransformerEncoderLayer>(call => [Encode(call, (nn.Module)call.Call.Layer!, 0)]);
        layers.Add<TransformerEncoder>(call => [Encode(call, (nn.Module)call.Call.Layer!, 0)]);
        layers.Add<TransformerDecoderLayer>(call => [Decode(call, (nn.Module)call.Call.Layer!)]);
        layers.Add<TransformerDecoder>(call => [Decode(call, (nn.Module)call.Call.Layer!)]);
        layers.Add<Transformer>(call => [Both(call, (nn.Module)call.Call.Layer!, 0)]);
        // With masks, their call() is no forward().
        functions.Section = "Layers as functions";
        functions.Add("TransformerEncoderLayer.call", call => Encode(call, (nn.Module)call.At(0)!, 1));
        functions.Add("Transformer.call", call => Both(call, (nn.Module)call.At(0)!, 1));
    }

    private static OnnxValue Encode(FunctionCall call, nn.Module layer, int from)
    {
        Dropouts.RequireEvaluation(call.Graph, layer);
        var model = Model.Of(call.Graph, layer);
        OnnxValue? Mask(int index) => call.At(from + index) is TracedValue value ? call.Value(value) : null;
        return Encode(call, model, "", call.X, Mask(1), Mask(2));
    }

    private static OnnxValue Decode(FunctionCall call, nn.Module layer)
    {
        Dropouts.RequireEvaluation(call.Graph, layer);
        var model = Model.Of(call.Graph, layer);
        OnnxValue? Given(int index) => call.At(index) is TracedValue value ? call.Value(value) : null;
        return Decode(call, model, "", call.X, Given(1)!, (Given(2), Given(4)), (Given(3), Given(5)));
    }

    private static OnnxValue Both(FunctionCall call, nn.Module layer, int from)
    {
        Dropouts.RequireEvaluation(call.Graph, layer);
        var model = Model.Of(call.Graph, layer);
        OnnxValue? Given(int index) => call.At(from + index) is TracedValue value ? call.Value(value) : null;
        var memory = Encode(call, model, "encoder.", Given(0)!, Given(2), Given(5));
        return Decode(call, model, "decoder.", Given(1)!, memory, (Given(3), Given(6)), (Given(4), Given(7)));
    }

    private static OnnxValue Encode(
        FunctionCall call, Model model, string prefix, OnnxValue x, OnnxValue? mask, OnnxValue? padding)
    {
        foreach (var layer in model.Layers(prefix))
        {
            var attended = AttentionLayers.Attend(call, model.Parameters, layer + "self_attn.", model.Heads, (x, x, x), mask, padding);
            x = Normalize(call, model, layer + "norm1", x + attended.Output);
            x = Normalize(call, model, layer + "norm2", x + FeedForward(call, model, layer, x));
        }
        return model.HasNorm(prefix) ? Normalize(call, model, prefix + "norm", x) : x;
    }

    private static OnnxValue Decode(FunctionCall call, Model model, string prefix, OnnxValue x, OnnxValue memory,
        (OnnxValue? Mask, OnnxValue? Padding) own, (OnnxValue? Mask, OnnxValue? Padding) other)
    {
        foreach (var layer in model.Layers(prefix))
        {
            var self = AttentionLayers.Attend(
                call, model.Parameters, layer + "self_attn.", model.Heads, (x, x, x), own.Mask, own.Padding);
            x = Normalize(call, model, layer + "norm1", x + self.Output);
            var cross = AttentionLayers.Attend(
                call, model.Parameters, layer + "multihead_attn.", model.Heads, (x, memory, memory), other.Mask, other.Padding);
            x = Normalize(call, model, layer + "norm2", x + cross.Output);
            x = Normalize(call, model, layer + "norm3", x + FeedForward(call, model, layer, x));
        }
        return model.HasNorm(prefix) ? Normalize(call, model, prefix + "norm", x) : x;
    }

    private static OnnxValue FeedForward(FunctionCall call, Model model, string layer, OnnxValue x)
    {
        var wide = AttentionLayers.Linear(call.Graph, x, model.Parameters, layer + "linear1");
        wide = model.IsGelu ? ActivationLayers.Gelu(call.Graph, wide, tanh: false) : call.Graph.Relu(wide);
        return AttentionLayers.Linear(call.Graph, wide, model.Parameters, layer + "linear2");
    }

    private static OnnxValue Normalize(FunctionCall call, Model model, string name, OnnxValue x) => NormalizationLayers.Layers(
        call.Graph, x, 1, 1e-5, call.Graph.Constant(model.Parameters[name + ".weight"], Identifiers.From(name) + "_weight"),
        call.Graph.Constant(model.Parameters[name + ".bias"], Identifiers.From(name) + "_bias"));

    /// <summary>A transformer's parameters, and what was found about it.</summary>
    private sealed record Model(Parameters Parameters, long Heads, bool IsGelu)
    {
        public static Model Of(OnnxGraph graph, nn.Module layer)
        {
            using var scope = NewDisposeScope();
            var parameters = AttentionLayers.ParametersOf(layer);
            var size = parameters.First(entry => entry.Key.EndsWith("norm1.weight", StringComparison.Ordinal)).Value;
            // Inputs this large make attentions that differ by the number of heads, and values on which the activations differ.
            var x = AttentionLayers.Example(size.shape[0], 0.7123, size.device) * 3;
            var y = AttentionLayers.Example(size.shape[0], 0.6123, size.device) * 3;
            var wanted = layer switch
            {
                TransformerEncoderLayer encoder => encoder.forward(x),
                TransformerEncoder encoder => encoder.forward(x, null, null),
                TransformerDecoderLayer decoder => decoder.forward(x, y, null, null, null, null),
                TransformerDecoder decoder => decoder.forward(x, y, null, null, null, null),
                _ => ((Transformer)layer).forward(x, y),
            };
            foreach (var gelu in (bool[])[false, true])
            {
                var found = AttentionLayers.Heads(
                    size.shape[0], wanted, heads => new Model(parameters, heads, gelu).Compute(layer, x, y));
                if (found is { } heads) return new Model(parameters, heads, gelu);
            }
            throw graph.Error("does not compute what the exporter knows of it");
        }

        public bool HasNorm(string prefix) => Parameters.ContainsKey(prefix + "norm.weight");

        /// <summary>What the names of the layers begin with: one for a layer alone.</summary>
        public IEnumerable<string> Layers(string prefix)
        {
            if (Parameters.ContainsKey(prefix + "norm1.weight")) return [prefix];
            return Enumerable.Range(0, int.MaxValue).Select(i => $"{prefix}layers.{i}.")
                .TakeWhile(layer => Parameters.ContainsKey(layer + "norm1.weight"));
        }

        private Tensor Compute(nn.Module layer, Tensor x, Tensor y) => layer switch
        {
            Transformer => Decode("decoder.", y, Encode("encoder.", x)),
            TransformerEncoder or TransformerEncoderLayer => Encode("", x),
            _ => Decode("", x, y),
        };

        private Tensor Encode(string prefix, Tensor x)
        {
            foreach (var layer in Layers(prefix))
            {
                x = Norm(layer + "norm1", x + AttentionLayers.Attend(Parameters, layer + "self_attn.", Heads, x, x, x));
                x = Norm(layer + "norm2", x + FeedForward(layer, x));
            }
            return HasNorm(prefix) ? Norm(prefix + "norm", x) : x;
        }

        private Tensor Decode(string prefix, Tensor x, Tensor memory)
        {
            foreach (var layer in Layers(prefix))
            {
                x = Norm(layer + "norm1", x + AttentionLayers.Attend(Parameters, layer + "self_attn.", Heads, x, x, x));
                x = Norm(layer + "norm2", x + AttentionLayers.Attend(Parameters, layer + "multihead_attn.", Heads, x, memory, memory));
                x = Norm(layer + "norm3", x + FeedForward(layer, x));
            }
            return HasNorm(prefix) ? Norm(prefix + "norm", x) : x;
        }

        private Tensor FeedForward(string layer, Tensor x)
        {
            var wide = nn.functional.linear(x, Parameters[layer + "linear1.weight"], Parameters[layer + "linear1.bias"]);
            return nn.functional.linear(IsGelu ? nn.functional.gelu(wide) : nn.functional.relu(wide),
                Parameters[layer + "linear2.weight"], Parameters[layer + "linear2.bias"]);
        }

        private Tensor Norm(string name, Tensor x) =>
            nn.functional.layer_norm(x, [x.shape[^1]], Parameters[name + ".weight"], Parameters[name + ".bias"]);
    }
}
