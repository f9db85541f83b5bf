using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Internals;

/// <summary>
/// A cursor that reads a batch of rows ahead, runs the model once on all of them when the first of their outputs is asked for, and serves
/// them row by row. Of the source's columns those that are active are kept for the batch, and no others.
/// </summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor source;
    private readonly BatchMapper mapper;
    private readonly ModelLease lease;
    private readonly bool[] active;
    private readonly ColumnBuffer?[] columns;
    private readonly StagingBuffer inputs;
    private readonly StagingBuffer? labels;
    private readonly float[] outputs;
    private readonly DataViewRowId[] ids;
    private readonly long[] batches;
    private readonly ValueGetter<DataViewRowId> sourceId;
    private readonly ValueGetter<VBuffer<float>> output;
    private ExceptionDispatchInfo? pending;
    private bool exhausted, computed, disposed;
    private int filled, at = -1;
    private long position = -1;

    public BatchCursor(DataViewRowCursor source, BatchMapper mapper, bool[] active, ModelLease lease, int batchSize)
    {
        this.source = source;
        this.mapper = mapper;
        this.active = active;
        this.lease = lease;
        int outputSize = mapper.Model.Output.Size;
        outputs = new float[checked(batchSize * outputSize)];
        ids = new DataViewRowId[batchSize];
        batches = new long[batchSize];
        sourceId = source.GetIdGetter();
        (inputs, labels) = mapper.Stage(source, batchSize, Current);
        columns = [.. source.Schema.Select(column => column.Index == mapper.InputColumns[0].Index ? inputs
            : mapper.InputColumns.Count > 1 && column.Index == mapper.InputColumns[1].Index ? labels
            : active[column.Index] ? ColumnBuffer.Create(source, column, batchSize, Current) : null)];
        output = (ref VBuffer<float> value) =>
        {
            int row = Current();
            Compute();
            Rows.Copy(outputs.AsSpan(row * outputSize, outputSize), ref value);
        };
    }

    public override long Position => position;

    public override long Batch => at < 0 ? 0 : batches[at];

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext()
    {
        if (disposed) return false;
        if (at + 1 == filled)
        {
            Fill();
            if (filled == 0)
            {
                at = -1;
                position = -1;
                return false;
            }
        }
        at++;
        position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate? getter = !active[column.Index] ? null : column.Index == mapper.OutputColumn.Index ? output : columns[column.Index]!.Getter;
        return Rows.Cast<TValue>(getter, column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = ids[Current()];

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            at = -1;
            filled = 0;
            source.Dispose();
            lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Current() => at >= 0 ? at : throw Rows.NotAtRow();

    /// <summary>Reads the next rows. An error in one of them waits until those before it are served.</summary>
    private void Fill()
    {
        filled = 0;
        at = -1;
        computed = false;
        pending?.Throw();
        while (!exhausted && filled < ids.Length)
        {
            try
            {
                if (!source.MoveNext())
                {
                    exhausted = true;
                    return;
                }
                foreach (ColumnBuffer? column in columns) column?.Read(filled);
                sourceId(ref ids[filled]);
                batches[filled] = source.Batch;
                filled++;
            }
            catch (Exception e)
            {
                pending = ExceptionDispatchInfo.Capture(e);
                if (filled > 0) return;
                throw;
            }
        }
    }

    private void Compute()
    {
        if (computed) return;
        lease.Run(inputs.Filled(filled), labels is null ? [] : labels.Filled(filled), outputs.AsSpan(0, filled * mapper.Model.Output.Size));
        computed = true;
    }
}
