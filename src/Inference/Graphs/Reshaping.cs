namespace GanPipeline.Inference;

/// <summary>Shapes that a graph names itself: reshaping, repeating, filling, cutting.</summary>
internal static class Reshaping
{
    /// <summary>The first output of such an operator; null for others.</summary>
    /// <exception cref="GraphProblemException">It would make no shape.</exception>
    public static KnownValue? Of(Layer layer) => layer.Operator switch
    {
        "Constant" => Constant(layer),
        "ConstantOfShape" => Named(layer, layer.Whole(0)),
        "RandomNormal" or "RandomUniform" => Named(layer, layer.Ints("shape") ?? []),
        "Reshape" => Reshaped(layer),
        "Flatten" => Flattened(layer),
        "Squeeze" => Squeezed(layer),
        "Unsqueeze" => Unsqueezed(layer),
        "Shape" => Shape(layer),
        "Expand" => new KnownValue(Shapes.Broadcast(layer.Dimensions(0), Named(layer, layer.Whole(1)).Dimensions)),
        "Tile" => Repeated(layer),
        "OneHot" => OneHot(layer),
        "Range" => Counted(layer),
        "Slice" => Cut(layer),
        "DepthToSpace" => Moved(layer, layer.Int("blocksize", 0), toSpace: true),
        "SpaceToDepth" => Moved(layer, layer.Int("blocksize", 0), toSpace: false),
        _ => null,
    };

    private static KnownValue Constant(Layer layer)
    {
        if (layer.Attribute("value")?.T is { } tensor) return new KnownValue([.. tensor.Dims], TensorValues.Read(tensor));
        if (layer.Attribute("value_ints") is { } ints) return new KnownValue([ints.Ints.Count], [.. ints.Ints.Select(i => (double)i)]);
        if (layer.Attribute("value_int") is { } one) return new KnownValue([], [one.I]);
        if (layer.Floats("value_floats") is { } floats) return new KnownValue([floats.Length], floats);
        return layer.Attribute("value_float") is { } number ? new KnownValue([], [number.F]) : KnownValue.Unknown;
    }

    private static KnownValue Named(Layer layer, long[]? shape) => shape is null ? KnownValue.Unknown
        : shape.All(d => d >= 0) ? new KnownValue(shape) : throw layer.Problem($"would make [{string.Join(", ", shape)}].");

    private static KnownValue Reshaped(Layer layer)
    {
        if (layer.Whole("shape", 1) is not { } asked) return KnownValue.Unknown;
        if (asked.Any(d => d < -1) || asked.Count(d => d == -1) > 1) throw layer.Problem($"would make [{string.Join(", ", asked)}].");
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        long[] shape = [.. asked];
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] != 0 || layer.Int("allowzero", 0) != 0) continue;
            shape[i] = i < x.Length ? x[i] : throw layer.Problem($"takes axis {i} of [{string.Join(", ", x)}].");
        }
        double have = TensorValues.Elements(x), named = TensorValues.Elements(shape.Where(d => d != -1));
        var open = Array.IndexOf(shape, -1);
        // With a batch of one image in a shape made for another batch, the numbers need not fit.
        if (open >= 0) shape[open] = named > 0 ? (long)Math.Min(have / named, 1L << 53) : 0;
        else if (named > have && named > int.MaxValue)
            throw layer.Problem($"makes [{string.Join(", ", shape)}] of [{string.Join(", ", x)}].");
        return new KnownValue(shape, layer.Content(0));
    }

    private static KnownValue Flattened(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        var axis = layer.Int("axis", 1);
        var front = (int)Math.Clamp(axis < 0 ? axis + x.Length : axis, 0, x.Length);
        return new KnownValue([Whole(x[..front]), Whole(x[front..])]);

        static long Whole(long[] part) => (long)Math.Min(TensorValues.Elements(part), 1L << 53);
    }

    private static KnownValue Squeezed(Layer layer)
    {
        // Without axes, which ones go depends on the batch.
        if (layer.Dimensions(0) is not { } x || layer.Whole("axes", 1) is not { } given) return new KnownValue(null, layer.Content(0));
        HashSet<int> axes = [.. given.Select(axis => layer.Axis(axis, x.Length))];
        return new KnownValue([.. x.Where((_, i) => !axes.Contains(i))], layer.Content(0));
    }

    private static KnownValue Unsqueezed(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x || layer.Whole("axes", 1) is not { } axes) return new KnownValue(null, layer.Content(0));
        var shape = x.ToList();
        foreach (var axis in axes.Select(a => layer.Axis(a, x.Length + axes.Length)).Order())
            shape.Insert(Math.Min(axis, shape.Count), 1);
        return new KnownValue([.. shape], layer.Content(0));
    }

    private static KnownValue Shape(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        long start = layer.Int("start", 0), end = layer.Int("end", x.Length);
        int from = (int)Math.Clamp(start < 0 ? start + x.Length : start, 0, x.Length),
            to = (int)Math.Clamp(end < 0 ? end + x.Length : end, from, x.Length);
        return new KnownValue([to - from], [.. x[from..to].Select(d => (double)d)]);
    }

    private static KnownValue Repeated(Layer layer)
    {
        if (layer.Whole(1) is not { } repeats || layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        if (repeats.Length != x.Length || repeats.Any(r => r < 0))
            throw layer.Problem($"repeats [{string.Join(", ", x)}] by [{string.Join(", ", repeats)}].");
        return new KnownValue([.. x.Zip(repeats, (d, r) => (long)Math.Min((double)d * r, 1L << 53))]);
    }

    private static KnownValue OneHot(Layer layer)
    {
        if (layer.Whole(1) is not [var depth]) return KnownValue.Unknown;
        if (depth < 1) throw layer.Problem($"has a depth of {depth}.");
        if (layer.Dimensions(0) is not { } x) return KnownValue.Unknown;
        var axis = layer.Axis(layer.Int("axis", -1), x.Length + 1);
        return new KnownValue([.. x[..axis], depth, .. x[axis..]]);
    }

    private static KnownValue Counted(Layer layer)
    {
        if (layer.Content(0) is not [var start] || layer.Content(1) is not [var limit] || layer.Content(2) is not [var step])
            return KnownValue.Unknown;
        var count = Math.Ceiling((limit - start) / step);
        if (!(Math.Abs(count) <= 1L << 53)) throw layer.Problem($"counts from {start} to {limit} in steps of {step}.");
        return new KnownValue([Math.Max(0, (long)count)]);
    }

    private static KnownValue Cut(Layer layer)
    {
        if (layer.Dimensions(0) is not { } x || layer.Whole("starts", 1) is not { } starts || layer.Whole("ends", 2) is not { } ends)
            return KnownValue.Unknown;
        var axes = layer.Whole("axes", 3);
        var steps = layer.Opset < 10 ? null : layer.Whole(4);
        if (layer.Opset >= 10 && ((axes is null && Given(layer, 3)) || (steps is null && Given(layer, 4)))) return KnownValue.Unknown;
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        steps ??= [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length || steps.Contains(0))
        {
            throw layer.Problem(
                $"has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes and the steps [{string.Join(", ", steps)}].");
        }
        long[] shape = [.. x];
        var content = x.Length == 1 ? layer.Content(0) : null;
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = layer.Axis(axes[i], x.Length);
            var (d, up) = (x[axis], steps[i] > 0);
            var start = Math.Clamp(starts[i] < 0 ? starts[i] + d : starts[i], up ? 0 : -1, up ? d : d - 1);
            var end = Math.Clamp(ends[i] < 0 ? ends[i] + d : ends[i], up ? 0 : -1, up ? d : d - 1);
            var count = Math.Max(0, (long)Math.Ceiling((end - start) / (double)steps[i]));
            shape[axis] = count;
            content = content is null ? null : [.. Enumerable.Range(0, (int)count).Select(k => content[start + k * steps[i]])];
        }
        return new KnownValue(shape, content);
    }

    private static bool Given(Layer layer, int input) => input < layer.Inputs && layer.Node.Input[input].Length > 0;

    private static KnownValue Moved(Layer layer, long block, bool toSpace)
    {
        if (block < 1) throw layer.Problem($"has the block size {block}.");
        if (layer.Dimensions(0) is not { Length: 4 } x) return KnownValue.Unknown;
        return new KnownValue(toSpace ? [x[0], x[1] / (block * block), x[2] * block, x[3] * block]
            : [x[0], x[1] * block * block, x[2] / block, x[3] / block]);
    }
}
