using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <inheritdoc cref="CustomMappingCatalog.CustomMapping"/>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer where TSrc : class, new() where TDst : class, new()
{
    private readonly Action<TSrc, TDst> action;
    private readonly string contractName;

    internal CustomMappingTransformer(Action<TSrc, TDst> action, string contractName, SchemaDefinition input = null,
        SchemaDefinition output = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        this.action = action;
        this.contractName = contractName;
        Source = RowBinding<TSrc>.Create(SchemaDefinition.Direction.Write, input);
        Target = RowBinding<TDst>.Create(SchemaDefinition.Direction.Read, output);
    }

    /// <summary>The columns that the function reads.</summary>
    internal RowBinding<TSrc> Source { get; }

    /// <summary>The columns that it makes.</summary>
    internal RowBinding<TDst> Target { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mapper(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => CustomMapping.Save(ctx, contractName, action.Method.DeclaringType.Assembly);

    private RowMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new(inputSchema, new Mapping(this, Source.Sources(inputSchema)));
    }

    private sealed class Mapping(CustomMappingTransformer<TSrc, TDst> transformer, DataViewSchema.Column?[] sources) : RowMapping
    {
        internal override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
            [.. transformer.Target.Columns.Select(column => column.Column)];

        internal override IEnumerable<int> Inputs(int column) => sources.Select(source => source.Value.Index);

        internal override Delegate[] Open(DataViewRow input, bool[] active, out Action dispose)
        {
            dispose = null;
            if (!active.Contains(true)) return new Delegate[active.Length];
            var source = new TSrc();
            var target = new CurrentRow<TDst> { Value = new TDst() };
            var fill = transformer.Source.Writer(input, sources);
            var cache = new RowCache(input, () =>
            {
                fill(source);
                transformer.action(source, target.Value);
            });
            return transformer.Target.Readers(target, i => active[i], cache.Update);
        }
    }
}
