namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>What came of one fold.</summary>
    public sealed class CrossValidationResult<T> where T : class
    {
        /// <summary>Trained on the other folds.</summary>
        public readonly ITransformer Model;

        /// <summary>On this fold.</summary>
        public readonly T Metrics;

        /// <summary>This fold with the predictions.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The number of the fold, from 0.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scoredHoldOutSet, int fold) =>
            (Model, Metrics, ScoredHoldOutSet, Fold) = (model, metrics, scoredHoldOutSet, fold);
    }
}
