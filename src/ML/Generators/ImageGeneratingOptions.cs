using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How images are generated from a column of latents; see <see cref="Microsoft.ML.GanTransformsCatalog"/>.</summary>
public sealed record ImageGeneratingOptions
{
    /// <summary>The column to add: images, vectors of Single [C, H, W] in [-1, 1].</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>The column of latents, vectors of Single; null takes the output column's name.</summary>
    public string? InputColumnName { get; init; }

    /// <summary>
    /// The column of labels, vectors of Single as <see cref="LabelLayout"/> makes them, where the generator is
    /// conditional; else null. Of a key column, <c>MapKeyToVector</c> makes the labels of a single categorical field.
    /// </summary>
    public string? LabelColumnName { get; init; }

    /// <summary>A generator, as <c>generator.onnx</c>: input <c>latent</c>, output <c>image</c> or <c>pixels</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Rows that enter the model at once, and that a cursor reads ahead; memory is that of one such batch a cursor.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The range of the model's images where its metadata do not say; see <see cref="ModelOptions.PixelRange"/>.</summary>
    public PixelRange? PixelRange { get; init; }

    /// <summary>A CUDA device, or null for the CPU. Needs the application to bring ONNX Runtime's GPU build.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether a GPU that cannot be used means the CPU instead of an error.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>Threads within an operator; null takes one for every physical core.</summary>
    public int? IntraOpNumThreads { get; init; }
}
