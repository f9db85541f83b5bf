using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Two generators, of the second side from the first and of the first from the second. Of both sides behind each other they make both sides
/// again, each from the other: [N, A + B, H, W] to the same shape. Twice behind each other they lead back to where they began.
/// </summary>
internal sealed class CycleGenerators : Module<Tensor, Tensor>
{
    private readonly int _channels;

    /// <param name="forth">[N, A, H, W] to [N, B, H, W].</param>
    /// <param name="back">[N, B, H, W] to [N, A, H, W].</param>
    /// <param name="channels">A.</param>
    public CycleGenerators(Module<Tensor, Tensor> forth, Module<Tensor, Tensor> back, int channels) : base(nameof(CycleGenerators))
    {
        (Forth, Back, _channels) = (forth, back, channels);
        register_module("forth", forth);
        register_module("back", back);
    }

    public Module<Tensor, Tensor> Forth { get; }

    public Module<Tensor, Tensor> Back { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => cat(
        [Back.call(input.narrow(1, _channels, input.shape[1] - _channels)), Forth.call(input.narrow(1, 0, _channels))], 1);
}
