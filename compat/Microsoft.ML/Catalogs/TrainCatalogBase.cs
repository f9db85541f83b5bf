namespace Microsoft.ML;

/// <summary>A task: its trainers, and how their models are judged.</summary>
public abstract partial class TrainCatalogBase
{
    private protected TrainCatalogBase(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>The trainers of a task; they are extension methods.</summary>
    public abstract class CatalogInstantiatorBase
    {
        private protected CatalogInstantiatorBase(MLContext context) => Context = context;

        internal MLContext Context { get; }
    }
}
