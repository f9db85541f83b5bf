using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Shares the rows out by chance. Which part a row is in is the same for every cursor.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">The part of them that the test set gets on average, above 0 and below 1.</param>
    /// <param name="samplingKeyColumnName">Rows of equal value in this column stay together.</param>
    /// <param name="seed">Of the choice; null takes one from the context.</param>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction,
                "the test set gets more than 0 and less than 1 of the rows");
        var split = new RowSplit(data, samplingKeyColumnName, seed ?? Context.NextSeed());
        return new(split.Between(0, testFraction, outside: true), split.Between(0, testFraction));
    }

    /// <summary>
    /// Shares the rows out by chance into folds: each fold in turn is the test set, the others together the training set.
    /// </summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null,
        int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (numberOfFolds < 2) throw new ArgumentOutOfRangeException(nameof(numberOfFolds), numberOfFolds, "there are at least 2 folds");
        var split = new RowSplit(data, samplingKeyColumnName, seed ?? Context.NextSeed());
        return [.. Enumerable.Range(0, numberOfFolds)
            .Select(fold => (Low: (double)fold / numberOfFolds, High: (fold + 1.0) / numberOfFolds))
            .Select(range => new TrainTestData(split.Between(range.Low, range.High, outside: true), split.Between(range.Low, range.High)))];
    }

    /// <summary>A view in two parts.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;

        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
