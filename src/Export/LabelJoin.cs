using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>How a conditional discriminator gets an image [N, C, H, W] together with its label [N, K].</summary>
internal static class LabelJoin
{
    public static Tensor Of(Tensor image, Tensor label, bool planes)
    {
        if (!planes) return cat([image.flatten(1), label], 1);
        var maps = label.reshape(label.shape[0], label.shape[1], 1, 1).expand(-1, -1, image.shape[2], image.shape[3]);
        return cat([image, maps], 1);
    }

    /// <summary>Planes of zeros, which say nothing of the image.</summary>
    public static Tensor OfZeros(Tensor image, int planes) =>
        planes == 0 ? image : nn.functional.pad(image, [0, 0, 0, 0, 0, planes]);
}
