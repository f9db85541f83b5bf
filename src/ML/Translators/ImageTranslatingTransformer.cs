using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Adds translated images; see <see cref="ImageTranslatingEstimator"/>.</summary>
/// <remarks>Cursors that are open when it is disposed go on and free the model when they are disposed; new ones are refused.</remarks>
public sealed class ImageTranslatingTransformer : ITransformer, IDisposable
{
    private readonly BatchTransform _transform;
    private readonly TransformerChain<ITransformer>? _steps;

    internal ImageTranslatingTransformer(BatchTransform transform)
    {
        _transform = transform;
        InputColumnName = transform.InputColumnName;
    }

    /// <param name="transform">The translations of images.</param>
    /// <param name="pictureColumnName">The column of pictures that the images are made of.</param>
    /// <param name="before">Makes the images.</param>
    /// <param name="after">Takes them away.</param>
    internal ImageTranslatingTransformer(BatchTransform transform, string pictureColumnName, ITransformer before,
        ITransformer after)
    {
        _transform = transform;
        InputColumnName = pictureColumnName;
        _steps = new TransformerChain<ITransformer>(before, new ImageTranslatingTransformer(transform), after);
    }

    /// <summary>The column of translated images: vectors.</summary>
    public string OutputColumnName => _transform.OutputColumnName;

    /// <summary>The column of images: vectors, or pictures (<c>MLImage</c>).</summary>
    public string InputColumnName { get; }

    /// <summary>Values of a translated image.</summary>
    public int ImageSize => _transform.Model.Output.Size;

    /// <summary>Rows that enter the model at once.</summary>
    public int BatchSize => _transform.BatchSize;

    /// <summary>Whether rows are mapped one by one: true.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        _steps?.GetOutputSchema(inputSchema) ?? _transform.GetOutputSchema(inputSchema);

    /// <summary>A mapper of single rows, in batches of one.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        _steps is null ? _transform.GetRowToRowMapper(inputSchema) : ((ITransformer)_steps).GetRowToRowMapper(inputSchema);

    /// <summary>The view with the translations; none is made before a cursor asks for it.</summary>
    public IDataView Transform(IDataView input) => _steps?.Transform(input) ?? _transform.Transform(input);

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose()
    {
        if (_steps is null) _transform.Dispose();
        else _steps.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (_steps is null) _transform.Save(ctx);
        else ((ICanSaveModel)_steps).Save(ctx);
    }
}
