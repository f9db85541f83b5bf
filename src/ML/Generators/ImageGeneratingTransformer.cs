using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Adds generated images; see <see cref="ImageGeneratingEstimator"/>.</summary>
/// <remarks>Cursors that are open when it is disposed go on and free the model when they are disposed; new ones are refused.</remarks>
public sealed class ImageGeneratingTransformer : ITransformer, IDisposable
{
    private readonly BatchTransform _transform;

    internal ImageGeneratingTransformer(BatchTransform transform) => _transform = transform;

    /// <summary>The column of images.</summary>
    public string OutputColumnName => _transform.OutputColumnName;

    /// <summary>The column of latents.</summary>
    public string InputColumnName => _transform.InputColumnName;

    /// <summary>The column of labels; null where the generator is not conditional.</summary>
    public string? LabelColumnName => _transform.LabelColumnName;

    /// <summary>Values of an image.</summary>
    public int ImageSize => _transform.Model.Output.Size;

    /// <summary>Rows that enter the model at once.</summary>
    public int BatchSize => _transform.BatchSize;

    /// <summary>Whether rows are mapped one by one: true.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transform.GetOutputSchema(inputSchema);

    /// <summary>A mapper of single rows, in batches of one.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _transform.GetRowToRowMapper(inputSchema);

    /// <summary>The view with the images; none is generated before a cursor asks for it.</summary>
    public IDataView Transform(IDataView input) => _transform.Transform(input);

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose() => _transform.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => _transform.Save(ctx);
}
