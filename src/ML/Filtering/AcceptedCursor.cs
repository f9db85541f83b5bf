using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A cursor that passes over rows that are not accepted.</summary>
/// <param name="view">Whose rows, and who counts them.</param>
/// <param name="source">A cursor over the rows with their scores.</param>
/// <param name="active">By the view's columns.</param>
/// <param name="accepts">Whether the source's current row is accepted.</param>
internal sealed class AcceptedCursor(AcceptedView view, DataViewRowCursor source, bool[] active, Func<bool> accepts) : DataViewRowCursor
{
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => source.Batch;

    public override DataViewSchema Schema => view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext()
    {
        while (source.MoveNext())
        {
            var accepted = accepts();
            view.Count(accepted);
            if (!accepted) continue;
            _position++;
            return true;
        }
        _position = -1;
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => active[column.Index]
        ? source.GetGetter<TValue>(source.Schema[column.Index])
        : Rows.Cast<TValue>(null, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }
}
