namespace Microsoft.ML.Data;

/// <summary>An object as a row; setting another one moves it on.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow where TRow : class
{
    private readonly CurrentRow<TRow> current = new();
    private readonly Delegate[] getters;
    private long position = -1;

    internal ObjectRow(RowBinding<TRow> binding)
    {
        Schema = binding.Schema;
        getters = binding.Readers(current, _ => true);
    }

    public override long Position => position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    internal void Set(TRow value)
    {
        current.Value = value;
        position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowGetters.Cast<TValue>(getters[column.Index], column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)position, 0);
}
