namespace GanPipeline.ML;

/// <summary>A figure and how sure it is.</summary>
/// <param name="Value">The figure, such as an accuracy as a share of 1.</param>
/// <param name="Interval">Its 95 % confidence interval.</param>
public readonly record struct Estimate(double Value, Interval Interval);
