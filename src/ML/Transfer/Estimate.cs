namespace GanPipeline.ML;

/// <summary>An estimate and its uncertainty.</summary>
/// <param name="Value">The estimate, such as an accuracy as a share of 1.</param>
/// <param name="Interval">Its 95 % confidence interval.</param>
public readonly record struct Estimate(double Value, Interval Interval);
