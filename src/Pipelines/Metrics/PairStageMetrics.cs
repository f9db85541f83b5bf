using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How near the outputs on test pairs are to their targets, beside what costs no training.</summary>
/// <param name="Outputs">What the translator makes of the inputs.</param>
/// <param name="Input">The inputs themselves.</param>
/// <param name="MeanImage">The mean of the training targets.</param>
/// <param name="Nearest">The target of the training pair with the nearest input.</param>
/// <param name="Training">What the translator makes of training pairs: better by as much as it has learnt by heart.</param>
/// <param name="Classifier">Whose features are compared; null where none was named.</param>
/// <param name="ReadBack">What a reader makes of the outputs; null where none was named.</param>
internal sealed record PairStageMetrics(PairMetrics Outputs, PairMetrics Input, PairMetrics MeanImage, PairMetrics Nearest,
    PairMetrics Training, string? Classifier, ReadBackMetrics? ReadBack = null)
{
    /// <summary>What the smaller forms make of the same inputs, by file; null where there are none.</summary>
    public IReadOnlyDictionary<string, PairMetrics>? Reduced { get; init; }
}

/// <summary>
/// How near what a reader makes of the outputs is to the inputs, and the same of the targets: as near as the reader gets.
/// </summary>
/// <param name="Outputs">Of the outputs.</param>
/// <param name="Targets">Of the targets.</param>
/// <param name="Classes">Of class maps: the share of pixels of the input's class in what is read from the outputs, 0 to 1.</param>
/// <param name="TargetClasses">The same in what is read from the targets.</param>
internal sealed record ReadBackMetrics(PairMetrics Outputs, PairMetrics Targets, double? Classes, double? TargetClasses);
