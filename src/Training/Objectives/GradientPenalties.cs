using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// What the discriminator pays for its gradient towards the images it is given. They are scalars that can be differentiated again by its
/// parameters.
/// </summary>
internal static class GradientPenalties
{
    /// <summary>
    /// The gradient penalty (Gulrajani et al. 2017, equation 3) without its weight: the mean of (|gradient| - 1)² at points between a real
    /// and a generated image each, drawn uniformly.
    /// </summary>
    /// <param name="discriminate">The critic's outputs [N, 1], in float32, for images. It must not normalise over the batch, or an image's
    /// gradient were not its own.</param>
    /// <param name="real">[N, C, H, W], or [N, values].</param>
    /// <param name="generated">As many of the same shape.</param>
    public static Tensor Between(Func<Tensor, Tensor> discriminate, Tensor real, Tensor generated) => Between(discriminate, real, generated,
        rand([real.shape[0], .. Enumerable.Repeat(1L, (int)real.dim() - 1)], dtype: real.dtype, device: real.device));

    /// <summary>The same at given points between.</summary>
    /// <param name="discriminate">As for the other.</param>
    /// <param name="real">Likewise.</param>
    /// <param name="generated">Likewise.</param>
    /// <param name="share">[N, 1, 1, 1], or [N, 1]: how much of the real image each point has, 0 to 1.</param>
    public static Tensor Between(Func<Tensor, Tensor> discriminate, Tensor real, Tensor generated, Tensor share)
    {
        var between = lerp(generated.detach(), real.detach(), share).requires_grad_();
        var norms = linalg.vector_norm(Gradient(discriminate(between), between).flatten(1), 2, [1]);
        return (norms - 1).square().mean();
    }

    /// <summary>
    /// The mean squared norm of the gradient at images, which R1 and R2 (Mescheder, Geiger, Nowozin 2018, equations 9 and 10) halve.
    /// </summary>
    /// <param name="outputs">The discriminator's outputs for the images, [N, 1].</param>
    /// <param name="images">[N, C, H, W], which required a gradient when they were given to it.</param>
    public static Tensor At(Tensor outputs, Tensor images) => Gradient(outputs, images).square().sum() / images.shape[0];

    // In TorchSharp create_graph alone frees the graph.
    private static Tensor Gradient(Tensor outputs, Tensor images) =>
        autograd.grad([outputs.sum()], [images], retain_graph: true, create_graph: true)[0];
}
