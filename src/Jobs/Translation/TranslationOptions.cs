using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>What a <see cref="TranslationJob"/> makes, and where.</summary>
public sealed record TranslationOptions
{
    /// <summary>A model from images to images, as <c>translator.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The folder for the pictures; all parts of a job may share one.</summary>
    public required string Folder { get; init; }

    /// <summary>Which pictures this process makes: every so many-th batch.</summary>
    public JobPart Part { get; init; } = JobPart.Whole;

    /// <summary>
    /// For pictures of their own sizes: the side of the tiles that they are cut into, see <see cref="TranslateOptions.TileSide"/>. Null
    /// translates them whole, which only a model of free size does.
    /// </summary>
    public int? TileSide { get; init; }

    /// <summary>Pixels in which tiles overlap, see <see cref="TranslateOptions.Overlap"/>.</summary>
    public int? Overlap { get; init; }

    /// <summary>
    /// How the model is run. The batch size belongs to the job: ONNX Runtime rounds batches of other sizes otherwise, and then a byte of a
    /// picture may differ.
    /// </summary>
    public ModelOptions Model { get; init; } = new();
}
