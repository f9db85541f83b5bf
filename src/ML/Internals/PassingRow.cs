using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Internals;

/// <summary>A row of the input under the output's schema: the input's columns, then one that is added.</summary>
internal sealed class PassingRow : DataViewRow
{
    private readonly DataViewRow input;
    private readonly bool[] active;
    private readonly Delegate? added;
    private readonly IDisposable? owned;

    /// <param name="input">Disposed with this row.</param>
    /// <param name="schema">The input's columns and the added one.</param>
    /// <param name="active">By the schema's columns.</param>
    /// <param name="added">The getter of the added column; null where it is not active.</param>
    /// <param name="owned">What the getter needs; disposed with this row.</param>
    public PassingRow(DataViewRow input, DataViewSchema schema, bool[] active, Delegate? added, IDisposable? owned = null)
    {
        this.input = input;
        this.active = active;
        this.added = added;
        this.owned = owned;
        Schema = schema;
    }

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == Schema.Count - 1) return Rows.Cast<TValue>(added, column);
        return active[column.Index] ? input.GetGetter<TValue>(input.Schema[column.Index]) : Rows.Cast<TValue>(null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
            owned?.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>A cursor that moves another and shows a row made of it.</summary>
internal sealed class PassingCursor(DataViewRowCursor source, PassingRow row) : DataViewRowCursor
{
    public override long Position => row.Position;

    public override long Batch => row.Batch;

    public override DataViewSchema Schema => row.Schema;

    public override bool MoveNext() => source.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) row.Dispose();
        base.Dispose(disposing);
    }
}
