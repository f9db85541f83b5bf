namespace Microsoft.ML.Data;

/// <summary>Some rows of a view: those after the first few, and no more than so many. The rows after those are never touched.</summary>
internal sealed class SkipTakeView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, long skip, long take) : DerivedCursor(source, source)
    {
        private readonly DataViewRowCursor source = source;
        private long position = -1;
        private bool isOver;

        public override long Position => position;

        public override bool MoveNext()
        {
            for (var i = 0L; position < 0 && !isOver && i < skip; i++) isOver = !source.MoveNext();
            isOver = isOver || position + 1 >= take || !source.MoveNext();
            position = isOver ? -1 : position + 1;
            return !isOver;
        }
    }
}
