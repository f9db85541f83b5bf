using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Adds the features that a frozen discriminator sees in images, computed in batches.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Known-sized vector of <xref:System.Single>: an image, channel by channel and row by row, values in [-1, 1] |
/// | Output column data type | Known-sized vector of <xref:System.Single> |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.OnnxTransformer, and Microsoft.ML.OnnxRuntime (or .Gpu) |
/// | Saved as | OnnxTransformer, with the model's weights |
/// ]]></format>
/// The features are those of Radford, Metz and Chintala 2016, section 5.1, where the model is a <c>features.onnx</c> of this project. The
/// model is opened when the estimator is made and held in memory: its file is not needed afterwards. All transformers and cursors share one
/// session.
/// </remarks>
public sealed class DiscriminatorFeaturizingEstimator : IEstimator<DiscriminatorFeaturizingTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly DiscriminatorFeaturizingOptions _options;
    private readonly SharedModel _model;

    internal DiscriminatorFeaturizingEstimator(TransformsCatalog catalog, DiscriminatorFeaturizingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ModelOutput);
        _catalog = catalog;
        _options = options with { Model = ContextSettings.Of(catalog).Apply(options.Model) };
        Kind = TransformKind.OfFeatures(options.ModelOutput);
        _model = Kind.Open(options.ModelFile, _options.Model);
    }

    private TransformKind Kind { get; }

    private string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;

    /// <summary>The transformer; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not of the model's size.</exception>
    public DiscriminatorFeaturizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transform = new BatchTransform(_model, Kind, _options.OutputColumnName, InputColumnName, _options.Model.BatchSize);
        try
        {
            transform.GetOutputSchema(input.Schema);
            return new DiscriminatorFeaturizingTransformer(transform);
        }
        catch
        {
            transform.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Schemas.VectorOfVector(_catalog, inputSchema, _options.OutputColumnName, InputColumnName);
}
