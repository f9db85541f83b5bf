namespace Microsoft.ML.Data;

/// <summary>Objects as rows: of a list in any order, of any other sequence in its own, enumerated anew by each cursor.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> data, RowBinding<TRow> binding) : IDataView where TRow : class
{
    private readonly IList<TRow> list = data as IList<TRow>;

    public bool CanShuffle => list is not null;

    public DataViewSchema Schema { get; } = binding.Schema;

    public long? GetRowCount() => list?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        Over(columnsNeeded, list is null ? Sequence() : FromList(RowOrder.Of(list.Count, rand)));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return list is null ? [GetRowCursor(needed, rand)]
            : [.. RowOrder.Split(list.Count, n, rand).Select(rows => Over(needed, FromList(rows)))];
    }

    private Cursor Over(IEnumerable<DataViewSchema.Column> needed, IEnumerable<Item> items)
    {
        var active = GetterCursor.Active(Schema, needed);
        var current = new CurrentRow<TRow>();
        return new(Schema, binding.Readers(current, i => active[i]), current, items.GetEnumerator());
    }

    private IEnumerable<Item> Sequence() => data.Select((row, index) => new Item(row, index, 0));

    private IEnumerable<Item> FromList(IEnumerable<(int Row, long Batch)> rows) =>
        rows.Select(row => new Item(list[row.Row], row.Row, row.Batch));

    private readonly record struct Item(TRow Row, int Index, long Batch);

    private sealed class Cursor(DataViewSchema schema, Delegate[] getters, CurrentRow<TRow> current, IEnumerator<Item> items)
        : GetterCursor(schema, getters)
    {
        public override long Batch => items.Current.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)items.Current.Index, 0);

        private protected override bool Step()
        {
            if (!items.MoveNext()) return false;
            current.Value = items.Current.Row ?? throw new InvalidOperationException($"Row {items.Current.Index} of the data is null");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) items.Dispose();
            base.Dispose(disposing);
        }
    }
}
