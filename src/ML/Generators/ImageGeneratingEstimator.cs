using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Adds the images that a generator makes of latents, computed in batches.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Known-sized vector of <xref:System.Single>: a latent, standard normal |
/// | Output column data type | Known-sized vector of <xref:System.Single>: an image [channels, height, width] in [-1, 1] |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.OnnxTransformer, and Microsoft.ML.OnnxRuntime (or .Gpu) |
/// | Saved as | OnnxTransformer, with the model's weights |
/// ]]></format>
/// The model is opened when the estimator is made and held in memory: its file is not needed afterwards. All transformers and cursors share
/// one session.
/// </remarks>
public sealed class ImageGeneratingEstimator : IEstimator<ImageGeneratingTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly ImageGeneratingOptions _options;
    private readonly SharedModel _model;

    internal ImageGeneratingEstimator(TransformsCatalog catalog, ImageGeneratingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        _catalog = catalog;
        _options = options with { Model = ContextSettings.Of(catalog).Apply(options.Model) };
        _model = TransformKind.OfImages.Open(options.ModelFile, options.ModelBytes, _options.Model);
        if (_model.Label is { } label && options.LabelColumnName is null)
        {
            throw new ArgumentException($"'{options.ModelFile}' is conditional: it takes a label of {label} beside the latent; " +
                $"name the column of labels in {nameof(options.LabelColumnName)}.", nameof(options));
        }
        if (_model.Label is null && options.LabelColumnName is not null)
        {
            throw new ArgumentException($"'{options.ModelFile}' is not conditional: it takes no labels, as from the column " +
                $"'{options.LabelColumnName}'.", nameof(options));
        }
    }

    private string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;

    /// <summary>The transformer; no row is read. Where it cannot be saved, a line in the context's log says why.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or its latents or labels are not of the model's size.
    /// </exception>
    /// <exception cref="InvalidOperationException">The generator does not know the name of one of the label's keys.</exception>
    public ImageGeneratingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // Before the transform holds the model: a column that is missing is an error.
        var named = _options.LabelColumnName is { } label && BatchMapper.LabelNames(_model, input.Schema, label) is not null;
        var transform = new BatchTransform(_model, TransformKind.OfImages, _options.OutputColumnName, InputColumnName,
            _options.Model.BatchSize, _options.LabelColumnName)
        {
            HasNamedLabels = named,
        };
        try
        {
            transform.GetOutputSchema(input.Schema);
            transform.TellOfSaving(ContextSettings.Of(_catalog));
            return new ImageGeneratingTransformer(transform);
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
        // Of the label it is only asked whether it would do; names are looked at when there are some.
        if (_options.LabelColumnName is { } label
            && inputSchema.FirstOrDefault(column => column.Name == label) is not { IsKey: true } and not { ItemType: TextDataViewType })
            Schemas.VectorOfVector(_catalog, inputSchema, _options.OutputColumnName, label);
        return Schemas.VectorOfVector(_catalog, inputSchema, _options.OutputColumnName, InputColumnName);
    }
}
