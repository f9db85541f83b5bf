namespace GanPipeline.ML;

/// <summary>Adds generated images; see <see cref="ImageGeneratingEstimator"/>.</summary>
/// <inheritdoc cref="NetworkTransformer" path="/remarks"/>
public sealed class ImageGeneratingTransformer : NetworkTransformer
{
    internal ImageGeneratingTransformer(BatchTransform transform) : base(transform)
    {
    }

    /// <summary>The column of labels; null where the generator is not conditional.</summary>
    public string? LabelColumnName => Inner.LabelColumnName;

    /// <summary>Values of an image.</summary>
    public int ImageSize => Inner.Model.Output.Size;
}
