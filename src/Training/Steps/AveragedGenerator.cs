using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// An exponential moving average of the generator over the steps (Karras et al. 2018, section 4), moving statistics included,
/// as a network of its own.
/// </summary>
internal sealed class AveragedGenerator : IDisposable
{
    private readonly Func<long, double> _decay;
    private readonly (Tensor[] Averages, Tensor[] Current) _numbers;
    private readonly (Tensor Copy, Tensor Current)[] _counters;
    private readonly Module<Tensor, Tensor> _network;

    /// <summary>The average of the networks' generator, on its device, beginning with its weights as they are.</summary>
    /// <param name="networks">Whose generator.</param>
    /// <param name="decay">What the past keeps in a step, of the number of steps done before it.</param>
    /// <exception cref="ArgumentException">The architecture is not one that the project can build a second time.</exception>
    public static AveragedGenerator Of(GanNetworks networks, Func<long, double> decay)
    {
        var second = Architectures.Create(networks.Options);
        second.Discriminator.Dispose();
        if (second.Generator is GrowingGenerator copy) copy.Growth = networks.Growth!;
        Devices.Move(second.Generator, networks.Generator.parameters().First().device);
        return new(networks.Generator, second.Generator, decay);
    }

    /// <param name="current">The generator in training.</param>
    /// <param name="copy">A generator of the same structure, which becomes the average.</param>
    /// <param name="decay">What the past keeps in a step, of the number of steps done before it.</param>
    public AveragedGenerator(Module<Tensor, Tensor> current, Module<Tensor, Tensor> copy, Func<long, double> decay)
    {
        _decay = decay;
        _network = copy;
        var state = current.state_dict();
        var pairs = copy.state_dict().Select(entry => (Copy: entry.Value, Current: state[entry.Key])).ToArray();
        using var untracked = no_grad();
        foreach (var (average, now) in pairs) average.copy_(now);
        var numbers = pairs.Where(pair => pair.Copy.is_floating_point()).ToArray();
        _numbers = ([.. numbers.Select(pair => pair.Copy)], [.. numbers.Select(pair => pair.Current)]);
        _counters = [.. pairs.Except(numbers)];
        foreach (var parameter in copy.parameters()) parameter.requires_grad = false;
    }

    public Module<Tensor, Tensor> Network => _network;

    /// <param name="number">Steps done before the one that it is to take in.</param>
    public void Update(long number)
    {
        using var untracked = no_grad();
        TorchScriptFunctions.Lerp(_numbers.Averages, _numbers.Current, 1 - _decay(number));
        foreach (var (copy, now) in _counters) copy.copy_(now);
    }

    public void Dispose() => _network.Dispose();
}
