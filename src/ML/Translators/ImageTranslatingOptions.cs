using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How images are translated; see <see cref="Microsoft.ML.GanTransformsCatalog"/>.</summary>
public sealed record ImageTranslatingOptions
{
    /// <summary>The column to add: images, vectors of Single [C, H, W] in [-1, 1].</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>
    /// The column of images, vectors of Single [C, H, W] in [-1, 1], or pictures (<c>MLImage</c>) of any size; null takes the output
    /// column's name.
    /// </summary>
    public string? InputColumnName { get; init; }

    /// <summary>A model from images to images, as <c>translator.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>
    /// The content of an ONNX file, such as an embedded resource; empty reads <see cref="ModelFile"/>, which else is a name for errors.
    /// </summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>H of the images, for a model of free size; null takes that of the training.</summary>
    public int? Height { get; init; }

    /// <summary>W of the images, likewise.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// How the model is run: device (the context's where none is named), threads, range of its images, and how many rows enter it at once,
    /// which a cursor reads ahead and needs the memory of.
    /// </summary>
    public ModelOptions Model { get; init; } = new();
}
