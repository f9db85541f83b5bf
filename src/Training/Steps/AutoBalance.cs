using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Slows the network that is ahead: its learning rate falls by a fifth every 50 steps while the discriminator is right on more than
/// 90 % of the real and of the generated images, or on 55 % of all of them or less, and grows back by a tenth otherwise. A step waits for
/// the device once in 50 steps alone.
/// </summary>
internal sealed class AutoBalance : IDisposable
{
    private const long Every = 50;
    private const double Certain = 0.9, Chance = 0.55, Slower = 0.8, Faster = 1.1, Least = 1.0 / 64;

    // Weights that halve every 70 steps.
    private const double Past = 0.99;

    private readonly double? _boundary;
    private readonly ProcessGroup _processes;

    // Smoothed accuracies on real and on generated images; the factors of the discriminator's and of the generator's learning rate.
    private readonly Tensor _state;
    private (double Discriminator, double Generator)? _factors;

    /// <param name="boundary">See <see cref="Objective.Boundary"/>; null is halfway between the means of both halves.</param>
    /// <param name="device">The networks' device.</param>
    /// <param name="processes">Those that train together, which are balanced alike.</param>
    public AutoBalance(double? boundary, Device device, ProcessGroup processes)
    {
        (_boundary, _processes) = (boundary, processes);
        _state = tensor([0.75f, 0.75f, 1, 1], device: device).DetachFromDisposeScope();
    }

    /// <summary>What a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => [("state", _state)];

    /// <summary>The factors of both learning rates for a step.</summary>
    /// <param name="number">Steps done before it.</param>
    public (double Discriminator, double Generator) Factors(long number)
    {
        if (_factors is { } known && number % Every != 0) return known;
        var values = _state.cpu().data<float>().ToArray();
        (double discriminator, double generator) = (values[2], values[3]);
        if (number > 0 && number % Every == 0)
        {
            var isCertain = values[0] > Certain && values[1] > Certain;
            var isFooled = (values[0] + values[1]) / 2 <= Chance;
            discriminator = Math.Clamp(discriminator * (isCertain ? Slower : Faster), Least, 1);
            generator = Math.Clamp(generator * (isFooled ? Slower : Faster), Least, 1);
            using var untracked = no_grad();
            using var factors = tensor([(float)discriminator, (float)generator], device: _state.device);
            _state.narrow(0, 2, 2).copy_(factors);
            // As the state says it, so that a resumed training has the same.
            (discriminator, generator) = ((float)discriminator, (float)generator);
        }
        _factors = (discriminator, generator);
        return _factors.Value;
    }

    /// <summary>Takes note of a step's outputs, [N, 1] each.</summary>
    public void Watch(Tensor real, Tensor generated)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var middle = _boundary is { } boundary ? full([], boundary, dtype: float32, device: real.device)
            : (real.mean() + generated.mean()) / 2;
        var right = stack([real.gt(middle).to(float32).mean(), generated.lt(middle).to(float32).mean()]);
        _processes.Sum(right);
        _state.narrow(0, 0, 2).mul_(Past).add_(right * ((1 - Past) / _processes.Size));
    }

    public void Dispose() => _state.Dispose();
}
