using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Shares the rows out into folds; on each fold judges what is trained on the others.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">What is trained.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="labelColumnName">The actual classes, in the data or in what the estimator makes of them.</param>
    /// <param name="samplingKeyColumnName">Rows of equal value in this column stay in one fold.</param>
    /// <param name="seed">Of the choice; null takes one from the context.</param>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return [.. Context.Data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed).Select((fold, number) =>
        {
            var model = estimator.Fit(fold.TrainSet);
            var scored = model.Transform(fold.TestSet);
            return new CrossValidationResult<MulticlassClassificationMetrics>(model, Evaluate(scored, labelColumnName), scored, number);
        })];
    }
}
