using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Internals;

/// <summary>What a batch transform does under one input schema.</summary>
/// <param name="transform">Whose mapper it is.</param>
/// <param name="inputSchema">Where the input column must be, of the form that the model takes.</param>
internal sealed class BatchMapper(BatchTransform transform, DataViewSchema inputSchema) : AddedColumnMapper(
    inputSchema, Schemas.Input(inputSchema, transform.InputColumnName, transform.Model.Input, transform.Taker), transform.OutputColumnName, transform.Model.Output.Type)
{
    public SharedModel Model => transform.Model;

    /// <summary>A cursor that works in batches where the added column is wanted.</summary>
    public override DataViewRowCursor GetCursor(DataViewRowCursor input, bool[] active)
    {
        if (!active[OutputColumn.Index]) return base.GetCursor(input, active);
        ModelLease lease = transform.Lease();
        try
        {
            return new BatchCursor(input, this, active, lease, transform.BatchSize);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>A single row is a batch of one.</summary>
    protected override (Delegate Getter, IDisposable? Owned) Open(DataViewRow input)
    {
        var source = input.GetGetter<VBuffer<float>>(input.Schema[InputColumn.Index]);
        ModelLease lease = transform.Lease();
        var vector = default(VBuffer<float>);
        float[] from = new float[Model.Input.Size], to = new float[Model.Output.Size];
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            source(ref vector);
            Rows.Stage(vector, from, InputColumn.Name);
            lease.Run(from, to);
            Rows.Copy(to, ref value);
        };
        return (getter, lease);
    }
}
