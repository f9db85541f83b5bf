using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What a batch transform does under one input schema.</summary>
/// <param name="transform">Whose mapper it is.</param>
/// <param name="inputSchema">Where the input columns must be, of the forms that the model takes.</param>
internal sealed class BatchMapper(BatchTransform transform, DataViewSchema inputSchema)
    : AddedColumnMapper(
        inputSchema, Inputs(transform, inputSchema), transform.OutputColumnName, transform.Model.Output.Type, transform.Model.Slots)
{
    public SharedModel Model => transform.Model;

    /// <summary>A cursor that works in batches where the added column is wanted.</summary>
    public override DataViewRowCursor GetCursor(DataViewRowCursor input, bool[] active)
    {
        if (!active[OutputColumn.Index]) return base.GetCursor(input, active);
        var lease = transform.Lease();
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

    /// <inheritdoc cref="BatchTransform.RequireRange"/>
    public void RequireRange(ReadOnlySpan<float> inputs) => transform.RequireRange(inputs);

    /// <summary>Memory for the values of the input columns in a batch: the model's input, and its label or null.</summary>
    public (StagingBuffer Input, StagingBuffer? Label) Stage(DataViewRow source, int rows, Func<int> current) =>
        (new StagingBuffer(source, source.Schema[InputColumns[0].Index], Model.Input.Size, rows, current),
        Model.Label is { } label ? new StagingBuffer(source, source.Schema[InputColumns[1].Index], label.Size, rows, current) : null);

    /// <summary>A single row is a batch of one.</summary>
    protected override (Delegate Getter, IDisposable? Owned) Open(DataViewRow input)
    {
        var (from, label) = Stage(input, 1, () => 0);
        var to = new float[Model.Output.Size];
        var lease = transform.Lease();
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            from.Read(0);
            label?.Read(0);
            RequireRange(from.Filled(1));
            lease.Run(from.Filled(1), label is null ? [] : label.Filled(1), to);
            Rows.Copy(to, ref value);
        };
        return (getter, lease);
    }

    private static DataViewSchema.Column[] Inputs(BatchTransform transform, DataViewSchema inputSchema)
    {
        var input = Schemas.Input(inputSchema, transform.InputColumnName, transform.Model.Input, transform.Taker);
        return transform.Model.Label is not { } form ? [input]
            : [input, Schemas.Input(inputSchema, transform.LabelColumnName!, form, transform.Taker + " as its label")];
    }
}
