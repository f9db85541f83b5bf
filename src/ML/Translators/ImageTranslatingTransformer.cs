using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Adds translated images; see <see cref="ImageTranslatingEstimator"/>.</summary>
/// <inheritdoc cref="NetworkTransformer" path="/remarks"/>
public sealed class ImageTranslatingTransformer : NetworkTransformer
{
    internal ImageTranslatingTransformer(BatchTransform transform) : base(transform)
    {
    }

    internal ImageTranslatingTransformer(BatchTransform transform, string pictureColumnName, ITransformer before, ITransformer after)
        : base(new ImageTranslatingTransformer(transform), pictureColumnName, before, after)
    {
    }

    /// <summary>Values of a translated image.</summary>
    public int ImageSize => Inner.Model.Output.Size;
}
