using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A mapper that adds one column, made of others, behind those of the input.</summary>
internal abstract class AddedColumnMapper : IRowToRowMapper
{
    protected AddedColumnMapper(DataViewSchema inputSchema, IReadOnlyList<DataViewSchema.Column> inputColumns, string outputColumnName,
        DataViewType outputType, DataViewSchema.Annotations? annotations = null)
    {
        InputSchema = inputSchema;
        InputColumns = inputColumns;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(outputColumnName, outputType, annotations);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IReadOnlyList<DataViewSchema.Column> InputColumns { get; }

    public DataViewSchema.Column OutputColumn => OutputSchema[InputSchema.Count];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Needed(Rows.Active(OutputSchema, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Passing(input, Rows.Active(OutputSchema, activeColumns));
    }

    /// <summary>The input's columns that a cursor over the output needs.</summary>
    public virtual IEnumerable<DataViewSchema.Column> Needed(bool[] active) =>
        InputSchema.Where(column => active[column.Index] || (active[OutputColumn.Index] && IsInput(column)));

    /// <summary>A cursor over the input's cursor, which becomes its own.</summary>
    public virtual DataViewRowCursor GetCursor(DataViewRowCursor input, bool[] active) => new PassingCursor(input, Passing(input, active));

    /// <summary>How many rows there are, by how many the input has.</summary>
    public virtual long? GetRowCount(long? input) => input;

    /// <summary>The added column's getter over a row of the input, and what it needs until the row is disposed.</summary>
    protected abstract (Delegate Getter, IDisposable? Owned) Open(DataViewRow input);

    protected bool IsInput(DataViewSchema.Column column) => InputColumns.Any(input => input.Index == column.Index);

    private PassingRow Passing(DataViewRow input, bool[] active)
    {
        var (getter, owned) = active[OutputColumn.Index] ? Open(input) : (null, null);
        return new PassingRow(input, OutputSchema, active, getter, owned);
    }
}

/// <summary>A view with a column added by a mapper.</summary>
internal sealed class AddedColumnView(IDataView source, AddedColumnMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => mapper.GetRowCount(source.GetRowCount());

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        return Over(source.GetRowCursor(mapper.Needed(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        return [.. source.GetRowCursorSet(mapper.Needed(active), n, rand).Select(cursor => Over(cursor, active))];
    }

    private DataViewRowCursor Over(DataViewRowCursor cursor, bool[] active)
    {
        try
        {
            return mapper.GetCursor(cursor, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
