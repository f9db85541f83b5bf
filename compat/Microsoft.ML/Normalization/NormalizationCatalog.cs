using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Columns to comparable ranges.</summary>
public static class NormalizationCatalog
{
    /// <summary>
    /// Divides by the standard deviation after taking off the mean; with <paramref name="fixZero"/>, by the root mean square.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to normalise; null for one of the same name.</param>
    /// <param name="maximumExampleCount">The rows that are learned from, at most.</param>
    /// <param name="fixZero">Whether 0 stays 0, so that the mean is not taken off.</param>
    /// <param name="useCdf">Only false: values are not mapped through the normal distribution here.</param>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false) =>
        catalog.NormalizeMeanVariance([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    /// <inheritdoc cref="NormalizeMeanVariance(TransformsCatalog, string, string, long, bool, bool)"/>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false)
    {
        if (useCdf)
            throw new ArgumentException("this stand-in for ML.NET normalises without the distribution function: useCdf: false", nameof(useCdf));
        return new(columns, maximumExampleCount, fixZero, slots => new MeanVarianceStatistics(slots));
    }

    /// <summary>Maps the range of values to [0, 1]; with <paramref name="fixZero"/>, divides by the largest magnitude.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to normalise; null for one of the same name.</param>
    /// <param name="maximumExampleCount">The rows that are learned from, at most.</param>
    /// <param name="fixZero">Whether 0 stays 0.</param>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName = null, long maximumExampleCount = 1000000000, bool fixZero = true) =>
        catalog.NormalizeMinMax([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    /// <inheritdoc cref="NormalizeMinMax(TransformsCatalog, string, string, long, bool)"/>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000, bool fixZero = true) =>
        new(columns, maximumExampleCount, fixZero, slots => new MinMaxStatistics(slots));
}
