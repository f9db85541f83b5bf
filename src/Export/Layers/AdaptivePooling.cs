namespace GanPipeline.Export;

/// <summary>
/// Pooling to a given number of windows over the axes after the second, for which ONNX has no operator. Window i of n over a size s
/// reaches from floor(i s / n) up to ceil((i + 1) s / n), as in Torch, so that windows may differ in size by one and overlap by one.
/// </summary>
internal static class AdaptivePooling
{
    public static OnnxValue Max(OnnxGraph graph, OnnxValue x, int axes, long[] output) =>
        Pool(graph, x, axes, output, "MaxPool", graph.ReduceMax);

    public static OnnxValue Average(OnnxGraph graph, OnnxValue x, int axes, long[] output) =>
        Pool(graph, x, axes, output, "AveragePool", graph.ReduceMean);

    private static OnnxValue Pool(
        OnnxGraph graph, OnnxValue x, int axes, long[] output, string pool, Func<OnnxValue, long[], OnnxValue> reduce)
    {
        Sizes.RequireAxes(graph, x, axes);
        output = Sizes.Each(output, axes, 1);
        var sizes = x.Dimensions[2..];
        if (sizes.Any(size => size < 0))
            return output.All(count => count == 1)
                ? reduce(x, [.. Enumerable.Range(2, axes).Select(axis => (long)axis)])
                : throw graph.Error($"pools {x} to [{string.Join(", ", output)}]; what has no fixed sizes is pooled to 1 alone");
        if (sizes.Zip(output).All(pair => pair.First % pair.Second == 0))
        {
            var window = sizes.Zip(output, (size, count) => size / count).ToArray();
            return window.All(size => size == 1) ? x : graph.Operator(pool, [x], [.. x.Dimensions[..2], .. output],
                ("kernel_shape", window), ("strides", window));
        }
        // Windows are boxes, so that the largest value, and the mean, may be taken along one axis after the other.
        for (var i = 0; i < axes; i++) x = Along(graph, x, i + 2, output[i], reduce);
        return x;
    }

    private static OnnxValue Along(OnnxGraph graph, OnnxValue x, int axis, long count, Func<OnnxValue, long[], OnnxValue> reduce)
    {
        var size = x.Shape[axis];
        if (count == size) return x;
        var windows = new OnnxValue[count];
        for (long i = 0; i < count; i++)
            windows[i] = reduce(graph.Slice(x, axis, i * size / count, ((i + 1) * size + count - 1) / count), [axis]);
        return graph.Concat(axis, windows);
    }
}
