using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Internals;

/// <summary>A row of the input under the output's schema; the added column, where it is active, is computed for this row alone.</summary>
internal sealed class PassingRow : DataViewRow
{
    private readonly DataViewRow input;
    private readonly BatchMapper mapper;
    private readonly bool[] active;
    private readonly ModelLease? lease;
    private readonly ValueGetter<VBuffer<float>>? output;

    /// <param name="input">Disposed with this row.</param>
    /// <param name="mapper">Gives the schema and the columns.</param>
    /// <param name="active">By the output's columns.</param>
    /// <param name="lease">Disposed with this row; null where the added column is not active.</param>
    public PassingRow(DataViewRow input, BatchMapper mapper, bool[] active, ModelLease? lease)
    {
        this.input = input;
        this.mapper = mapper;
        this.active = active;
        this.lease = lease;
        if (lease is null) return;
        var source = input.GetGetter<VBuffer<float>>(input.Schema[mapper.InputColumn.Index]);
        var vector = default(VBuffer<float>);
        float[] from = new float[mapper.Model.Input.Size], to = new float[mapper.Model.Output.Size];
        output = (ref VBuffer<float> value) =>
        {
            source(ref vector);
            Rows.Stage(vector, from, mapper.InputColumn.Name);
            lease.Run(from, to);
            Rows.Copy(to, ref value);
        };
    }

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == mapper.OutputColumn.Index) return Rows.Cast<TValue>(output, column);
        return active[column.Index] ? input.GetGetter<TValue>(input.Schema[column.Index]) : Rows.Cast<TValue>(null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
            lease?.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>A cursor over the input's columns alone.</summary>
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
