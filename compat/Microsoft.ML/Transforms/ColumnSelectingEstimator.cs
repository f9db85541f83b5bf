using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the columns named, in that order, or drops them.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(string[] columnNames, bool keeps, bool keepHidden = false)
        : base(new([.. columnNames ?? throw new ArgumentNullException(nameof(columnNames))], keeps, keepHidden)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column[] named = [.. Transformer.Names.Select(inputSchema.Input)];
        return new(Transformer.Keeps ? named : inputSchema.Where(column => !Transformer.Names.Contains(column.Name)));
    }
}
