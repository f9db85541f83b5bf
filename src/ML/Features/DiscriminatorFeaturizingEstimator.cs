using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Adds the features that a frozen discriminator sees in images, computed in batches.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Known-sized vector of <xref:System.Single>, [C, H, W] in [-1, 1]; or <xref:Microsoft.ML.Data.MLImage> |
/// | Output column data type | Known-sized vector of <xref:System.Single> |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.OnnxTransformer, and Microsoft.ML.OnnxRuntime (or .Gpu) |
/// | Saved as | OnnxTransformer, with the model's weights; of pictures a chain with ResizeImages and ExtractPixels before it |
/// ]]></format>
/// Pictures (<c>MLImage</c>) of any size are cut to the model's proportions around their middle, resized by ML.NET's <c>ResizeImages</c>,
/// made gray for a model of gray images, and scaled to [-1, 1]. <c>ResizeImages</c> makes a pixel of 16, however large the picture is:
/// photographs of many times the model's size are better read by <c>LoadFromImages</c> or <c>LoadGanImages</c>, which look at every pixel.
/// The features are those of Radford, Metz and Chintala 2016, section 5.1, where the model is a <c>features.onnx</c> of this project. The
/// model is opened when the estimator is made and held in memory: its file is not needed afterwards. All transformers and cursors share one
/// session.
/// </remarks>
public sealed class DiscriminatorFeaturizingEstimator : IEstimator<DiscriminatorFeaturizingTransformer>
{
    private readonly ImageTransform _transform;

    internal DiscriminatorFeaturizingEstimator(TransformsCatalog catalog, DiscriminatorFeaturizingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ModelOutput);
        var model = ContextSettings.Of(catalog).Apply(options.Model);
        var kind = TransformKind.OfFeatures(options.ModelOutput);
        _transform = new ImageTransform(catalog, kind, kind.Open(options.ModelFile, options.ModelBytes, model), options.OutputColumnName,
            options.InputColumnName ?? options.OutputColumnName, model.BatchSize);
    }

    /// <summary>The transformer; no row is read. Where it cannot be saved, a line in the context's log says why.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not of the model's size.</exception>
    public DiscriminatorFeaturizingTransformer Fit(IDataView input) => _transform.Fit(input,
        transform => new DiscriminatorFeaturizingTransformer(transform),
        (transform, pictures, before, after) => new DiscriminatorFeaturizingTransformer(transform, pictures, before, after));

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _transform.GetOutputSchema(inputSchema);
}
