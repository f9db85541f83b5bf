namespace GanPipeline.Training;

/// <summary>How a classifier's training goes; averages over the steps since the last one.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Loss">Cross-entropy on training images.</param>
/// <param name="Accuracy">Share of training images that were told right.</param>
/// <param name="ImagesPerSecond">Images trained on a second.</param>
/// <param name="Elapsed">Time spent so far.</param>
/// <param name="Remaining">Time it will still take at the pace so far.</param>
public sealed record ClassifierProgress(
    long Step, long Steps, double Loss, double Accuracy, double ImagesPerSecond, TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>What a classifier's training came to.</summary>
/// <param name="Accuracy">Share of the held-out images that the classifier tells right.</param>
/// <param name="HeldOut">Held-out images it was measured on.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Elapsed">Time spent, the measurement included.</param>
public sealed record ClassifierResult(double Accuracy, int HeldOut, long Steps, TimeSpan Elapsed);
