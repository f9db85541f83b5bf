using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A row of the input under the output's schema: the input's columns, then one that is added.</summary>
internal sealed class PassingRow : DataViewRow
{
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate? _added;
    private readonly IDisposable? _owned;

    /// <param name="input">Disposed with this row.</param>
    /// <param name="schema">The input's columns and the added one.</param>
    /// <param name="active">By the schema's columns.</param>
    /// <param name="added">The getter of the added column; null where it is not active.</param>
    /// <param name="owned">What the getter needs; disposed with this row.</param>
    public PassingRow(DataViewRow input, DataViewSchema schema, bool[] active, Delegate? added, IDisposable? owned = null)
    {
        _input = input;
        _active = active;
        _added = added;
        _owned = owned;
        Schema = schema;
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == Schema.Count - 1) return Rows.Cast<TValue>(_added, column);
        return _active[column.Index] ? _input.GetGetter<TValue>(_input.Schema[column.Index]) : Rows.Cast<TValue>(null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
            _owned?.Dispose();
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
