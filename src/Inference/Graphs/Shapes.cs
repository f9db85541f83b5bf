namespace GanPipeline.Inference;

/// <summary>The shapes of an operator's outputs, by those of its inputs.</summary>
internal static class Shapes
{
    // Numbers longer than this are no shape.
    private const double MostContent = 1024;

    /// <summary>The outputs that are known: the first ones, or none.</summary>
    /// <exception cref="GraphProblemException">The operator would make no shape.</exception>
    public static KnownValue[] Of(Layer layer) => layer.Operator switch
    {
        "Conv" or "ConvInteger" => [Windows.Convolution(layer)],
        "QLinearConv" => [Windows.Convolution(layer, weights: 3)],
        "ConvTranspose" => [Windows.TransposedConvolution(layer)],
        "MaxPool" or "AveragePool" or "LpPool" => [Windows.Pooling(layer)],
        "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" => [Windows.GlobalPooling(layer)],
        "Pad" => [Windows.Padding(layer)],
        "Resize" or "Upsample" => [Windows.Resizing(layer)],
        "Gemm" => [Product(layer)],
        "MatMul" or "MatMulInteger" => [MatrixProduct(layer, 1)],
        "QLinearMatMul" => [MatrixProduct(layer, 3)],
        "Concat" => [Concatenation(layer)],
        "Transpose" => [Transposition(layer)],
        "Gather" => [Gathered(layer)],
        "Split" => Parts(layer),
        "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceProd" or "ReduceL2" or "ReduceL1" or "ReduceSumSquare" =>
            [Reduction(layer)],
        "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Min" or "Max" or "Sum" or "Mean" or "PRelu" or "Where" or "Equal" or "Greater"
            or "Less" or "GreaterOrEqual" or "LessOrEqual" or "And" or "Or" or "Mod" => [Elementwise(layer)],
        _ when Reshaping.Of(layer) is { } reshaped => [reshaped],
        "Identity" or "Cast" => [new KnownValue(layer.Dimensions(0), layer.Content(0))],
        _ when _same.Contains(layer.Operator) => [new KnownValue(layer.Dimensions(0))],
        _ => [],
    };

    private static readonly HashSet<string> _same =
    [
        "Abs", "BatchNormalization", "Ceil", "Celu", "Clip", "Cos", "DequantizeLinear", "Dropout", "Elu", "Erf", "Exp", "Floor",
        "Gelu", "GroupNormalization", "HardSigmoid", "HardSwish", "InstanceNormalization", "LRN", "LayerNormalization",
        "LeakyRelu", "Log", "LogSoftmax", "LpNormalization", "Mish", "Neg", "Not", "QuantizeLinear", "RandomNormalLike",
        "RandomUniformLike", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Softsign", "Sqrt",
        "Tanh", "ThresholdedRelu",
    ];

    /// <summary>One shape of two, as NumPy broadcasts them; null where one is not known, or they do not go together.</summary>
    public static long[]? Broadcast(long[]? a, long[]? b)
    {
        if (a is null || b is null) return null;
        if (a.Length < b.Length) (a, b) = (b, a);
        long[] shape = [.. a];
        for (int i = a.Length - b.Length, k = 0; k < b.Length; i++, k++)
        {
            if (a[i] != b[k] && a[i] != 1 && b[k] != 1) return null;
            shape[i] = a[i] == 1 ? b[k] : a[i];
        }
        return shape;
    }

    private static KnownValue Elementwise(Layer layer)
    {
        // Before version 7 an attribute said how shapes meet.
        if (layer.Opset < 7) return new KnownValue(layer.Dimensions(0));
        var shape = layer.Inputs == 0 ? null : layer.Dimensions(0);
        for (var i = 1; i < layer.Inputs; i++) shape = Broadcast(shape, layer.Dimensions(i));
        return new KnownValue(shape, Arithmetic(layer));
    }

    /// <summary>What becomes of a shape that a graph computes with.</summary>
    private static double[]? Arithmetic(Layer layer)
    {
        if (layer.Inputs != 2 || layer.Content(0) is not { } a || layer.Content(1) is not { } b) return null;
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1) return null;
        Func<double, double, double>? operation = layer.Operator switch
        {
            "Add" => (x, y) => x + y,
            "Sub" => (x, y) => x - y,
            "Mul" => (x, y) => x * y,
            "Min" => Math.Min,
            "Max" => Math.Max,
            _ => null,
        };
        if (operation is null) return null;
        var count = Math.Max(a.Length, b.Length);
        return [.. Enumerable.Range(0, count).Select(i => operation(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]))];
    }

    private static KnownValue Product(Layer layer)
    {
        if (layer.Dimensions(0) is not { Length: 2 } a || layer.Dimensions(1) is not { Length: 2 } b) return KnownValue.Unknown;
        return new KnownValue([layer.Int("transA", 0) != 0 ? a[1] : a[0], layer.Int("transB", 0) != 0 ? b[0] : b[1]]);
    }

    private static KnownValue MatrixProduct(Layer layer, int second)
    {
        if (layer.Dimensions(0) is not { Length: >= 2 } a || layer.Dimensions(second) is not { Length: >= 2 } b) return KnownValue.Unknown;
        return Broadcast(a[..^2], b[..^2]) is { } batch ? new KnownValue([.. batch, a[^2], b[^1]]) : KnownValue.Unknown;
    }

    private static KnownValue Concatenation(Layer layer)
    {
        double[]? content = [];
        for (var i = 0; i < layer.Inputs; i++)
            content = content is not null && layer.Content(i) is { } more && content.Length + more.Length <= MostContent
                ? [.. content, .. more] : null;
        if (layer.Dimensions(0) is not { } first) return new KnownValue(null, content);
        long[] shape = [.. first];
        var axis = layer.Axis(layer.Int("axis", 1), shape.Length);
        for (var i = 1; i < layer.Inputs; i++)
        {
            if (layer.Dimensions(i) is not { } other || other.Length != shape.Length) return KnownValue.Unknown;
            shape[axis] += other[axis];
        }
        return new KnownValue(shape, shape.Length == 1 ? content : null);
    }

    private static KnownValue Transposition(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        if (layer.Ints("perm") is not { } order) return new KnownValue([.. x.Reverse()]);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, x.Length).Select(i => (long)i)))
            throw layer.Problem($"orders the {x.Length} axes of its input as [{string.Join(", ", order)}].");
        return new KnownValue([.. order.Select(axis => x[axis])]);
    }

    private static KnownValue Gathered(Layer layer)
    {
        if (layer.Dimensions(0) is not { Length: > 0 } x || layer.Dimensions(1) is not { } indices) return KnownValue.Unknown;
        var axis = layer.Axis(layer.Int("axis", 0), x.Length);
        double[]? content = null;
        if (x.Length == 1 && layer.Content(0) is { } values && layer.Whole(1) is { } places && places.All(p => p >= -x[0] && p < x[0]))
            content = [.. places.Select(p => values[p < 0 ? p + x[0] : p])];
        return new KnownValue([.. x[..axis], .. indices, .. x[(axis + 1)..]], content);
    }

    private static KnownValue[] Parts(Layer layer)
    {
        var count = layer.Node.Output.Count;
        if (count == 0 || layer.Dimensions(0) is not { Length: > 0 } x) return [];
        var axis = layer.Axis(layer.Int("axis", 0), x.Length);
        var sizes = layer.Whole("split", 1) ?? [.. Enumerable.Repeat((x[axis] + count - 1) / count, count)];
        if (layer.Inputs > 1 && layer.Whole(1) is null) return [];
        return [.. sizes.Take(count).Select(size => new KnownValue([.. x[..axis], Math.Max(0, size), .. x[(axis + 1)..]]))];
    }

    private static KnownValue Reduction(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        var given = layer.Whole("axes", 1);
        if (given is null && layer.Inputs > 1) return KnownValue.Unknown;
        if (given is not { Length: > 0 } && layer.Int("noop_with_empty_axes", 0) != 0) return new KnownValue(x);
        HashSet<int> axes = [.. given is { Length: > 0 }
            ? given.Select(axis => layer.Axis(axis, x.Length)) : Enumerable.Range(0, x.Length)];
        var keep = layer.Int("keepdims", 1) != 0;
        return new KnownValue([.. x.Select((d, i) => axes.Contains(i) ? 1 : d).Where((_, i) => keep || !axes.Contains(i))]);
    }
}
