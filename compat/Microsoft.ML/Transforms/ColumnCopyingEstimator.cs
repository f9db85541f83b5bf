using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="TransformExtensionsCatalog.CopyColumns"/>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly InputOutputColumnPair column;

    internal ColumnCopyingEstimator(InputOutputColumnPair column) : base(new(column)) => this.column = column;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(inputSchema.Input(column.InputColumnName).Renamed(column.OutputColumnName));
    }
}
