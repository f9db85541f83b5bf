namespace GanPipeline.Export;

/// <summary>
/// Pooling to a given number of windows over the last two axes, for which ONNX has no operator. Window i of n over a size s reaches from
/// floor(i s / n) up to ceil((i + 1) s / n), as in Torch, so that windows may differ in size by one and overlap by one.
/// </summary>
internal static class AdaptivePooling
{
    public static OnnxValue Max(OnnxGraph graph, OnnxValue x, long[] output) => Pool(graph, x, output, "MaxPool", graph.ReduceMax);

    public static OnnxValue Average(OnnxGraph graph, OnnxValue x, long[] output) => Pool(graph, x, output, "AveragePool", graph.ReduceMean);

    private static OnnxValue Pool(OnnxGraph graph, OnnxValue x, long[] output, string pool, Func<OnnxValue, long[], OnnxValue> reduce)
    {
        Sizes.RequireAxes(graph, x, 2);
        output = Sizes.Each(output, 2, 1);
        var (height, width) = (x.Shape[2], x.Shape[3]);
        if (height % output[0] == 0 && width % output[1] == 0)
        {
            long[] window = [height / output[0], width / output[1]];
            return window is [1, 1] ? x : graph.Operator(pool, [x], [x.Shape[0], x.Shape[1], output[0], output[1]],
                ("kernel_shape", window), ("strides", window));
        }
        // Windows are rectangles of rows times columns, so that the largest value, and the mean, may be taken along one axis after the
        // other.
        return Along(graph, Along(graph, x, 2, output[0], reduce), 3, output[1], reduce);
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
