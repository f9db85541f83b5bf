using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>The rows of a view whose images a network accepts: rejection by score.</summary>
/// <remarks>
/// Every cursor scores the rows that it reads, in batches, and leaves out those that are not accepted, whatever columns are asked for.
/// Cursors that are open when the view is disposed go on and free the model when they are disposed; new ones are refused.
/// </remarks>
public sealed class AcceptedView : IDataView, IDisposable
{
    private readonly IDataView _scored;
    private readonly BatchTransform _transform;
    private readonly Acceptance _acceptance;
    private long _seen, _accepted;

    internal AcceptedView(IDataView input, BatchTransform transform, Acceptance acceptance)
    {
        _transform = transform;
        _acceptance = acceptance;
        _scored = transform.Transform(input);
        Schema = input.Schema;
    }

    /// <summary>The columns of the view that is filtered.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>Whether the view that is filtered can be shuffled.</summary>
    public bool CanShuffle => _scored.CanShuffle;

    /// <summary>The rows that all cursors so far looked at.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>Those of them that were accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Null: how many rows are accepted is known when they are read.</summary>
    public long? GetRowCount() => null;

    /// <summary>A cursor over the rows that are accepted.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        return Over(_scored.GetRowCursor(Needed(active), rand), active);
    }

    /// <summary>Cursors that share the rows.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        return [.. _scored.GetRowCursorSet(Needed(active), n, rand).Select(cursor => Over(cursor, active))];
    }

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose() => _transform.Dispose();

    internal void Count(bool accepted)
    {
        Interlocked.Increment(ref _seen);
        if (accepted) Interlocked.Increment(ref _accepted);
    }

    private DataViewSchema.Column[] Needed(bool[] active)
    {
        var needed = _acceptance.Columns.Select(column => column.Index).ToHashSet();
        return [.. _scored.Schema.Where(column => column.Index == Schema.Count || active[column.Index] || needed.Contains(column.Index))];
    }

    private AcceptedCursor Over(DataViewRowCursor cursor, bool[] active)
    {
        try
        {
            return new AcceptedCursor(this, cursor, active, _acceptance.Open(cursor, cursor.Schema[Schema.Count]));
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
