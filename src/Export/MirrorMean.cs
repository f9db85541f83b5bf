using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// The mean of what a network makes of an image [N, C, H, W] and of its mirror image, left for right. Both go through it in one batch of
/// 2N, so that its weights are in the file once.
/// </summary>
internal static class MirrorMean
{
    public static Tensor Of(Tensor image, Func<Tensor, Tensor> network)
    {
        var both = stack([image, image.flip(3)], 1).flatten(0, 1);
        var result = network(both);
        return result.reshape(image.shape[0], 2, result.shape[1]).mean([1]);
    }
}
