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
    /// The column of labels where the generator is conditional; else null. Labels are vectors of Single as <see cref="LabelLayout"/> makes
    /// them; or keys with names, or texts, such as <c>7</c> or <c>color=red, studs-wide=2</c>, which must name a value for each field.
    /// A chain with keys or texts cannot be saved.
    /// </summary>
    public string? LabelColumnName { get; init; }

    /// <summary>A generator, as <c>generator.onnx</c>: input <c>latent</c>, output <c>image</c> or <c>pixels</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>
    /// The content of an ONNX file, such as an embedded resource; empty reads <see cref="ModelFile"/>, which else is a name for errors.
    /// </summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>
    /// How the model is run: device (the context's where none is named), threads, range of its images, and how many rows enter it at once,
    /// which a cursor reads ahead and needs the memory of.
    /// </summary>
    public ModelOptions Model { get; init; } = new();
}
