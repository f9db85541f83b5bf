using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Values to keys and back.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <inheritdoc cref="KeyToValueMappingEstimator"/>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null) => new([new(outputColumnName, inputColumnName)]);

    /// <inheritdoc cref="KeyToValueMappingEstimator"/>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns) =>
        new(columns);

    /// <inheritdoc cref="ValueToKeyMappingEstimator"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of keys to make.</param>
    /// <param name="inputColumnName">The column of values; null for one of the same name.</param>
    /// <param name="maximumNumberOfKeys">How many values become keys; those that come later are missing.</param>
    /// <param name="keyOrdinality">Which value is key 1.</param>
    /// <param name="addKeyValueAnnotationsAsText">Whether the values are annotated as text whatever they are.</param>
    /// <param name="keyData">One column of the values, in place of those of the training data.</param>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string inputColumnName = null, int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new([new(outputColumnName, inputColumnName)], maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <inheritdoc cref="ValueToKeyMappingEstimator"/>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns, int maximumNumberOfKeys = 1000000,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView keyData = null) =>
        new(columns, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);
}
