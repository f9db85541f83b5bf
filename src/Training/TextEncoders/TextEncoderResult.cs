namespace GanPipeline.Training;

/// <summary>What a text encoder's training came to.</summary>
/// <param name="Finished">Whether all steps are done; otherwise a stop was asked for.</param>
/// <param name="FirstStep">Steps that an earlier, interrupted training had done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Elapsed">Time spent training, before an interruption too.</param>
public sealed record TextEncoderResult(bool Finished, long FirstStep, long Step, long Steps, TimeSpan Elapsed);
