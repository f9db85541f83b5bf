namespace Microsoft.ML.Data;

/// <summary>A <see cref="RowMapping"/> as the interface that everybody knows: the input's columns, then those added.</summary>
internal sealed class RowMapper : IRowToRowMapper
{
    private readonly RowMapping mapping;

    internal RowMapper(DataViewSchema inputSchema, RowMapping mapping)
    {
        this.mapping = mapping;
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(mapping.Columns);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new SortedSet<int>();
        foreach (var column in dependingColumns)
        {
            if (column.Index < InputSchema.Count) needed.Add(column.Index);
            else needed.UnionWith(mapping.Inputs(column.Index - InputSchema.Count));
        }
        return [.. needed.Select(index => InputSchema[index])];
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        var active = new bool[mapping.Columns.Count];
        foreach (var column in activeColumns)
            if (column.Index >= InputSchema.Count) active[column.Index - InputSchema.Count] = true;
        var getters = mapping.Open(input, active, out var dispose);
        return new Row(input, OutputSchema, getters, dispose);
    }

    private sealed class Row(DataViewRow input, DataViewSchema schema, Delegate[] getters, Action dispose) : DerivedRow(input)
    {
        private readonly int inputs = schema.Count - getters.Length;
        private bool isDisposed;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index < inputs ? Input.IsColumnActive(Input.Schema[column.Index]) : getters[column.Index - inputs] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => column.Index < inputs
            ? Input.GetGetter<TValue>(Input.Schema[column.Index])
            : RowGetters.Cast<TValue>(getters[column.Index - inputs], column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isDisposed) dispose?.Invoke();
            isDisposed = true;
            base.Dispose(disposing);
        }
    }
}
