using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How near the outputs on test pairs are to their targets, beside what costs no training.</summary>
/// <param name="Outputs">What the translator makes of the inputs.</param>
/// <param name="Input">The inputs themselves.</param>
/// <param name="MeanImage">The mean of the training targets.</param>
/// <param name="Nearest">The target of the training pair with the nearest input.</param>
/// <param name="Training">What the translator makes of training pairs: better by as much as it has learnt by heart.</param>
/// <param name="Classifier">Whose features are compared; null where none was named.</param>
internal sealed record PairStageMetrics(
    PairMetrics Outputs, PairMetrics Input, PairMetrics MeanImage, PairMetrics Nearest, PairMetrics Training, string? Classifier);
