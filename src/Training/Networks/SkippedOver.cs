using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Layers whose input is added to what they make of it.</summary>
internal sealed class SkippedOver : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _layers;

    /// <param name="layers">They keep the shape.</param>
    public SkippedOver(Module<Tensor, Tensor> layers) : base(nameof(SkippedOver))
    {
        _layers = layers;
        register_module("layers", layers);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var change = _layers.call(input);
        return input + change;
    }
}
