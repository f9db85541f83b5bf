using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// Rewrites a graph so that its convolutions and matrix products are computed in 8 bits: pairs of QuantizeLinear and DequantizeLinear
/// around them, which ONNX Runtime turns into integer kernels. Activations are uint8 with one scale a tensor, from calibration
/// (<see cref="ActivationRange"/>); weights are symmetric int8 with one scale an output channel.
/// </summary>
internal sealed class Int8Graph
{
    // A layer with a smaller share of the network's products gains little, unless all are small.
    private const double LeastShare = 0.05, LeastOfEqualShare = 0.5;

    // Of a last layer everybody sees the rounding.
    private const double LeastShareOfLast = 0.2;

    // Not 127: on processors without 8-bit products of their own, ONNX Runtime adds two products of a uint8 and an int8 in 16 bits, and
    // 2 * 255 * 64 is the most of two products that fits.
    private const int WeightLevels = 64;

    private const int LeastOpset = 13;

    // What only moves numbers leaves them in the quantization that they have.
    private static readonly HashSet<string> _moving =
        ["MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Identity", "DepthToSpace", "SpaceToDepth"];

    private readonly GraphRewriter _graph;
    private readonly Dictionary<string, Quantization> _dequantized = [];
    private readonly Dictionary<string, string> _inputs = [];

    private Int8Graph(GraphRewriter graph) => _graph = graph;

    /// <summary>The same model in 8 bits.</summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="inputs">Rows for calibration.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>How many convolutions and matrix products are computed in 8 bits.</returns>
    /// <exception cref="GraphProblemException">The graph's version has no 8-bit weights by channel, or no layer can be in 8 bits.
    /// </exception>
    public static int Quantize(GraphRewriter graph, ModelInputs inputs, CancellationToken cancellationToken)
    {
        var opset = graph.Model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max();
        if (opset < LeastOpset)
            throw new GraphProblemException($"its operators are of version {opset}; 8-bit weights need {LeastOpset} or later.");
        if (graph.Graph.Node.Any(node => node.OpType == "DequantizeLinear" || node.OpType.StartsWith("QLinear", StringComparison.Ordinal)))
            throw new GraphProblemException("it has 8-bit layers already; begin with the original.");
        var all = Candidates(graph);
        var counts = Products(graph, all, inputs, cancellationToken);
        var total = counts.Values.Sum(count => count.Products);
        var least = Math.Min(LeastShare, LeastOfEqualShare / all.Length);
        NodeProto[] chosen = [.. all.Where(node =>
            counts[node].Products >= total * (LeadsTo(graph, node, all) ? least : LeastShareOfLast))];
        var int8 = new Int8Graph(graph);
        List<Layer8> layers = [];
        foreach (var node in chosen)
        {
            if (node.OpType != "ConvTranspose") layers.Add(new([node], node.Input[0], node.Output[0]));
            else if (TransposedPhases.Replace(graph, node, counts[node].Input, counts[node].Output) is { } phases)
                layers.Add(new(phases, node.Input[0], node.Output[0]));
        }
        if (layers.Count == 0)
            throw new GraphProblemException("it has no convolution or matrix product that could be computed in 8 bits.");
        int8.Quantize(layers, inputs, cancellationToken);
        return layers.Count;
    }

    /// <summary>A convolution, product or transposed convolution, which is several convolutions, from a value to a value.</summary>
    private sealed record Layer8(NodeProto[] Nodes, string Input, string Output)
    {
        /// <summary>ONNX Runtime's 8-bit convolutions give 8 bits; its products give float32 as well.</summary>
        public bool IsConvolution => Nodes[0].OpType == "Conv";
    }

    /// <summary>The convolutions and matrix products with fixed weights.</summary>
    public static NodeProto[] Candidates(GraphRewriter graph) => [.. graph.Graph.Node.Where(node =>
    {
        if (node.Domain is not ("" or "ai.onnx") || node.Input.Count < 2 || graph.Weight(node.Input[0]) is not null) return false;
        if (graph.Weight(node.Input[1]) is not { } weights || !FloatTensor.IsFloat(weights)) return false;
        if (node.Input.Count > 2 && node.Input[2].Length > 0
            && (graph.Weight(node.Input[2]) is not { } bias || !FloatTensor.IsFloat(bias))) return false;
        var layer = new Layer(node, [], 0);
        return node.OpType switch
        {
            "Conv" => weights.Dims.Count is >= 3 and <= 5,
            "ConvTranspose" => weights.Dims.Count == 4,
            "MatMul" => weights.Dims.Count == 2,
            "Gemm" => layer.Int("transA", 0) == 0 && (layer.Attribute("alpha")?.F ?? 1) == 1 && (layer.Attribute("beta")?.F ?? 1) == 1
                && (node.Input.Count < 3 || node.Input[2].Length == 0
                    || TensorValues.Elements(graph.Weight(node.Input[2])!.Dims) == Outputs(node, weights)),
            _ => false,
        };
    })];

    /// <summary>Whether what a node makes enters another of the nodes, however far behind it.</summary>
    private static bool LeadsTo(GraphRewriter graph, NodeProto node, NodeProto[] nodes)
    {
        var open = new Queue<string>(node.Output);
        HashSet<string> seen = [];
        while (open.TryDequeue(out var value))
        {
            if (!seen.Add(value)) continue;
            foreach (var reader in graph.Readers(value))
            {
                if (nodes.Contains(reader)) return true;
                foreach (var output in reader.Output) open.Enqueue(output);
            }
        }
        return false;
    }

    /// <summary>Multiplications of each node for one batch, and the shapes at its ends, as a run tells them.</summary>
    private static Dictionary<NodeProto, (double Products, long[] Input, long[] Output)> Products(
        GraphRewriter graph, NodeProto[] nodes, ModelInputs inputs, CancellationToken cancellationToken)
    {
        string[] values = [.. nodes.SelectMany(node => new[] { node.Input[0], node.Output[0] }).Distinct()];
        Dictionary<string, long[]> shapes = [];
        string[] made = [.. values.Where(value => graph.Maker(value) is not null)];
        var batch = inputs.Batches().First();
        foreach (var input in batch.Inputs) shapes[input.Name] = [batch.Count, .. input.Row];
        using (var session = ModelInputs.Open(graph.Model, made))
        {
            batch.Run(session, made, results =>
            {
                for (var i = 0; i < made.Length; i++) shapes[made[i]] = results[i].GetTensorTypeAndShape().Shape;
            }, cancellationToken);
        }
        var counts = new Dictionary<NodeProto, (double, long[], long[])>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            long[] input = shapes[node.Input[0]], output = shapes[node.Output[0]];
            var weights = graph.Weight(node.Input[1])!.Dims;
            var products = node.OpType switch
            {
                "Conv" => TensorValues.Elements(output) * TensorValues.Elements(weights.Skip(1)),
                "ConvTranspose" => TensorValues.Elements(input) * TensorValues.Elements(weights.Skip(1)),
                _ => TensorValues.Elements(output) * input[^1],
            };
            counts[node] = (products, input, output);
        }
        return counts;
    }

    private void Quantize(List<Layer8> layers, ModelInputs inputs, CancellationToken cancellationToken)
    {
        var ends = layers.ToDictionary(layer => layer, layer => layer.IsConvolution ? AfterRelu(layer.Output) : layer.Output);
        var ranges = Observe([.. layers.Select(layer => layer.Input)
            .Concat(layers.Where(layer => layer.IsConvolution).Select(layer => ends[layer]))
            .Distinct()], inputs, cancellationToken);
        foreach (var layer in layers.Where(layer => layer.IsConvolution)) QuantizeOutput(layer, ends[layer], ranges[ends[layer]]);
        foreach (var layer in layers) QuantizeInput(layer, ranges[layer.Input]);
        KeepMoved();
        foreach (var layer in layers)
        {
            foreach (var node in layer.Nodes) QuantizeWeights(node, _dequantized[node.Input[0]].Scale);
        }
    }

    /// <summary>Where nothing but a ReLU reads a value: that one's output. An 8-bit range that begins at zero does its work.</summary>
    private string AfterRelu(string value) =>
        !_graph.IsOutput(value) && _graph.Readers(value) is [{ OpType: "Relu" } relu] ? relu.Output[0] : value;

    private Dictionary<string, Quantization> Observe(string[] values, ModelInputs inputs, CancellationToken cancellationToken)
    {
        var ranges = values.ToDictionary(value => value, _ => new ActivationRange());
        var given = inputs.Inputs.ToDictionary(input => input.Name);
        string[] made = [.. values.Where(value => !given.ContainsKey(value))];
        using var session = ModelInputs.Open(_graph.Model, made);
        foreach (var value in values.Where(given.ContainsKey)) ranges[value].Widen(Given(value));
        inputs.Run(session, made, results => See((range, numbers) => range.Widen(numbers), results), cancellationToken);
        foreach (var value in values.Where(given.ContainsKey)) ranges[value].Count(Given(value));
        inputs.Run(session, made, results => See((range, numbers) => range.Count(numbers), results), cancellationToken);
        return ranges.ToDictionary(range => range.Key, range => range.Value.Best());

        ReadOnlySpan<float> Given(string value) => ((InputRows<float>)given[value]).Values.Span;

        void See(Action<ActivationRange, ReadOnlySpan<float>> take, IReadOnlyList<OrtValue> results)
        {
            for (var i = 0; i < made.Length; i++) take(ranges[made[i]], results[i].GetTensorDataAsSpan<float>());
        }
    }

    /// <summary>A convolution's output goes through 8 bits; whoever read it reads what comes out of them.</summary>
    private void QuantizeOutput(Layer8 layer, string end, Quantization range)
    {
        if (end != layer.Output) _graph.Graph.Node.Remove(_graph.Maker(end)!);
        if (layer.Nodes.Length == 1)
        {
            Through(layer.Nodes[0], end, range);
            return;
        }
        // The phases are joined as 8-bit numbers.
        var spread = _graph.Maker(layer.Output)!;
        var join = _graph.Maker(spread.Input[0])!;
        foreach (var node in layer.Nodes) Through(node, node.Output[0], range);
        Through(join, join.Output[0], range);
        Through(spread, end, range);
    }

    /// <summary>Lets a node's output pass through 8 bits to a value, which may be the output itself.</summary>
    private void Through(NodeProto node, string to, Quantization range)
    {
        node.Output[0] = _graph.Fresh(node.Output[0] + ".float");
        var scale = Scale(to, range);
        var quantized = _graph.Fresh(to + ".uint8");
        _graph.Insert("QuantizeLinear", [node.Output[0], .. scale], quantized);
        _graph.Insert("DequantizeLinear", [quantized, .. scale], to);
        _dequantized[to] = range;
    }

    private void QuantizeInput(Layer8 layer, Quantization range)
    {
        var value = layer.Input;
        if (_dequantized.ContainsKey(value)) return;
        // What is computed from 8-bit numbers, such as a leaky ReLU, has an 8-bit kernel, too, if nothing reads its result as it is.
        if (_graph.Maker(value) is { } maker && !_graph.IsOutput(value)
            && maker.Input.All(input => _dequantized.ContainsKey(input) || _graph.Weight(input) is not null))
        {
            Through(maker, value, _moving.Contains(maker.OpType) ? _dequantized[maker.Input[0]] : range);
            return;
        }
        if (!_inputs.TryGetValue(value, out var dequantized))
        {
            var scale = Scale(value, range);
            var quantized = _graph.Insert("QuantizeLinear", [value, .. scale]);
            dequantized = _inputs[value] = _graph.Insert("DequantizeLinear", [quantized, .. scale]);
            _dequantized[dequantized] = range;
        }
        foreach (var node in layer.Nodes) node.Input[0] = dequantized;
    }

    /// <summary>The largest of 8-bit numbers is one: pooling need not wait for float32.</summary>
    private void KeepMoved()
    {
        foreach (var node in _graph.Graph.Node.Where(node => node.OpType == "MaxPool" && node.Output.Count == 1).ToArray())
        {
            if (!_graph.IsOutput(node.Output[0]) && !_dequantized.ContainsKey(node.Output[0])
                && _dequantized.TryGetValue(node.Input[0], out var range))
                Through(node, node.Output[0], range);
        }
    }

    private string[] Scale(string value, Quantization range) =>
    [
        _graph.Add(FloatTensor.Of(_graph.Fresh(value + ".scale"), [], [range.Scale])),
        _graph.Add(FloatTensor.Of(_graph.Fresh(value + ".zero"), [], [range.ZeroPoint])),
    ];

    private void QuantizeWeights(NodeProto node, float inputScale)
    {
        var weights = _graph.Weight(node.Input[1])!;
        var values = FloatTensor.Read(weights);
        var axis = Axis(node, weights);
        var count = Outputs(node, weights);
        // The numbers after the axis: those of one channel that lie together.
        var inner = (int)TensorValues.Elements(weights.Dims.Skip(axis + 1));
        var bias = node.Input.Count > 2 && node.Input[2].Length > 0 ? _graph.Weight(node.Input[2]) : null;
        var biases = bias is null ? new float[count] : FloatTensor.Read(bias);
        var scales = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            ref var scale = ref scales[i / inner % count];
            scale = Math.Max(scale, Math.Abs(values[i]) / WeightLevels);
        }
        // The bias is an int32 in units of both scales: where weights are all but zero, they give way to it.
        for (var c = 0; c < count; c++)
            scales[c] = Math.Max(Math.Max(scales[c], Math.Abs(biases[c]) / (inputScale * (1 << 30))), 1e-20f);
        var integers = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++) integers[i] = (sbyte)MathF.Round(values[i] / scales[i / inner % count]);
        node.Input[1] = Dequantized(FloatTensor.Of(_graph.Fresh(weights.Name + ".int8"), [.. weights.Dims], integers), scales,
            FloatTensor.Of(_graph.Fresh(weights.Name + ".zero"), [count], new sbyte[count]), axis);
        if (bias is null) return;
        int[] wholes = [.. biases.Select((b, c) => (int)Math.Round((double)b / ((double)scales[c] * inputScale)))];
        node.Input[2] = Dequantized(FloatTensor.Of(_graph.Fresh(bias.Name + ".int32"), [.. bias.Dims], wholes),
            [.. scales.Select(scale => scale * inputScale)],
            FloatTensor.Of(_graph.Fresh(bias.Name + ".zero"), [count], new int[count]), bias.Dims.Count - 1);
    }

    private string Dequantized(TensorProto integers, float[] scales, TensorProto zero, int axis)
    {
        var scale = FloatTensor.Of(_graph.Fresh(integers.Name + ".scale"), [scales.Length], scales);
        return _graph.Insert("DequantizeLinear", [_graph.Add(integers), _graph.Add(scale), _graph.Add(zero)],
            GraphEditor.Int("axis", axis));
    }

    /// <summary>The axis of the weights along which the output's channels lie.</summary>
    private static int Axis(NodeProto node, TensorProto weights) => node.OpType switch
    {
        "Conv" => 0,
        "Gemm" => new Layer(node, [], 0).Int("transB", 0) != 0 ? 0 : 1,
        _ => weights.Dims.Count - 1,
    };

    private static int Outputs(NodeProto node, TensorProto weights) => (int)weights.Dims[Axis(node, weights)];
}
