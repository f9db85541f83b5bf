using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>How a conditional discriminator gets an image [N, C, H, W] together with its label [N, K].</summary>
internal static class LabelJoin
{
    public static OnnxValue Describe(OnnxGraph graph, OnnxValue image, OnnxValue label, bool planes)
    {
        if (!planes) return graph.Concat(1, graph.Flatten(image), label);
        var maps = graph.Expand(graph.Reshape(label, label.Shape[1], 1, 1), image.Shape[2], image.Shape[3]);
        return graph.Concat(1, image, maps);
    }

    public static Tensor Compute(Tensor image, Tensor label, bool planes)
    {
        if (!planes) return cat([image.flatten(1), label], 1);
        var maps = label.reshape(label.shape[0], label.shape[1], 1, 1).expand(-1, -1, image.shape[2], image.shape[3]);
        return cat([image, maps], 1);
    }

    /// <summary>Planes of zeros, which say nothing of the image.</summary>
    public static OnnxValue DescribeZero(OnnxGraph graph, OnnxValue image, int planes) =>
        planes == 0 ? image : graph.Pad(image, [0, 0, 0], [planes, 0, 0]);

    public static Tensor ComputeZero(Tensor image, int planes) =>
        planes == 0 ? image : cat([image, zeros(image.shape[0], planes, image.shape[2], image.shape[3], device: image.device)], 1);
}
