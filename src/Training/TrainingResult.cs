namespace GanPipeline.Training;

/// <summary>What a call of <see cref="Trainer.Run"/> came to.</summary>
/// <param name="Finished">Whether all steps are done, or the training ended by itself (<see cref="EndedBy"/>); else it was stopped, and
/// continues when it is run again.</param>
/// <param name="Step">Steps done.</param>
/// <param name="FirstStep">Steps that were done before this call.</param>
/// <param name="Checkpoint">The folder of the checkpoint at <paramref name="Step"/>.</param>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Elapsed">Time spent in this training, before an interruption included.</param>
/// <param name="ImagesPerSecond">Real images trained on a second, in this call; time for samples and checkpoints is not counted. 0 where
/// there was no step.</param>
/// <param name="Last">The last log interval of this call, or null where there was none.</param>
public sealed record TrainingResult(
    bool Finished, long Step, long FirstStep, string Checkpoint, string Device, TimeSpan Elapsed, double ImagesPerSecond,
        TrainingProgress? Last)
{
    /// <summary>The best generator so far, see <see cref="Checkpoint.Best"/>; null where none was evaluated.</summary>
    public EvaluatedGenerator? Best { get; init; }

    /// <summary>
    /// Why the training ended before all steps were done, by <see cref="TrainingOptions.Patience"/> or
    /// <see cref="TrainingOptions.MaxMinutes"/>: a clause as in <c>no better metric in 5 evaluations</c>. Null where it did not.
    /// </summary>
    public string? EndedBy { get; init; }

    /// <summary>What the networks were computed with.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Processor threads that Torch computed with.</summary>
    public int Threads { get; init; }

    /// <summary>Processes that trained together.</summary>
    public int Processes { get; init; } = 1;
}
