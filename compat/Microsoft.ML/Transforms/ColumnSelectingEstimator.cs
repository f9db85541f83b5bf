using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps some columns, or drops some.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator() : base(new()) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new NotImplementedException();
}
