namespace Microsoft.ML.Data;

/// <summary>A view whose rows are those of another one, mapped.</summary>
internal sealed class MappedView(IDataView source, IRowToRowMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return Over(source.GetRowCursor(mapper.GetDependencies(needed), rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(mapper.GetDependencies(needed), n, rand).Select(cursor => Over(cursor, needed))];
    }

    private DerivedCursor Over(DataViewRowCursor cursor, DataViewSchema.Column[] needed)
    {
        try
        {
            return new DerivedCursor(cursor, mapper.GetRow(cursor, needed));
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
