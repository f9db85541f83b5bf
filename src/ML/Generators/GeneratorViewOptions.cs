using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>Which samples of a generator a view shows; see <see cref="Microsoft.ML.GanDataCatalog"/>.</summary>
public sealed record GeneratorViewOptions
{
    /// <summary>A generator, as <c>generator.onnx</c>: input <c>latent</c>, output <c>image</c> or <c>pixels</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>
    /// The content of an ONNX file, such as an embedded resource; empty reads <see cref="ModelFile"/>, which else is a name for errors.
    /// </summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>How many samples; null goes on for ever, to be cut by <c>TakeRows</c>.</summary>
    public long? Count { get; init; }

    /// <summary>
    /// Any number; sample i of a seed is the same image everywhere. Null takes the context's seed, or 0 where it has none.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>Index of the first sample: 1000 shows what <c>SkipRows(1000)</c> would, and counts no row before it.</summary>
    public long First { get; init; }

    /// <summary>The column of images, vectors of Single [C, H, W] in [-1, 1].</summary>
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>The column of latents, vectors of Single.</summary>
    public string LatentColumnName { get; init; } = "Latent";

    /// <summary>
    /// The column of labels, where the generator is conditional: of a single categorical field a key with the values' names, of others the
    /// label vector (see <see cref="LabelLayout"/>), its slots named.
    /// </summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// Whether labels are texts, as <see cref="LabelLayout.Parse"/> reads them: <c>7</c>, or <c>color=red, studs-wide=2</c>.
    /// </summary>
    public bool TextLabels { get; init; }

    /// <summary>
    /// What to ask a conditional generator for, as in <c>["7"]</c> or <c>["color=red, studs-wide=2"]</c>: sample i of n labels gets label i
    /// mod n. Empty: the values of a single field are taken in turn; several fields are drawn, by seed and index.
    /// </summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>
    /// How the model is run: device (the context's where none is named), threads, range of its images, and how many samples are generated
    /// at once, whose memory a cursor needs.
    /// </summary>
    public ModelOptions Model { get; init; } = new();
}
