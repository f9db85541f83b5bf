using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="TransformExtensionsCatalog.Concatenate"/>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string output;
    private readonly string[] inputs;

    internal ColumnConcatenatingEstimator(string outputColumnName, params string[] inputColumnNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        if (inputColumnNames.Length == 0) throw new ArgumentException("there is no input column to concatenate", nameof(inputColumnNames));
        foreach (var name in inputColumnNames) ArgumentException.ThrowIfNullOrEmpty(name, nameof(inputColumnNames));
        output = outputColumnName;
        inputs = [.. inputColumnNames];
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new ColumnConcatenatingTransformer(output, inputs);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column[] sources = [.. inputs.Select(inputSchema.Input)];
        var first = sources[0];
        foreach (var source in sources)
            if (!source.ItemType.Equals(first.ItemType) || source.IsKey != first.IsKey)
                throw SchemaErrors.Mismatch("input", source.Name, $"items as of '{first.Name}', {first.Description()}",
                    source.Description());
        var kind = sources.Any(source => source.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return inputSchema.With(new SchemaShape.Column(output, kind, first.ItemType, first.IsKey));
    }
}
