using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How near the images for the wanted poses of test pairs are to their targets, beside what costs no training.</summary>
/// <param name="Outputs">What the generator makes of the inputs.</param>
/// <param name="Coarse">What its first stage makes.</param>
/// <param name="Input">The images that were given.</param>
/// <param name="MeanImage">The mean of the training targets.</param>
/// <param name="Nearest">The target of the training pair with the nearest image and pose.</param>
/// <param name="Training">What the generator makes of training pairs: better by as much as it has learnt by heart.</param>
/// <param name="Read">What is read from the images; null where the data is not bricks.</param>
internal sealed record PoseStageMetrics(PairMetrics Outputs, PairMetrics Coarse, PairMetrics Input, PairMetrics MeanImage,
    PairMetrics Nearest, PairMetrics Training, PoseReadings? Read)
{
    /// <summary>What the smaller forms make of the same inputs, by file; null where there are none.</summary>
    public IReadOnlyDictionary<string, PairMetrics>? Reduced { get; init; }
}

/// <summary>What is read from images of bricks for wanted views.</summary>
/// <param name="Outputs">From what the generator makes.</param>
/// <param name="Coarse">From what its first stage makes.</param>
/// <param name="Nearest">From the targets of the training pairs with the nearest images and poses.</param>
/// <param name="Targets">From the targets themselves: the reader's own limit.</param>
internal sealed record PoseReadings(PoseReading Outputs, PoseReading Coarse, PoseReading Nearest, PoseReading Targets);

/// <summary>What is read from one of them.</summary>
/// <param name="Images">How many.</param>
/// <param name="Near">The share whose yaw and pitch are both within 5 degrees of the wanted ones, 0 to 1.</param>
/// <param name="MedianError">The median of the larger of both differences, in degrees.</param>
/// <param name="Kind">The share that show the right kind of brick, 0 to 1.</param>
internal sealed record PoseReading(int Images, double Near, double MedianError, double Kind);
