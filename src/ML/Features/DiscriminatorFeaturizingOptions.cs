using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How a discriminator's features are extracted; see <see cref="Microsoft.ML.GanTransformsCatalog"/>.</summary>
public sealed record DiscriminatorFeaturizingOptions
{
    /// <summary>The column to add: a vector of Single of as many features as the model gives.</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>
    /// The column of images, vectors of Single [C, H, W] in [-1, 1], or pictures (<c>MLImage</c>) of any size; null takes the output
    /// column's name.
    /// </summary>
    public string? InputColumnName { get; init; }

    /// <summary>An ONNX file with the one input <c>image</c>, as <c>features.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>
    /// The content of an ONNX file, such as an embedded resource; empty reads <see cref="ModelFile"/>, which else is a name for errors.
    /// </summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>The model's output to read.</summary>
    public string ModelOutput { get; init; } = "features";

    /// <summary>
    /// How the model is run: device (the context's where none is named), threads, range of its images, and how many rows enter it at once,
    /// which a cursor reads ahead and needs the memory of.
    /// </summary>
    public ModelOptions Model { get; init; } = new();
}
