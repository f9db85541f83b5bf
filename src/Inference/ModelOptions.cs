namespace GanPipeline.Inference;

/// <summary>How a model is run.</summary>
public sealed record ModelOptions
{
    /// <summary>Threads within an operator; 0 takes one for every physical core.</summary>
    public int Threads { get; init; }

    /// <summary>A CUDA device, or null for the CPU. Needs the application to bring ONNX Runtime's GPU build.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether a GPU that cannot be used means the CPU instead of an error.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>The most images that enter the network at once. Larger requests are cut; memory in use is that of one such batch.</summary>
    public int BatchSize { get; init; } = 64;

    internal ModelOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        if (GpuDeviceId is { } device) ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDeviceId));
        return this;
    }
}
