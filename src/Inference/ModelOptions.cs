using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>How a model is run: device, threads, batch size.</summary>
public sealed record ModelOptions
{
    /// <summary>Threads within an operator; 0 means one for every physical core.</summary>
    public int Threads { get; init; }

    /// <summary>The index of a CUDA device, or null for the CPU. The application must reference ONNX Runtime's GPU package.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether to run on the CPU if the device of <see cref="GpuDeviceId"/> cannot be used. Otherwise that is an error.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>
    /// The most images that enter the network at once. Larger requests are split, so that memory is that of one such batch.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Changes the options of ONNX Runtime's session before it is created, after the properties above were applied. Adds another execution
    /// provider, such as DirectML, CoreML or TensorRT, or sets a session config entry. Called once for every session: a model
    /// that falls back to the CPU has two.
    /// </summary>
    /// <example><code>new ModelOptions { ConfigureSession = session => session.AppendExecutionProvider_DML(0) }</code></example>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    internal ModelOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        if (GpuDeviceId is { } device) ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDeviceId));
        return this;
    }
}
