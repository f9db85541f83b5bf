using GanPipeline.Inference;
using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Adds the images that a translator, such as the generator of Pix2Pix or CycleGAN, makes of images, in batches.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Known-sized vector of <xref:System.Single>, [C, H, W] in [-1, 1]; or <xref:Microsoft.ML.Data.MLImage> |
/// | Output column data type | Known-sized vector of <xref:System.Single>: an image [channels, height, width] in [-1, 1] |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.OnnxTransformer, and Microsoft.ML.OnnxRuntime (or .Gpu) |
/// | Saved as | OnnxTransformer, with the model's weights; of pictures a chain with ResizeImages and ExtractPixels before it |
/// ]]></format>
/// Pictures (<c>MLImage</c>) are brought to the model's form as by <see cref="DiscriminatorFeaturizingEstimator"/>. A model of free size
/// has one here: that of the training, or the options'. ML.NET's <c>ConvertToImage</c> makes pictures of the added column. The model is
/// opened when the estimator is made and held in memory: its file is not needed afterwards. All transformers and cursors share one session.
/// </remarks>
public sealed class ImageTranslatingEstimator : IEstimator<ImageTranslatingTransformer>
{
    private readonly ImageTransform _transform;

    internal ImageTranslatingEstimator(TransformsCatalog catalog, ImageTranslatingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        var model = ContextSettings.Of(catalog).Apply(options.Model);
        _transform = new ImageTransform(catalog, TransformKind.OfTranslations, Open(options, model), options.OutputColumnName,
            options.InputColumnName ?? options.OutputColumnName, model.BatchSize);
    }

    /// <summary>The transformer; no row is read. Where it cannot be saved, a line in the context's log says why.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not of the model's size.</exception>
    public ImageTranslatingTransformer Fit(IDataView input) => _transform.Fit(input,
        transform => new ImageTranslatingTransformer(transform),
        (transform, pictures, before, after) => new ImageTranslatingTransformer(transform, pictures, before, after));

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _transform.GetOutputSchema(inputSchema);

    private static SharedModel Open(ImageTranslatingOptions options, ModelOptions model)
    {
        var kind = TransformKind.OfTranslations;
        var sized = TranslatorModel.AtSize(options.ModelFile, options.ModelBytes, options.Height, options.Width, model);
        return sized is null ? kind.Open(options.ModelFile, options.ModelBytes, model)
            // It has this project's form, and range, already.
            : kind.Open(options.ModelFile, sized, model with { PixelRange = null });
    }
}
