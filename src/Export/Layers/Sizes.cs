namespace GanPipeline.Export;

/// <summary>Settings and sizes that convolutions and poolings share.</summary>
internal static class Sizes
{
    /// <summary>A setting for each spatial axis, where the module holds one for all, one for each, or none.</summary>
    public static long[] Each(long[]? setting, int axes, long otherwise) => setting switch
    {
        null or [] => Repeat(otherwise, axes),
        [var one] => Repeat(one, axes),
        _ => setting,
    };

    public static long[] Repeat(long value, int count)
    {
        var values = new long[count];
        Array.Fill(values, value);
        return values;
    }

    /// <summary>What comes of a size; one that is not fixed stays so.</summary>
    public static long Then(long size, Func<long, long> next) => size < 0 ? OnnxGraph.Dynamic : next(size);

    /// <summary>How many steps a window makes over an axis, its margins included.</summary>
    public static long Windows(long size, long kernel, long stride, long dilation) => (size - dilation * (kernel - 1) - 1) / stride + 1;

    /// <summary>An exception unless the value has a batch, channels and as many further axes as the module works on.</summary>
    public static void RequireAxes(OnnxGraph graph, OnnxValue x, int spatial)
    {
        if (x.Rank != spatial + 2)
            throw graph.Error($"takes [N, channels{string.Concat(Enumerable.Repeat(", size", spatial))}] and is given {x}");
    }

    /// <summary>An exception unless axis 1 has the size that the module was made for.</summary>
    public static void RequireChannels(OnnxGraph graph, OnnxValue x, long channels)
    {
        if (x.Rank < 2 || x.Shape[1] != channels) throw graph.Error($"takes {channels} channels and is given {x}");
    }
}
