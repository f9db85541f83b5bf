using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>How a model is run: device, threads, batch size; and which latents a generator draws.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// Threads within an operator; 0 means one for every physical core, or for every processor that the process may use where it may not
    /// use all of them, as in a container with a limit.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether the network's threads keep their processors busy for a moment when they have nothing to do, as ONNX Runtime does by default:
    /// the next operator then begins at once. Where other work runs beside the network, such as the encoding of pictures, it is the faster
    /// for it without.
    /// </summary>
    public bool Spinning { get; init; } = true;

    /// <summary>
    /// What runs the model. Null takes CUDA where <see cref="GpuDeviceId"/> names a device, and the CPU otherwise.
    /// </summary>
    public ExecutionProvider? Provider { get; init; }

    /// <summary>The index of the GPU, from 0. Null takes the first where <see cref="Provider"/> asks for one.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>
    /// Whether to run on the CPU if the provider or its device cannot be used; the model's <c>FallbackReason</c> then says why. Otherwise
    /// that is an error.
    /// </summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>
    /// The most images that enter the network at once. Larger requests are split, so that memory is that of one such batch.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// The most memory for what a network computes between its layers, in bytes: 2 GB. A model that needs more for one image is refused
    /// when it is opened, and batches are made so small that they need no more.
    /// </summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>
    /// The range of the model's images, where its metadata (<see cref="ModelMetadata.PixelRange"/>) do not say, or say what is wrong. Null
    /// takes what they say. Whatever a model's range, images are in [-1, 1] everywhere outside of it.
    /// </summary>
    public PixelRange? PixelRange { get; init; }

    /// <summary>
    /// A generator's latents have no value farther from 0 than this, at least <see cref="Latents.SmallestTruncation"/>; see
    /// <see cref="Latents.Truncated"/>. Null, the default, is the normal distribution that the generator was trained with. It holds for
    /// latents that are drawn by a seed, and not for those that a caller gives.
    /// </summary>
    public float? Truncation { get; init; }

    /// <summary>
    /// Decides what a translator with noise drops (<see cref="TranslatorModel.HasNoise"/>): the same in every image, so that an image has
    /// the same translation whatever others are translated beside it. Another seed gives others.
    /// </summary>
    public long NoiseSeed { get; init; }

    /// <summary>
    /// Changes the options of ONNX Runtime's session before it is created, after the properties above were applied. Adds an execution
    /// provider that <see cref="ExecutionProvider"/> does not name, such as OpenVINO, or sets a session config entry. Called once for every
    /// session: a model that falls back to the CPU, or that has another form than the project's, has two.
    /// </summary>
    /// <example><code>new ModelOptions { ConfigureSession = session => session.AppendExecutionProvider_OpenVINO("NPU") }</code></example>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Whether the model can be asked for its bytes; otherwise they are let go when it is open.</summary>
    internal bool KeepsBytes { get; init; }

    internal ModelOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MemoryLimit);
        if (Truncation is { } truncation && !(truncation >= Latents.SmallestTruncation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Truncation), truncation, $"A truncation is at least {Latents.SmallestTruncation}.");
        }
        if (GpuDeviceId is { } device) ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDeviceId));
        if (Provider is { } provider && !Enum.IsDefined(provider))
            throw new ArgumentOutOfRangeException(nameof(Provider), provider, "There is no such execution provider.");
        return this;
    }
}
