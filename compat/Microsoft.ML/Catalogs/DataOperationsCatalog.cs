using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Makes views, and views of views.</summary>
public sealed class DataOperationsCatalog
{
    internal DataOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class =>
        throw new NotImplementedException();

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class =>
        throw new NotImplementedException();

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null) where TRow : class, new() => throw new NotImplementedException();

    public IDataView TakeRows(IDataView input, long count) => throw new NotImplementedException();

    public IDataView SkipRows(IDataView input, long count) => throw new NotImplementedException();

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true) =>
        throw new NotImplementedException();

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch) => throw new NotImplementedException();

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null) =>
        throw new NotImplementedException();

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null,
        int? seed = null) => throw new NotImplementedException();

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
