namespace GanPipeline.Training;

/// <summary>What a training is diagnosed by beside its log lines.</summary>
/// <param name="Signals">Of the samples; null where there is no probe.</param>
/// <param name="Overfitting">See <see cref="HeldOutCheck"/>; null where it was not measured.</param>
internal sealed record DiagnosisSigns(GeneratorSignals? Signals, double? Overfitting);
