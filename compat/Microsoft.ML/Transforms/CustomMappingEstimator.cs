using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="CustomMappingCatalog.CustomMapping"/>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new() where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer) : base(transformer) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var wanted in Transformer.Source.Columns.Select(column => column.Column))
        {
            var given = inputSchema.Input(wanted.Name);
            if (!given.Fits(wanted.Type))
                throw SchemaErrors.Mismatch("input", wanted.Name, new SchemaShape.Column(wanted).Description(), given.Description());
        }
        return inputSchema.With(Transformer.Target.Columns.Select(column => new SchemaShape.Column(column.Column)));
    }
}
