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
    public (StagingBuffer Input, StagingBuffer? Label) Stage(DataViewRow source, int rows, Func<int> current)
    {
        var input = new VectorStaging(source, source.Schema[InputColumns[0].Index], Model.Input.Size, rows, current);
        if (Model.Label is not { } form) return (input, null);
        var column = source.Schema[InputColumns[1].Index];
        return (input, LabelNames(Model, InputSchema, column.Name) is { } names
            ? new LabelStaging(source, column, names, Model.Labels!, rows, current)
            : new VectorStaging(source, column, form.Size, rows, current));
    }

    /// <summary>A column of labels as names; null where it holds no names, or the model knows none.</summary>
    public static ClassColumn? LabelNames(SharedModel model, DataViewSchema schema, string name) =>
        model.Labels is not null && Schemas.Input(schema, name).Type is TextDataViewType or KeyDataViewType
            ? ClassColumn.Of(schema, name)
            : null;

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
        if (transform.Model.Label is not { } form) return [input];
        var name = transform.LabelColumnName!;
        if (LabelNames(transform.Model, inputSchema, name) is not { } names)
            return [input, Schemas.Input(inputSchema, name, form, transform.Taker + " as its label")];
        // Of keys all names are known now, and so is what is wrong with them.
        foreach (var label in names.Names ?? []) LabelStaging.Parse(transform.Model.Labels!, label, name);
        return [input, inputSchema[name]];
    }
}
