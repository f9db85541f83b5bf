using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The generator of two stages of Ma et al. 2017: the first makes a coarse image of an image and a pose, and the second makes of the image
/// and the coarse one what is to be added to the latter. Gradients reach the second stage alone; the first is trained by itself, before.
/// </summary>
internal sealed class PoseGenerator : Module<Tensor, Tensor>
{
    private readonly int _channels;

    /// <param name="first">An image and the planes of a pose behind it, [N, C + P, H, W], to an image [N, C, H, W] in [-1, 1].</param>
    /// <param name="second">Two images behind each other, [N, 2 C, H, W], to what is added to the second one.</param>
    /// <param name="channels">C.</param>
    public PoseGenerator(Module<Tensor, Tensor> first, Module<Tensor, Tensor> second, int channels) : base(nameof(PoseGenerator))
    {
        (First, Second, _channels) = (first, second, channels);
        register_module("first", first);
        register_module("second", second);
    }

    public Module<Tensor, Tensor> First { get; }

    public Module<Tensor, Tensor> Second { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor coarse;
        using (no_grad()) coarse = First.call(input);
        return Refine(input, coarse);
    }

    /// <summary>The coarse image with what the second stage adds to it; in use limited to [-1, 1].</summary>
    /// <param name="input">What the coarse image was made of.</param>
    /// <param name="coarse">What the first stage made of it.</param>
    public Tensor Refine(Tensor input, Tensor coarse)
    {
        using var change = Second.call(cat([input.narrow(1, 0, _channels), coarse], 1));
        var image = coarse + change;
        // In training a value beyond the range must keep its gradient, which leads it back.
        return training ? image : image.clamp(-1, 1);
    }
}
