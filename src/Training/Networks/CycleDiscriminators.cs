using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Two discriminators, one of each side: [N, A + B, H, W] to the first one's logits and the second one's, [N, P].</summary>
internal sealed class CycleDiscriminators : Module<Tensor, Tensor>
{
    private readonly int _channels;

    /// <param name="first">Of images [N, A, H, W].</param>
    /// <param name="second">Of images [N, B, H, W].</param>
    /// <param name="channels">A.</param>
    public CycleDiscriminators(Module<Tensor, Tensor> first, Module<Tensor, Tensor> second, int channels)
        : base(nameof(CycleDiscriminators))
    {
        (First, Second, _channels) = (first, second, channels);
        register_module("first", first);
        register_module("second", second);
    }

    public Module<Tensor, Tensor> First { get; }

    public Module<Tensor, Tensor> Second { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => cat(
        [First.call(input.narrow(1, 0, _channels)), Second.call(input.narrow(1, _channels, input.shape[1] - _channels))], 1);
}
