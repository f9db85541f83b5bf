namespace GanPipeline.Training;

/// <summary>How a classifier's or a text encoder's training goes; averages over the steps since the last one.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Loss">As in <see cref="FitMetrics.Loss"/>.</param>
/// <param name="Accuracy">As in <see cref="FitMetrics.Accuracy"/>.</param>
/// <param name="ImagesPerSecond">Images trained on a second.</param>
/// <param name="Elapsed">Time spent so far, before an interruption too.</param>
/// <param name="Remaining">Time it will still take at the pace so far.</param>
public sealed record FitProgress(
    long Step, long Steps, double Loss, double Accuracy, double ImagesPerSecond, TimeSpan Elapsed, TimeSpan Remaining);
