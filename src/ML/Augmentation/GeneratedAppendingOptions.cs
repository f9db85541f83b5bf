using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>Which generated images are added to real ones; see <see cref="Microsoft.ML.GanDataCatalog"/>.</summary>
public sealed record GeneratedAppendingOptions
{
    /// <summary>A generator, as <c>generator.onnx</c>, that makes images of the size of the real ones.</summary>
    public required string ModelFile { get; init; }

    /// <summary>
    /// The content of an ONNX file, such as an embedded resource; empty reads <see cref="ModelFile"/>, which else is a name for errors.
    /// </summary>
    public ReadOnlyMemory<byte> ModelBytes { get; init; }

    /// <summary>The column of images, known-size vectors of Single in [-1, 1].</summary>
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>The column of classes: a key with its values' names, or a text.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column that tells generated rows: a Boolean.</summary>
    public string GeneratedColumnName { get; init; } = "Generated";

    /// <summary>Images to generate of each class; 0 or more. Exactly one of this and <see cref="FillTo"/> is given.</summary>
    public int? PerClass { get; init; }

    /// <summary>
    /// Generates as many of each class as it lacks to have this many rows, real and generated; 0 takes the number of the largest class.
    /// The real labels are counted for it when the view is first read.
    /// </summary>
    public int? FillTo { get; init; }

    /// <summary>
    /// The classes to generate, by name; empty takes all real ones, each of which the generator must know. A generator that is not
    /// conditional needs exactly one, the name of what it makes.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// The field of a generator with several (<see cref="LabelLayout"/>) that is the class. The others are drawn by seed and index.
    /// </summary>
    public string ClassField { get; init; } = LabelField.Class;

    /// <summary>Decides the latents and the order of rows. Null takes the context's seed, or 0 where it has none.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether generated rows stand among the real ones, in an order by the seed; otherwise they follow them.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// How the model is run: device (the context's where none is named), threads, range of its images, and how many images are generated at
    /// once, whose memory a cursor needs.
    /// </summary>
    public ModelOptions Model { get; init; } = new();

    internal GeneratedAppendingOptions Checked()
    {
        ArgumentException.ThrowIfNullOrEmpty(ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(GeneratedColumnName);
        if (PerClass is null == FillTo is null)
            throw new ArgumentException($"Give either {nameof(PerClass)} or {nameof(FillTo)}.");
        ArgumentOutOfRangeException.ThrowIfNegative(PerClass ?? 0, nameof(PerClass));
        ArgumentOutOfRangeException.ThrowIfNegative(FillTo ?? 0, nameof(FillTo));
        return this;
    }
}
