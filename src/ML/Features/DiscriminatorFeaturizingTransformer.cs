using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Adds a discriminator's features; see <see cref="DiscriminatorFeaturizingEstimator"/>.</summary>
/// <remarks>Cursors that are open when it is disposed go on and free the model when they are disposed; new ones are refused.</remarks>
public sealed class DiscriminatorFeaturizingTransformer : ITransformer, IDisposable
{
    private readonly BatchTransform _transform;

    internal DiscriminatorFeaturizingTransformer(BatchTransform transform) => _transform = transform;

    /// <summary>The column of features.</summary>
    public string OutputColumnName => _transform.OutputColumnName;

    /// <summary>The column of images.</summary>
    public string InputColumnName => _transform.InputColumnName;

    /// <summary>Values of a row's features.</summary>
    public int FeatureCount => _transform.Model.Output.Size;

    /// <summary>Rows that enter the model at once.</summary>
    public int BatchSize => _transform.BatchSize;

    internal BatchTransform Inner => _transform;

    /// <summary>Whether rows are mapped one by one: true.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _transform.GetOutputSchema(inputSchema);

    /// <summary>A mapper of single rows, in batches of one.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _transform.GetRowToRowMapper(inputSchema);

    /// <summary>The view with the features; nothing is computed before a cursor asks for them.</summary>
    public IDataView Transform(IDataView input) => _transform.Transform(input);

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose() => _transform.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => _transform.Save(ctx);
}
