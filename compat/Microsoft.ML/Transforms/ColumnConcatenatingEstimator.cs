using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="TransformExtensionsCatalog.Concatenate"/>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly ColumnConcatenatingTransformer transformer;

    internal ColumnConcatenatingEstimator(string outputColumnName, string[] inputColumnNames) =>
        transformer = new(outputColumnName, inputColumnNames);

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new NotImplementedException();
}
