using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A trained chain in its parts: what makes images, what makes features of them, and what makes scores of those.</summary>
internal sealed class ClassifierChain
{
    private readonly ITransformer[] _before;

    /// <exception cref="ArgumentException">There are no features in it, or more than one column of them.</exception>
    public ClassifierChain(ITransformer model)
    {
        ITransformer[] parts = [.. Parts(model)];
        Features = parts.OfType<DiscriminatorFeaturizingTransformer>().ToArray() switch
        {
            [var one] => one,
            [] => throw new ArgumentException("The model extracts no features: it has no transformer that ExtractDiscriminatorFeatures " +
                "made. One that was loaded from a file has it where LoadGanPipeline loaded it.", nameof(model)),
            _ => throw new ArgumentException(
                "The model extracts features more than once; a classifier file holds one network.", nameof(model)),
        };
        var at = Array.IndexOf(parts, Features);
        _before = parts[..at];
        Classifier = new TransformerChain<ITransformer>(parts[(at + 1)..]);
    }

    public DiscriminatorFeaturizingTransformer Features { get; }

    /// <summary>What follows the features.</summary>
    public ITransformer Classifier { get; }

    /// <summary>The rows as they come to the features.</summary>
    public IDataView Images(IDataView data) => _before.Aggregate(data, (view, part) => part.Transform(view));

    private static IEnumerable<ITransformer> Parts(ITransformer model)
    {
        var steps = model is DiscriminatorFeaturizingTransformer features ? features.Steps : model as IEnumerable<ITransformer>;
        return steps?.SelectMany(Parts) ?? [model];
    }
}
