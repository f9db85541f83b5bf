using GanPipeline.Data;
using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>Loads image files as the vectors that the networks take: decoded, made square, resized, and scaled as in training.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a PNG, JPEG, BMP, GIF, WebP or TIFF file |
/// | Output column data type | Known-sized vector of <xref:System.Single>: an image [channels, height, width] in [-1, 1] |
/// | Required NuGet in addition to Microsoft.ML | SixLabors.ImageSharp |
/// | Saved as | Not saved |
/// ]]></format>
/// </remarks>
public sealed class GanImageLoadingEstimator : IEstimator<GanImageLoadingTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly GanImageLoadingOptions _options;
    private readonly PictureReader _reader;

    internal GanImageLoadingEstimator(TransformsCatalog catalog, GanImageLoadingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        _catalog = catalog;
        var (size, channels) = options.ModelFile is { } model ? ModelImages.Of(model, options.ImageSize, options.Channels) : (64, 3);
        _options = options with { ImageSize = options.ImageSize ?? size, Channels = options.Channels ?? channels };
        _reader = new PictureReader(_options.ImageSize.Value, _options.Channels.Value, options.Fit, options.MaxPixels);
    }

    /// <summary>The transformer; no file is read. A line in the context's log says that it cannot be saved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or no text.</exception>
    public GanImageLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var context = ContextSettings.Of(_catalog);
        var transformer = new GanImageLoadingTransformer(_options, _reader, context);
        transformer.GetOutputSchema(input.Schema);
        context.Inform(transformer.SavingProblem);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        Schemas.VectorOfText(_catalog, inputSchema, _options.OutputColumnName, _options.InputColumnName ?? _options.OutputColumnName);
}
