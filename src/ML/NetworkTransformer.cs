using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What the transformers share that add a column which a network computes, in batches.</summary>
/// <remarks>Cursors that are open when it is disposed go on and free the model when they are disposed; new ones are refused.</remarks>
public abstract class NetworkTransformer : ITransformer, IDisposable
{
    private readonly TransformerChain<ITransformer>? _steps;

    private protected NetworkTransformer(BatchTransform inner)
    {
        Inner = inner;
        InputColumnName = inner.InputColumnName;
    }

    /// <param name="ofImages">One of the same kind that takes the vectors.</param>
    /// <param name="pictureColumnName">The column of pictures that the images are made of.</param>
    /// <param name="before">Makes the images.</param>
    /// <param name="after">Takes them away.</param>
    private protected NetworkTransformer(
        NetworkTransformer ofImages, string pictureColumnName, ITransformer before, ITransformer after)
    {
        Inner = ofImages.Inner;
        InputColumnName = pictureColumnName;
        _steps = new TransformerChain<ITransformer>(before, ofImages, after);
    }

    /// <summary>The column that is added: vectors.</summary>
    public string OutputColumnName => Inner.OutputColumnName;

    /// <summary>The column that the network takes: vectors; or pictures (<c>MLImage</c>), of a network that takes images.</summary>
    public string InputColumnName { get; }

    /// <summary>Rows that enter the model at once.</summary>
    public int BatchSize => Inner.BatchSize;

    /// <summary>Whether rows are mapped one by one: true.</summary>
    public bool IsRowToRowMapper => true;

    internal BatchTransform Inner { get; }

    /// <summary>From pictures: ML.NET's transformers, and one of this kind that takes vectors. Null where this is it.</summary>
    internal IEnumerable<ITransformer>? Steps => _steps;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        _steps?.GetOutputSchema(inputSchema) ?? Inner.GetOutputSchema(inputSchema);

    /// <summary>A mapper of single rows, in batches of one.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        _steps is null ? Inner.GetRowToRowMapper(inputSchema) : ((ITransformer)_steps).GetRowToRowMapper(inputSchema);

    /// <summary>The view with the added column; nothing is computed before a cursor asks for it.</summary>
    public IDataView Transform(IDataView input) => _steps?.Transform(input) ?? Inner.Transform(input);

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose()
    {
        if (_steps is null) Inner.Dispose();
        else _steps.Dispose();
        GC.SuppressFinalize(this);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (_steps is null) Inner.Save(ctx);
        else ((ICanSaveModel)_steps).Save(ctx);
    }
}
