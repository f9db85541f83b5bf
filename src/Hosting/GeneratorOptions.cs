using GanPipeline.Inference;

namespace GanPipeline.Hosting;

/// <summary>Which generator a <see cref="GeneratorService"/> runs, and how. Can be bound to a section of a configuration.</summary>
public sealed class GeneratorOptions
{
    /// <summary>A generator in ONNX, as <c>generator.onnx</c>.</summary>
    public string ModelFile { get; set; } = "";

    /// <summary>
    /// The most images that enter the network at once, 1 to 65,536. Requests that wait at the same time share a batch; 1 runs each image
    /// alone.
    /// </summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>
    /// The most images that may wait or be computed, at least 1; who asks for more gets a <see cref="GeneratorBusyException"/>.
    /// </summary>
    public int QueueLimit { get; set; } = 1024;

    /// <summary>As <see cref="ModelOptions.Threads"/>.</summary>
    public int Threads { get; set; }

    /// <summary>As <see cref="ModelOptions.Spinning"/>, but off by default: what answers requests runs beside the network.</summary>
    public bool Spinning { get; set; }

    /// <summary>As <see cref="ModelOptions.Provider"/>.</summary>
    public ExecutionProvider? Provider { get; set; }

    /// <summary>As <see cref="ModelOptions.GpuDeviceId"/>.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>As <see cref="ModelOptions.FallbackToCpu"/>.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>As <see cref="ModelOptions.Truncation"/>.</summary>
    public float? Truncation { get; set; }

    /// <summary>As <see cref="ModelOptions.PixelRange"/>.</summary>
    public PixelRange? PixelRange { get; set; }

    /// <summary>What is wrong with the options, in sentences.</summary>
    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(ModelFile)) yield return $"{nameof(ModelFile)} names no generator.";
        if (BatchSize is < 1 or > 65_536) yield return $"{nameof(BatchSize)} is from 1 to 65,536; got {BatchSize}.";
        if (QueueLimit < 1) yield return $"{nameof(QueueLimit)} is at least 1; got {QueueLimit}.";
        if (Threads is < 0 or > 1024) yield return $"{nameof(Threads)} is from 0 to 1024; got {Threads}.";
        if (GpuDeviceId < 0) yield return $"{nameof(GpuDeviceId)} is at least 0; got {GpuDeviceId}.";
        if (Truncation is { } truncation && !(truncation >= Latents.SmallestTruncation))
            yield return $"{nameof(Truncation)} is at least {Latents.SmallestTruncation}; got {truncation}.";
    }

    internal ModelOptions Model() => new()
    {
        BatchSize = BatchSize,
        Threads = Threads,
        Spinning = Spinning,
        Provider = Provider,
        GpuDeviceId = GpuDeviceId,
        FallbackToCpu = FallbackToCpu,
        Truncation = Truncation,
        PixelRange = PixelRange,
    };
}
