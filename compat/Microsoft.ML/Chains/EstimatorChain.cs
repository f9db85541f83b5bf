using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators one after the other, each of which learns from what the transformers of those before it make of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly EstimatorLink[] links;

    /// <summary>The last estimator; null for an empty chain.</summary>
    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([]) { }

    internal EstimatorChain(EstimatorLink[] links)
    {
        this.links = links;
        LastEstimator = links.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new([.. links, new(estimator, scope, false)]);
    }

    /// <summary>Keeps what reaches this point in memory while what follows is trained.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        return links.Length == 0 ? this : new([.. links[..^1], links[^1] with { IsCached = true }]);
    }

    /// <summary>Checks the schema through all estimators, then fits one after the other.</summary>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var transformers = new List<ITransformer>();
        var view = input;
        foreach (var link in links)
        {
            var transformer = link.Estimator.Fit(view);
            transformers.Add(transformer);
            view = transformer.Transform(view);
            if (link.IsCached) view = new CacheView(view);
        }
        return new(transformers, links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));
    }
}

/// <summary>An estimator of a chain.</summary>
internal sealed record EstimatorLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached);
