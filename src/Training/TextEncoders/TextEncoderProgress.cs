namespace GanPipeline.Training;

/// <summary>How a text encoder's training goes; averages over the steps since the last one.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Loss">The loss of the joint embedding on training pictures and captions.</param>
/// <param name="Accuracy">Share of training pictures whose own caption was nearest of those of their batch.</param>
/// <param name="ImagesPerSecond">Images trained on a second.</param>
/// <param name="Elapsed">Time spent so far, before an interruption too.</param>
/// <param name="Remaining">Time it will still take at the pace so far.</param>
public sealed record TextEncoderProgress(
    long Step, long Steps, double Loss, double Accuracy, double ImagesPerSecond, TimeSpan Elapsed, TimeSpan Remaining);

/// <summary>What a text encoder's training came to.</summary>
/// <param name="Finished">Whether all steps are done; otherwise a stop was asked for.</param>
/// <param name="FirstStep">Steps that an earlier, interrupted training had done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Elapsed">Time spent training, before an interruption too.</param>
public sealed record TextEncoderResult(bool Finished, long FirstStep, long Step, long Steps, TimeSpan Elapsed);
