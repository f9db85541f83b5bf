using TorchSharp.Modules;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Recurrent layers and their cells, and embeddings.</summary>
internal static class RecurrentLayers
{
    public static void AddTo(LayerConverters layers)
    {
        layers.Section = "Recurrent";
        // Torch's gates are reset, update, new, and ONNX's update, reset, new.
        layers.Add<GRU>(call => Recur(call, "GRU", [1, 0, 2], [("linear_before_reset", 1)]));
        // Torch's gates are input, forget, cell, output, and ONNX's input, output, forget, cell.
        layers.Add<LSTM>(call => Recur(call, "LSTM", [0, 3, 1, 2], []));
        layers.Add<RNN>(call => Recur(call, "RNN", [0], []));
        layers.Add<GRUCell>(call => [GruCell(call, (GRUCell)call.Call.Layer!)]);
        layers.Add<LSTMCell>(call => LstmCell(call, (LSTMCell)call.Call.Layer!));
        layers.Add<RNNCell>(call => [RnnCell(call, (RNNCell)call.Call.Layer!)]);
        layers.Section = "Embeddings";
        layers.Add<Embedding>(call =>
            [call.Operator("Gather", [call.Graph.Constant(((Embedding)call.Call.Layer!).weight!, "weight"), call.X], ("axis", 0))]);
    }

    private static OnnxValue[] Recur(FunctionCall call, string op, int[] gates, OnnxSetting[] settings)
    {
        var graph = call.Graph;
        var layer = call.Call.Layer!;
        var parameters = layer.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        var results = call.Call.Results;
        if (call.TracedX.Shape.Length != 3)
            throw graph.Error("takes one sequence without a batch; give it [N, T, features] or [T, N, features]");
        var directions = parameters.ContainsKey("weight_ih_l0_reverse") ? 2 : 1;
        var stack = parameters.Keys.Count(name => name.StartsWith("weight_ih_l") && !name.EndsWith("_reverse"));
        if (parameters.Keys.Any(name => name.StartsWith("weight_hr_"))) throw graph.Error("projects its state, which ONNX does not");
        // Dropout is between the layers.
        if (stack > 1) Dropouts.RequireEvaluation(graph, layer);
        var hidden = parameters["weight_hh_l0"].shape[1];
        // The state is [layers, N, hidden]: the axis of the input that is as long is the batch.
        var batchFirst = results[1]!.Sizes[1].Equals(call.TracedX.Sizes[0]);
        var (batch, time) = (call.TracedX.Sizes[batchFirst ? 0 : 1].Dimension, call.TracedX.Sizes[batchFirst ? 1 : 0].Dimension);

        var x = call.X;
        if (batchFirst) x = graph.Transpose(x, 1, 0, 2);
        OnnxValue?[] states = [.. call.Call.Arguments.Skip(1).SelectMany(argument => argument is object?[] pair ? pair : [argument])
            .Select(argument => argument is TracedValue value ? call.Value(value) : null)];
        if (op == "RNN")
        {
            var activation = IsTanh(layer, parameters["weight_ih_l0"].shape[1]) ? "Tanh" : "Relu";
            settings = [("activations", Repeat(activation, directions))];
        }
        var last = new List<OnnxValue>[] { [], [] };
        for (var i = 0; i < stack; i++)
        {
            OnnxValue? State(int which) => states.ElementAtOrDefault(which) is { } given
                ? graph.Slice(given, 0, i * directions, (i + 1) * directions)
                : null;
            OnnxValue?[] inputs =
            [
                x, Weights(graph, parameters, "weight_ih", i, directions, hidden, gates, "input_weights"),
                Weights(graph, parameters, "weight_hh", i, directions, hidden, gates, "state_weights"),
                Biases(graph, parameters, i, directions, hidden, gates), null, State(0), .. op == "LSTM" ? (OnnxValue?[])[State(1)] : [],
            ];
            long[] state = [directions, batch, hidden];
            var outputs = graph.ApplyMany(op, inputs, [(x.Type, [time, directions, batch, hidden]), (x.Type, state),
                    .. op == "LSTM" ? [(x.Type, state)] : (ReadOnlySpan<(DataType, long[])>)[]],
                [("hidden_size", hidden), ("direction", directions == 2 ? "bidirectional" : "forward"), .. settings]);
            for (var j = 1; j < outputs.Length; j++) last[j - 1].Add(outputs[j]);
            // [T, directions, N, H] to [T, N, directions H].
            x = directions == 1
                ? ShapeFunctions.Squeeze(graph, outputs[0], 1)
                : graph.Apply("Reshape", [graph.Transpose(outputs[0], 0, 2, 1, 3), graph.Integers("shape", 0, 0, -1)], x.Type,
                    [time, batch, directions * hidden]);
        }
        if (batchFirst) x = graph.Transpose(x, 1, 0, 2);
        return [x, .. last.Where(states => states.Count > 0).Select(states => graph.Concat(0, [.. states]))];
    }

    private static string[] Repeat(string value, int count) => [.. Enumerable.Repeat(value, count)];

    private static OnnxValue Weights(OnnxGraph graph, Dictionary<string, Tensor> parameters, string name, int layer, int directions,
        long hidden, int[] gates, string called)
    {
        var tensors = Enumerable.Range(0, directions).Select(direction =>
            Ordered(parameters[$"{name}_l{layer}{(direction == 1 ? "_reverse" : "")}"], hidden, gates)).ToArray();
        return graph.Constant(stack(tensors, 0), called);
    }

    private static OnnxValue? Biases(
        OnnxGraph graph, Dictionary<string, Tensor> parameters, int layer, int directions, long hidden, int[] gates)
    {
        if (!parameters.ContainsKey($"bias_ih_l{layer}")) return null;
        var tensors = Enumerable.Range(0, directions).Select(direction =>
        {
            var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
            return cat([Ordered(parameters["bias_ih" + suffix], hidden, gates), Ordered(parameters["bias_hh" + suffix], hidden, gates)], 0);
        }).ToArray();
        return graph.Constant(stack(tensors, 0), "bias");
    }

    private static Tensor Ordered(Tensor tensor, long hidden, int[] gates) =>
        cat([.. gates.Select(gate => tensor.detach().narrow(0, gate * hidden, hidden))], 0);

    // Its nonlinearity is not to be read; a result below 0 tells.
    private static bool IsTanh(nn.Module layer, long features)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-3, 3, 8 * features).view(8, 1, features).to(layer.parameters().First().device);
        var result = layer is RNN network ? network.forward(x, null).Item1 : ((RNNCell)layer).forward(x.squeeze(1), null);
        return (result < 0).any().item<bool>();
    }

    private static (OnnxValue Input, OnnxValue State) Gates(
        FunctionCall call, Tensor inputWeight, Tensor stateWeight, Tensor? inputBias, Tensor? stateBias, TracedValue? state)
    {
        var graph = call.Graph;
        OnnxValue Product(OnnxValue x, Tensor weight, Tensor? bias, string name) => graph.Operator("Gemm",
            bias is null ? [x, graph.Constant(weight, name)] : [x, graph.Constant(weight, name), graph.Constant(bias, name + "_bias")],
            [x.Shape[0], weight.shape[0]], ("transB", 1));
        var input = Product(call.X, inputWeight, inputBias, "input_weight");
        // Without a state it is zero, and its product is the bias.
        return (input, state is not null ? Product(call.Value(state), stateWeight, stateBias, "state_weight")
            : stateBias is null ? input * 0 : input * 0 + graph.Constant(stateBias, "state_weight_bias"));
    }

    private static OnnxValue Part(OnnxValue gates, int index, long hidden) =>
        gates.Graph.Slice(gates, 1, index * hidden, (index + 1) * hidden);

    private static OnnxValue GruCell(FunctionCall call, GRUCell cell)
    {
        var graph = call.Graph;
        var hidden = cell.weight_hh!.shape[1];
        var state = call.At(1) as TracedValue;
        var (input, from) = Gates(call, cell.weight_ih!, cell.weight_hh!, cell.bias_ih, cell.bias_hh, state);
        var reset = graph.Sigmoid(Part(input, 0, hidden) + Part(from, 0, hidden));
        var update = graph.Sigmoid(Part(input, 1, hidden) + Part(from, 1, hidden));
        var next = graph.Tanh(Part(input, 2, hidden) + reset * Part(from, 2, hidden));
        return state is null ? (1 - update) * next : next + update * (call.Value(state) - next);
    }

    private static OnnxValue[] LstmCell(FunctionCall call, LSTMCell cell)
    {
        var graph = call.Graph;
        var hidden = cell.weight_hh!.shape[1];
        var states = call.At(1) as object?[];
        var (input, from) = Gates(call, cell.weight_ih!, cell.weight_hh!, cell.bias_ih, cell.bias_hh, states?[0] as TracedValue);
        var gates = input + from;
        var candidate = graph.Sigmoid(Part(gates, 0, hidden)) * graph.Tanh(Part(gates, 2, hidden));
        var memory = states?[1] is TracedValue before
            ? graph.Sigmoid(Part(gates, 1, hidden)) * call.Value(before) + candidate
            : candidate;
        return [graph.Sigmoid(Part(gates, 3, hidden)) * graph.Tanh(memory), memory];
    }

    private static OnnxValue RnnCell(FunctionCall call, RNNCell cell)
    {
        var (input, from) = Gates(call, cell.weight_ih!, cell.weight_hh!, cell.bias_ih, cell.bias_hh, call.At(1) as TracedValue);
        return IsTanh(cell, cell.weight_ih!.shape[1]) ? call.Graph.Tanh(input + from) : call.Graph.Relu(input + from);
    }
}
