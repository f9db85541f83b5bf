namespace GanPipeline.Export;

/// <summary>
/// Batch normalisation with running statistics is y = scale x + shift per channel, so that it can be a part of a linear operation's
/// weights. It goes into the linear operation directly before it, whose result nothing else uses; else forward into one directly after;
/// else it stays.
/// </summary>
/// <remarks>
/// Forward, W (scale x + shift) + b = (W scale) x + (b + W shift) holds where every output sees the whole kernel. That is always so for
/// a matrix product, behind a flattening too. A convolution's zero padding lies behind the normalisation and would have to be -shift /
/// scale to come to the same, so that its padding must be 0. In a transposed convolution the number of taps that an output sees varies
/// with its place, so it takes none.
/// </remarks>
internal sealed class BatchNormalizationFolding(OnnxGraph graph, IReadOnlyCollection<OnnxValue> outputs)
{
    /// <summary>Folds what can be folded and returns how many that was.</summary>
    public int Run()
    {
        var folded = 0;
        foreach (var node in graph.Nodes.Where(node => node.OpType == "BatchNormalization").ToArray())
            if (ScaleAndShift(node) is var (scale, shift) && (FoldBackward(node, scale, shift) || FoldForward(node, scale, shift)))
            {
                graph.Nodes.Remove(node);
                folded++;
            }
        return folded;
    }

    private static (double[] Scale, double[] Shift)? ScaleAndShift(OnnxNode node)
    {
        if (!node.TryConstant(1, out _, out var weight) || !node.TryConstant(2, out _, out var bias) ||
            !node.TryConstant(3, out _, out var mean) || !node.TryConstant(4, out _, out var variance)) return null;
        double epsilon = node.Attribute("epsilon", 1e-5f);
        var scale = weight.Zip(variance, (w, v) => w / Math.Sqrt(v + epsilon)).ToArray();
        return (scale, bias.Select((b, i) => b - mean[i] * scale[i]).ToArray());
    }

    private bool FoldBackward(OnnxNode node, double[] scale, double[] shift)
    {
        var between = node.Inputs[0]!;
        var linear = graph.Nodes.FirstOrDefault(other => other.Outputs.Contains(between));
        if (linear is null || OnlyUse(between) != node || !TryWeights(linear, out var weight, out var weights, out var bias)) return false;

        // Which channel of the result an element of the weights makes: a transposed convolution's weights are [in, out / groups, ...].
        var (rows, columns) = (weight.Shape[0], weight.Shape[1]);
        var inner = weights.Length / (rows * columns);
        var inputsPerGroup = rows / linear.Attribute("group", 1L);
        long Channel(long i) => linear.OpType == "ConvTranspose"
            ? i / inner / columns / inputsPerGroup * columns + i / inner % columns
            : i / inner / columns;
        var newWeights = new float[weights.Length];
        for (long i = 0; i < weights.Length; i++) newWeights[i] = (float)(weights[i] * scale[Channel(i)]);
        var newBias = shift.Select((t, channel) => (float)(t + (bias is null ? 0 : bias[channel] * scale[channel]))).ToArray();
        SetWeights(linear, newWeights, newBias);
        linear.Outputs = node.Outputs;
        return true;
    }

    private bool FoldForward(OnnxNode node, double[] scale, double[] shift)
    {
        var next = OnlyUse(node.Outputs[0]);
        var head = next;
        if (next is { OpType: "Flatten" }) next = OnlyUse(next.Outputs[0]);
        if (next is null || !TryWeights(next, out var weight, out var weights, out var bias)) return false;
        if (next.Inputs[0] != (next == head ? node : head!).Outputs[0]) return false;
        if (next.OpType == "ConvTranspose" || next.Attribute<long[]>("pads", []).Any(size => size != 0)) return false;

        // Which channel of its input an element of the weights meets: a flattened picture has all of a channel's pixels together.
        var (rows, columns) = (weight.Shape[0], weight.Shape[1]);
        var inner = weights.Length / (rows * columns);
        var rowsPerGroup = rows / next.Attribute("group", 1L);
        var pixels = next == head ? 1 : columns / scale.Length;
        long Channel(long i) => next.OpType == "Gemm"
            ? i % columns / pixels
            : i / inner / columns / rowsPerGroup * columns + i / inner % columns;
        var newWeights = new float[weights.Length];
        var newBias = new double[rows];
        if (bias is not null) bias.CopyTo(newBias, 0);
        for (long i = 0; i < weights.Length; i++)
        {
            var channel = Channel(i);
            newWeights[i] = (float)(weights[i] * scale[channel]);
            newBias[i / inner / columns] += weights[i] * shift[channel];
        }
        SetWeights(next, newWeights, [.. newBias.Select(value => (float)value)]);
        head!.Inputs = [node.Inputs[0], .. head.Inputs[1..]];
        return true;
    }

    /// <summary>The one node that uses a value; null where there are more, or the value is an output of the model.</summary>
    private OnnxNode? OnlyUse(OnnxValue value)
    {
        if (outputs.Contains(value)) return null;
        var uses = graph.Nodes.SelectMany(node => node.Inputs.Where(input => input == value).Select(_ => node)).Take(2).ToArray();
        return uses.Length == 1 ? uses[0] : null;
    }

    private static bool TryWeights(OnnxNode node, out OnnxValue weight, out float[] weights, out float[]? bias)
    {
        bias = null;
        var known = node.TryConstant(1, out weight, out weights) && node.OpType switch
        {
            "Gemm" => node.Attribute("transB", 0L) == 1 && node.Attribute("transA", 0L) == 0 &&
                node.Attribute("alpha", 1f) == 1 && node.Attribute("beta", 1f) == 1,
            "Conv" or "ConvTranspose" => node.Attribute("auto_pad", "NOTSET") == "NOTSET",
            _ => false,
        };
        return known && (node.Inputs.Length < 3 || node.TryConstant(2, out _, out bias));
    }

    // New constants rather than changed ones: a module that is called twice shares its own.
    private void SetWeights(OnnxNode linear, float[] weights, float[] bias) => linear.Inputs =
    [
        linear.Inputs[0],
        graph.NewConstant("weight", linear.Inputs[1]!.Dimensions, weights, linear.Path),
        graph.NewConstant("bias", [bias.Length], bias, linear.Path),
    ];
}
