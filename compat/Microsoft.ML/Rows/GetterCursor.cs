namespace Microsoft.ML.Data;

/// <summary>A cursor that has getters, one a column and null for those that are not active, and steps from row to row.</summary>
internal abstract class GetterCursor(DataViewSchema schema, Delegate[] getters) : DataViewRowCursor
{
    private long position = -1;
    private bool isOver;

    public sealed override long Position => position;

    public sealed override DataViewSchema Schema => schema;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => getters[column.Index] is not null;

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowGetters.Cast<TValue>(getters[column.Index], column);

    public sealed override bool MoveNext()
    {
        isOver = isOver || !Step();
        position = isOver ? -1 : position + 1;
        return !isOver;
    }

    /// <summary>Goes to the next row; false where there is none.</summary>
    private protected abstract bool Step();

    protected override void Dispose(bool disposing)
    {
        isOver = true;
        base.Dispose(disposing);
    }

    /// <summary>Which of a schema's columns are among those asked for.</summary>
    internal static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded) active[column.Index] = true;
        return active;
    }
}
