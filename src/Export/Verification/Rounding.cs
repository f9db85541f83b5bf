using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// Changes a network's parameters and buffers by a rounding or two, up to 2.4e-7 of each number, and back. The result of a computation
/// with roundings is the exact one of numbers that differ so (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 1.5),
/// so that this shows what roundings come to in the network's outputs.
/// </summary>
internal sealed class Rounding : IDisposable
{
    /// <summary>Four times half the distance of two numbers of float32.</summary>
    private const double Step = 2.4e-7;

    private readonly List<(Tensor Tensor, Tensor Before)> _changed = [];
    private readonly Generator _random = new(0);

    public Rounding(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in tensors.Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>())
        {
            if (!tensor.is_floating_point() || tensor.numel() == 0) continue;
            _changed.Add((tensor, tensor.detach().clone().DetachFromDisposeScope()));
            tensor.mul_(Factors(tensor));
        }
    }

    /// <summary>A tensor whose numbers differ so; whole numbers stay.</summary>
    public Tensor Of(Tensor tensor) => tensor.is_floating_point() ? tensor * Factors(tensor) : tensor;

    public void Dispose()
    {
        foreach (var (tensor, before) in _changed)
        {
            tensor.copy_(before);
            before.Dispose();
        }
        _random.Dispose();
    }

    private Tensor Factors(Tensor tensor) =>
        ((rand(tensor.shape, generator: _random) * 2 - 1) * Step + 1).to(tensor.dtype, tensor.device);
}
