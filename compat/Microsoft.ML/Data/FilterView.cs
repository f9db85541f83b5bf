namespace Microsoft.ML.Data;

/// <summary>The rows of a view for which a predicate holds.</summary>
/// <param name="source">The view.</param>
/// <param name="columns">The columns that the predicate reads.</param>
/// <param name="predicate">Given a row or cursor, the function that says whether its current row stays.</param>
internal sealed class FilterView(IDataView source, DataViewSchema.Column[] columns, Func<DataViewRow, Func<bool>> predicate) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded.Concat(columns), rand), predicate);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [.. source.GetRowCursorSet(columnsNeeded.Concat(columns), n, rand).Select(cursor => new Cursor(cursor, predicate))];

    private sealed class Cursor(DataViewRowCursor source, Func<DataViewRow, Func<bool>> predicate) : DerivedCursor(source, source)
    {
        private readonly DataViewRowCursor source = source;
        private readonly Func<bool> stays = predicate(source);
        private long position = -1;

        public override long Position => position;

        public override bool MoveNext()
        {
            while (source.MoveNext())
            {
                if (!stays()) continue;
                position++;
                return true;
            }
            position = -1;
            return false;
        }
    }
}
