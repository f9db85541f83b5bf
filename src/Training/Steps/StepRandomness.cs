using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The random numbers of each step. Latents are those that one process would draw first for the whole batch, and each process takes those
/// of its part. All other numbers, of dropout, noise and augmentation, are a process's own.
/// </summary>
/// <param name="options">The seed, and the whole batch's size.</param>
/// <param name="latentSize">Numbers in a latent.</param>
/// <param name="device">The networks'.</param>
/// <param name="processes">Those that train together.</param>
internal sealed class StepRandomness(TrainingOptions options, int latentSize, Device device, ProcessGroup processes) : IDisposable
{
    private Generator? _latents;

    /// <summary>Before a step.</summary>
    /// <param name="number">Steps done before it.</param>
    public void Begin(long number)
    {
        if (processes.Size == 1)
        {
            RandomSeeds.Use(options.Seed, number);
            return;
        }
        RandomSeeds.Use(options.Seed, number, processes.Rank);
        _latents?.Dispose();
        _latents = new Generator((ulong)RandomSeeds.Mix(options.Seed, number), device);
    }

    /// <summary>The latents of the process's part of the next batch, [N, latent size].</summary>
    public Tensor Latents()
    {
        if (processes.Size == 1) return randn(options.BatchSize, latentSize, device: device);
        var count = options.BatchSize / processes.Size;
        return randn([options.BatchSize, latentSize], device: device, generator: _latents).narrow(0, processes.Rank * count, count);
    }

    public void Dispose() => _latents?.Dispose();
}
