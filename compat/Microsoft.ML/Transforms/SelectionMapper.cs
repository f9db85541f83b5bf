namespace Microsoft.ML.Data;

/// <summary>Some of the columns of a row.</summary>
internal sealed class SelectionMapper : IRowToRowMapper
{
    private readonly DataViewSchema.Column[] columns;

    internal SelectionMapper(DataViewSchema inputSchema, DataViewSchema.Column[] columns)
    {
        this.columns = columns;
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        [.. dependingColumns.Select(column => columns[column.Index]).DistinctBy(column => column.Index)];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(input ?? throw new ArgumentNullException(nameof(input)), OutputSchema, columns);

    private sealed class Row(DataViewRow input, DataViewSchema schema, DataViewSchema.Column[] columns) : DerivedRow(input)
    {
        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(Source(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(Source(column));

        private DataViewSchema.Column Source(DataViewSchema.Column column) => Input.Schema[columns[column.Index].Index];
    }
}
