using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Internals;

/// <summary>What a batch transform does under one input schema: it adds one column, made of one other.</summary>
internal sealed class BatchMapper : IRowToRowMapper
{
    private readonly BatchTransform transform;

    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or not of the form that the model takes.</exception>
    public BatchMapper(BatchTransform transform, DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        this.transform = transform;
        InputSchema = inputSchema;
        InputColumn = Schemas.Input(inputSchema, transform.InputColumnName, Model.Input, transform.Taker);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(transform.OutputColumnName, Model.Output.Type);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public SharedModel Model => transform.Model;

    public DataViewSchema.Column InputColumn { get; }

    public DataViewSchema.Column OutputColumn => OutputSchema[InputSchema.Count];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Rows.Select(InputSchema, Needed(Rows.Active(OutputSchema, dependingColumns)));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool[] active = Rows.Active(OutputSchema, activeColumns);
        return new PassingRow(input, this, active, active[OutputColumn.Index] ? transform.Lease() : null);
    }

    /// <summary>A cursor over the input's cursor, which becomes its own.</summary>
    public DataViewRowCursor GetCursor(DataViewRowCursor input, bool[] active)
    {
        ModelLease? lease = null;
        try
        {
            if (!active[OutputColumn.Index]) return new PassingCursor(input, new PassingRow(input, this, active, null));
            lease = transform.Lease();
            return new BatchCursor(input, this, active, lease, transform.BatchSize);
        }
        catch
        {
            lease?.Dispose();
            input.Dispose();
            throw;
        }
    }

    /// <summary>The input's columns that the output's active ones are made of.</summary>
    public bool[] Needed(bool[] active)
    {
        bool[] needed = active[..InputSchema.Count];
        needed[InputColumn.Index] |= active[OutputColumn.Index];
        return needed;
    }
}
