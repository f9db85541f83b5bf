namespace Microsoft.ML.Data;

/// <summary>A transformer of ML.NET's own that adds columns to each row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase() { }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mapper(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>What the transformer does under a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type: see <see cref="SchemaErrors"/>.</exception>
    private protected abstract RowMapping Map(DataViewSchema inputSchema);

    /// <summary>Writes the transformer: <see cref="ModelSaveContext.SetLoader{T}"/>, then entries.</summary>
    private protected abstract void SaveModel(ModelSaveContext ctx);

    private RowMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapper(inputSchema, Map(inputSchema));
    }
}

/// <summary>A transformer of which each output column is made of one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(params IReadOnlyList<InputOutputColumnPair> columns) => ColumnPairs = columns;

    private protected IReadOnlyList<InputOutputColumnPair> ColumnPairs { get; }

    private protected sealed override RowMapping Map(DataViewSchema inputSchema) =>
        new ColumnMapping([.. ColumnPairs.Select((pair, i) => MapColumn(i, inputSchema.Input(pair.InputColumnName)))]);

    /// <summary>The output of a pair of columns.</summary>
    private protected abstract MappedColumn MapColumn(int pair, DataViewSchema.Column input);
}
