using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Batch normalisation over the batches of all processes that train together, as long as this is not disposed. Without it each process
/// normalises by its own part of the batch.
/// </summary>
internal sealed class SharedStatistics : IDisposable
{
    private readonly FastSequential[] _networks;

    private SharedStatistics(ProcessGroup processes, FastSequential[] networks)
    {
        _networks = networks;
        foreach (var network in networks) network.Processes = processes;
    }

    /// <summary>From here on, in training mode.</summary>
    public static SharedStatistics Over(ProcessGroup processes, GanNetworks networks) => new(processes, [.. Containers(networks)]);

    /// <exception cref="ArgumentException">A batch normalisation is not in a network that this project built.</exception>
    public static void Require(GanNetworks networks)
    {
        var reached = Containers(networks).SelectMany(network => network.children()).ToHashSet(ReferenceEqualityComparer.Instance);
        if (Modules(networks).Any(module => module is BatchNorm && !reached.Contains(module)))
            throw new ArgumentException("Batch normalisation can be synchronised only in networks that Architectures.Create built.");
    }

    /// <summary>One batch normalisation in training mode.</summary>
    /// <param name="norm">Its running statistics follow too.</param>
    /// <param name="x">This process's part of the batch, [N, C] or [N, C, H, W], as large as the others' parts.</param>
    /// <param name="processes">Those that train together.</param>
    /// <returns>Of the shape and type of <paramref name="x"/>.</returns>
    public static Tensor Normalize(BatchNorm norm, Tensor x, ProcessGroup processes)
    {
        using var scope = NewDisposeScope();
        var channels = x.shape[1];
        var values = x.to(float32);
        long[] dimensions = [0, .. Enumerable.Range(2, (int)x.dim() - 2).Select(dimension => (long)dimension)];
        var own = values.mean(dimensions);
        var spread = (values - Along(own)).square().mean(dimensions);
        // The mean of all; the variance within the parts, and that of the parts' means.
        var all = SummedTensor.Rows(cat([own, spread]), processes);
        var means = all.narrow(1, 0, channels);
        var mean = means.mean([0]);
        var variance = all.narrow(1, channels, channels).mean([0]) + (means - mean).square().mean([0]);
        Follow(norm, mean, variance, processes.Size * x.numel() / channels);
        var normalized = (values - Along(mean)) * Along((variance + norm.eps).rsqrt());
        if (norm.weight is { } weight) normalized = normalized * Along(weight) + Along(norm.bias!);
        return normalized.to(x.dtype).MoveToOuterDisposeScope();

        Tensor Along(Tensor vector) => x.dim() == 2 ? vector : vector.view([1, channels, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);
    }

    /// <summary>The running statistics take a share of these in.</summary>
    private static void Follow(BatchNorm norm, Tensor mean, Tensor variance, long count)
    {
        if (!norm.track_running_stats) return;
        using var untracked = no_grad();
        var momentum = norm.momentum ?? throw new ArgumentException("A batch normalisation without momentum cannot be synchronised.");
        norm.num_batches_tracked!.add_(1);
        norm.running_mean!.mul_(1 - momentum).add_(mean.detach() * momentum);
        norm.running_var!.mul_(1 - momentum).add_(variance.detach() * (momentum * count / (count - 1)));
    }

    private static IEnumerable<FastSequential> Containers(GanNetworks networks) => Modules(networks).OfType<FastSequential>();

    private static IEnumerable<Module> Modules(GanNetworks networks) => new[] { networks.Generator, networks.Discriminator }
        .SelectMany(network => network.modules().Prepend(network));

    public void Dispose()
    {
        foreach (var network in _networks) network.Processes = null;
    }
}
