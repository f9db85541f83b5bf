namespace Microsoft.ML;

/// <summary>
/// Rows under a schema, computed when asked for: the data do not change, and every cursor gives the same rows. Any number of
/// cursors may be open, on different threads.
/// </summary>
public interface IDataView
{
    /// <summary>Whether a cursor that is given a random source takes the rows in a random order.</summary>
    bool CanShuffle { get; }

    DataViewSchema Schema { get; }

    /// <summary>The number of rows where it is known without counting, else null.</summary>
    long? GetRowCount();

    /// <summary>A cursor over all rows, in which at least the given columns can be read.</summary>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    /// <summary>
    /// One or more cursors, about <paramref name="n"/>, which share the rows among them, each for a thread of its own.
    /// Within a cursor <see cref="DataViewRow.Batch"/> never falls, and no batch is in two cursors: merging by batch restores the order.
    /// </summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}
