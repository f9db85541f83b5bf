using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

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
        _model = Kind.Open(options.ModelFile, options.ModelBytes, _options.Model);
    }

    private TransformKind Kind { get; }

    private string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;

    /// <summary>The transformer; no row is read. Where it cannot be saved, a line in the context's log says why.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not of the model's size.</exception>
    public DiscriminatorFeaturizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var isPicture = Schemas.Input(input.Schema, InputColumnName).Type is ImageDataViewType;
        var images = isPicture ? ImagesName(input.Schema.Select(column => column.Name)) : InputColumnName;
        var transform = new BatchTransform(_model, Kind, _options.OutputColumnName, images, _options.Model.BatchSize);
        try
        {
            transform.TellOfSaving(ContextSettings.Of(_catalog));
            if (isPicture) return OfPictures(transform, input);
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
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!inputSchema.Any(column => column.Name == InputColumnName && column.ItemType is ImageDataViewType))
            return Schemas.VectorOfVector(_catalog, inputSchema, _options.OutputColumnName, InputColumnName);
        var images = ImagesName(inputSchema.Select(column => column.Name));
        var steps = Steps(images);
        return steps.After().GetOutputSchema(Schemas.VectorOfVector(
            _catalog, steps.Before().GetOutputSchema(inputSchema), _options.OutputColumnName, images));
    }

    private string ImagesName(IEnumerable<string> columns) => PictureSteps.NewName([.. columns], _options.OutputColumnName);

    private PictureSteps Steps(string images) => new(_catalog, InputColumnName, images, _model.Input);

    private DiscriminatorFeaturizingTransformer OfPictures(BatchTransform transform, IDataView input)
    {
        var steps = Steps(transform.InputColumnName);
        var before = steps.Before().Fit(input);
        return new DiscriminatorFeaturizingTransformer(
            transform, InputColumnName, before, steps.After().Fit(transform.Transform(before.Transform(input))));
    }
}
