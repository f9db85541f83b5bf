using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What writes itself into a model file.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}

/// <summary>What turns one view into another.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether each row of the output depends on the same row of the input alone.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The columns of the output, by those of the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>What the transformer does to a single row, where <see cref="IsRowToRowMapper"/> holds.</summary>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);

    /// <summary>The output as a view, of which nothing is computed before a cursor asks.</summary>
    IDataView Transform(IDataView input);
}
