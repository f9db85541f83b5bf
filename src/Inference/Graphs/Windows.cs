using Onnx;

namespace GanPipeline.Inference;

/// <summary>Shapes of what slides a window over a picture: convolutions, pooling, padding, resizing.</summary>
internal static class Windows
{
    /// <summary>A convolution's output [N, M, ...].</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="weights">Which input its weights [M, C / group, ...] are.</param>
    public static KnownValue Convolution(Layer layer, int weights = 1)
    {
        if (layer.Dimensions(0) is not { } x || layer.Dimensions(weights) is not { } w) return KnownValue.Unknown;
        RequireSides(layer, x, w.Length);
        return new KnownValue([x[0], w[0], .. Sides(layer, x, layer.Ints("kernel_shape") ?? w[2..])]);
    }

    /// <summary>A transposed convolution's output [N, M, ...], of weights [C, M / group, ...].</summary>
    public static KnownValue TransposedConvolution(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x || layer.Dimensions(1) is not { } w) return KnownValue.Unknown;
        RequireSides(layer, x, w.Length);
        long[] shape = [x[0], w[1] * layer.Int("group", 1), .. x[2..]];
        var window = new Window(layer, x.Length - 2, layer.Ints("kernel_shape") ?? w[2..]);
        var padding = layer.Ints("output_padding");
        var given = layer.Ints("output_shape");
        for (var i = 0; i < x.Length - 2; i++)
        {
            shape[i + 2] = given is not null && given.Length >= x.Length - 2 ? given[given.Length - (x.Length - 2) + i]
                : window.Same ? x[i + 2] * window.Strides[i]
                : window.Strides[i] * (x[i + 2] - 1) + (padding is not null && i < padding.Length ? padding[i] : 0) + window.Reach(i)
                    - window.Padding(i);
            RequirePositive(layer, shape[i + 2]);
        }
        return new KnownValue(shape);
    }

    /// <summary>A pooling's output [N, C, ...].</summary>
    public static KnownValue Pooling(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x || layer.Ints("kernel_shape") is not { } kernel) return KnownValue.Unknown;
        RequireSides(layer, x, kernel.Length + 2);
        return new KnownValue([x[0], x[1], .. Sides(layer, x, kernel)]);
    }

    /// <summary>Of everything but the first two axes one number.</summary>
    public static KnownValue GlobalPooling(Layer layer) =>
        layer.Dimensions(0) is { Length: > 2 } x ? new KnownValue([x[0], x[1], .. x[2..].Select(_ => 1L)]) : KnownValue.Unknown;

    /// <summary>What is in front of each axis, then behind each.</summary>
    public static KnownValue Padding(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x || (layer.Ints("pads") ?? layer.Ints("paddings") ?? layer.Whole(1)) is not { } pads)
            return KnownValue.Unknown;
        if (layer.Inputs > 3 && layer.Node.Input[3].Length > 0 && layer.Whole(3) is null) return KnownValue.Unknown;
        var axes = layer.Whole(3) ?? [.. Enumerable.Range(0, x.Length).Select(i => (long)i)];
        if (pads.Length != 2 * axes.Length) throw layer.Problem($"has {pads.Length} paddings for {axes.Length} axes.");
        long[] shape = [.. x];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = layer.Axis(axes[i], x.Length);
            long before = pads[i], after = pads[i + axes.Length];
            shape[axis] += before + after;
            if (shape[axis] < 0 || Math.Min(before, after) < -x[axis])
                throw layer.Problem($"takes {-before} and {-after} of the {x[axis]} along axis {axis}.");
            if (layer.Text("mode", "constant") == "reflect" && Math.Max(before, after) >= Math.Max(1, x[axis]))
                throw layer.Problem($"reflects {Math.Max(before, after)} along axis {axis}, which has {x[axis]}.");
        }
        return new KnownValue(shape);
    }

    /// <summary>A picture of another size, by scales or by sides.</summary>
    public static KnownValue Resizing(Layer layer)
    {
        var upsample = layer.Operator == "Upsample" || layer.Opset < 11;
        var scales = layer.Floats("scales") ?? layer.Content(upsample ? 1 : 2);
        foreach (var scale in scales ?? []) AttributeLimits.CheckScale(layer.Node, scale);
        var sizes = upsample ? null : layer.Whole(3);
        if (layer.Dimensions(0) is not { } x || layer.Text("keep_aspect_ratio_policy", "stretch") != "stretch") return KnownValue.Unknown;
        var axes = layer.Ints("axes") ?? [.. Enumerable.Range(0, x.Length).Select(i => (long)i)];
        long[] shape = [.. x];
        if (scales is { Length: > 0 })
        {
            if (scales.Length != axes.Length) throw layer.Problem($"has {scales.Length} scales for {axes.Length} axes.");
            for (var i = 0; i < axes.Length; i++)
                shape[layer.Axis(axes[i], x.Length)] = (long)Math.Floor(x[layer.Axis(axes[i], x.Length)] * scales[i]);
        }
        else if (sizes is { Length: > 0 })
        {
            if (sizes.Length != axes.Length) throw layer.Problem($"has {sizes.Length} sizes for {axes.Length} axes.");
            for (var i = 0; i < axes.Length; i++)
            {
                RequirePositive(layer, sizes[i]);
                shape[layer.Axis(axes[i], x.Length)] = sizes[i];
            }
        }
        else
        {
            return KnownValue.Unknown;
        }
        return new KnownValue(shape);
    }

    /// <summary>Numbers that are needed beside inputs and outputs: a transposed convolution's products before they are added.</summary>
    public static double WorkingNumbers(NodeProto node, IReadOnlyList<KnownValue> inputs) =>
        node.OpType == "ConvTranspose" && inputs is [{ Dimensions: { Length: > 2 } x }, { Dimensions: { Length: > 2 } w }, ..]
            ? TensorValues.Elements(w[1..]) * TensorValues.Elements(x[2..]) : 0;

    private static IEnumerable<long> Sides(Layer layer, long[] x, long[] kernel)
    {
        var window = new Window(layer, x.Length - 2, kernel);
        var up = layer.Int("ceil_mode", 0) != 0;
        for (var i = 0; i < x.Length - 2; i++)
        {
            var stride = window.Strides[i];
            var steps = x[i + 2] + window.Padding(i) - window.Reach(i) + (up ? stride - 1 : 0);
            if (!window.Same && steps < 0)
            {
                throw layer.Problem($"has a window of {window.Reach(i)}, but {x[i + 2]} and {window.Padding(i)} of padding to slide it " +
                    "over.");
            }
            yield return window.Same ? (x[i + 2] + stride - 1) / stride : steps / stride + 1;
        }
    }

    private static void RequireSides(Layer layer, long[] x, int rank)
    {
        if (x.Length != rank || rank < 3)
            throw layer.Problem($"has a window of {rank - 2} sides, but its input is [{string.Join(", ", x)}].");
    }

    private static void RequirePositive(Layer layer, long side)
    {
        if (side < 1) throw layer.Problem($"would make a side of {side}.");
    }

    /// <summary>The attributes that all windows share.</summary>
    private sealed class Window
    {
        private readonly long[] _kernel, _dilations, _pads;

        public Window(Layer layer, int sides, long[] kernel)
        {
            _kernel = kernel;
            Strides = layer.Ints("strides") ?? Repeat(1, sides);
            _dilations = layer.Ints("dilations") ?? Repeat(1, sides);
            _pads = layer.Ints("pads") ?? Repeat(0, 2 * sides);
            Same = layer.Text("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER";
            if (layer.Text("auto_pad", "NOTSET") == "VALID") _pads = Repeat(0, 2 * sides);
            if (new[] { kernel, Strides, _dilations }.FirstOrDefault(values => values.Length != sides) is { } other)
                throw layer.Problem($"has {other.Length} kernel sides, strides or dilations, where {sides} are needed.");
            if (_pads.Length != 2 * sides) throw layer.Problem($"has {_pads.Length} pads, where {2 * sides} are needed.");
        }

        public bool Same { get; }

        public long[] Strides { get; }

        public long Reach(int side) => (_kernel[side] - 1) * _dilations[side] + 1;

        public long Padding(int side) => _pads[side] + _pads[side + _kernel.Length];

        private static long[] Repeat(long value, int count) => [.. Enumerable.Repeat(value, count)];
    }
}
