using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Adds a discriminator's features; see <see cref="DiscriminatorFeaturizingEstimator"/>.</summary>
/// <inheritdoc cref="NetworkTransformer" path="/remarks"/>
public sealed class DiscriminatorFeaturizingTransformer : NetworkTransformer
{
    internal DiscriminatorFeaturizingTransformer(BatchTransform transform) : base(transform)
    {
    }

    internal DiscriminatorFeaturizingTransformer(
        BatchTransform transform, string pictureColumnName, ITransformer before, ITransformer after)
        : base(new DiscriminatorFeaturizingTransformer(transform), pictureColumnName, before, after)
    {
    }

    /// <summary>Values of a row's features.</summary>
    public int FeatureCount => Inner.Model.Output.Size;
}
