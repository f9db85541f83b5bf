using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Loss scaling (Micikevicius et al. 2018, section 3.2): the loss is multiplied before the backward pass, so that small gradients do not
/// become 0 in float16, and gradients are divided after it. The factor halves when a gradient is not finite, and that step changes no
/// weights; it doubles after 2,000 steps without one. All of it happens on the device, and no step waits.
/// </summary>
internal sealed class LossScale : IDisposable
{
    private const float First = 65_536;

    private readonly Tensor _factor;
    private readonly Tensor _cleanSteps;

    /// <param name="device">The networks'.</param>
    public LossScale(Device device)
    {
        _factor = full([], First, dtype: float32, device: device).DetachFromDisposeScope();
        _cleanSteps = zeros([], dtype: int32, device: device).DetachFromDisposeScope();
        Skips = zeros([], dtype: float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>1 after a step whose gradients were not finite, else 0; a scalar on the device.</summary>
    public Tensor Skips { get; }

    /// <summary>The factor, a scalar on the device. Below 1, scaling helps no more: the passes themselves overflow.</summary>
    public Tensor Factor => _factor;

    /// <summary>What a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => [("factor", _factor), ("clean-steps", _cleanSteps)];

    /// <summary>What the backward pass starts from.</summary>
    public Tensor Apply(Tensor loss) => loss * _factor;

    /// <summary>Divides gradients, in place, and takes note whether all are finite.</summary>
    public void Unscale(Tensor[] gradients) => TorchScriptFunctions.Unscale(gradients, Skips, _factor);

    /// <summary>Chooses the next step's factor.</summary>
    public void Update() => TorchScriptFunctions.UpdateScale(_factor, _cleanSteps, Skips);

    /// <summary>Frees its tensors.</summary>
    public void Dispose()
    {
        _factor.Dispose();
        _cleanSteps.Dispose();
        Skips.Dispose();
    }
}
