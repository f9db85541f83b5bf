using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Fills the variable with the current row's value, in memory that the variable already has where possible.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A row, whose values are read through getters.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>The number of the row within this cursor, from 0; -1 where there is none yet.</summary>
    public abstract long Position { get; }

    /// <summary>The batch of the row, which orders the cursors of a set against each other.</summary>
    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    /// <summary>A getter of the row's identifier, which is the same from every cursor.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>A getter of the column's value. It may be fetched once, and called in every row.</summary>
    /// <typeparam name="TValue">The <see cref="DataViewType.RawType"/> of the column.</typeparam>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <summary>Whether the column can be read.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}

/// <summary>A row that moves on.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Moves to the next row; false where there is none.</summary>
    public abstract bool MoveNext();
}
