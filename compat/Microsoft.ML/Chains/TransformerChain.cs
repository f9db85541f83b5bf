using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>Transformers one after the other.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] transformers;
    private readonly TransformerScope[] scopes;

    /// <summary>The last transformer; null for an empty chain.</summary>
    public readonly TLastTransformer LastTransformer;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        this.transformers = [.. transformers];
        this.scopes = [.. scopes];
        if (this.transformers.Length != this.scopes.Length)
            throw new ArgumentException($"{this.transformers.Length} transformers have {this.scopes.Length} scopes", nameof(scopes));
        LastTransformer = this.transformers.LastOrDefault() is not { } last ? null : last as TLastTransformer
            ?? throw new ArgumentException($"the last transformer is a {last.GetType()}, not a {typeof(TLastTransformer)}",
                nameof(transformers));
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers.Select(_ => TransformerScope.Everything)) { }

    bool ITransformer.IsRowToRowMapper => transformers.All(transformer => transformer.IsRowToRowMapper);

    internal IReadOnlyList<TransformerScope> Scopes => scopes;

    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer => new([.. transformers, transformer], [.. scopes, scope]);

    /// <summary>The chain of those transformers only whose scope meets the filter.</summary>
    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
    {
        var chosen = transformers.Zip(scopes).Where(item => (item.Second & scopeFilter) != 0).ToList();
        return new(chosen.Select(item => item.First), chosen.Select(item => item.Second));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return transformers.Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // A wrong schema is told before the first transformer opens anything.
        GetOutputSchema(input.Schema);
        return transformers.Aggregate(input, (view, transformer) => transformer.Transform(view));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var mappers = new List<IRowToRowMapper>();
        foreach (var transformer in transformers)
        {
            if (!transformer.IsRowToRowMapper) throw new InvalidOperationException($"{transformer.GetType()} does not map row by row");
            mappers.Add(transformer.GetRowToRowMapper(mappers.LastOrDefault()?.OutputSchema ?? inputSchema));
        }
        return new CompositeMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => TransformerChain.Save(ctx, transformers, scopes);

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes the transformers that can be disposed.</summary>
    public void Dispose()
    {
        foreach (var transformer in transformers) (transformer as IDisposable)?.Dispose();
    }
}
