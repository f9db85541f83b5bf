using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How a discriminator's features are extracted; see <see cref="Microsoft.ML.GanTransformsCatalog"/>.</summary>
public sealed record DiscriminatorFeaturizingOptions
{
    /// <summary>The column to add: a vector of Single of as many features as the model gives.</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>The column of images, vectors of Single [C, H, W] in [-1, 1]; null takes the output column's name.</summary>
    public string? InputColumnName { get; init; }

    /// <summary>An ONNX file with the one input <c>image</c>, as <c>features.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The model's output to read.</summary>
    public string ModelOutput { get; init; } = "features";

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
