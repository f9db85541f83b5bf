namespace GanPipeline.Training.Tests;

/// <summary>A training that is stopped and goes on, beside one that is never stopped.</summary>
/// <param name="Whole">The one that is never stopped.</param>
/// <param name="Parts">What the other ended with.</param>
internal sealed record ResumedTraining(TrainingResult Whole, TrainingResult Parts)
{
    public const int Steps = 20;

    /// <summary>Trains in the folders <c>whole</c> and <c>parts</c>, and requires that the checkpoints have the same bits.</summary>
    /// <param name="folder">Where these folders are.</param>
    /// <param name="options">The options of a training of <see cref="Steps"/> steps in a folder.</param>
    /// <param name="train">Runs it.</param>
    /// <param name="at">
    /// The steps after which one is stopped: an odd number is in the middle of everything that comes round every few steps.
    /// </param>
    public static ResumedTraining EndsInTheSameBits(TemporaryFolder folder, Func<string, TrainingOptions> options,
        Func<TrainingOptions, ITrainingObserver?, CancellationToken, TrainingResult> train, int at = 11)
    {
        var whole = train(options(folder["whole"]), null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var stopper = new RecordingObserver { OnProgress = progress => { if (progress.Step == at) stop.Cancel(); } };
        train(options(folder["parts"]) with { LogEvery = at }, stopper, stop.Token);
        var parts = train(options(folder["parts"]), null, CancellationToken.None);
        Assert.Equal(at, parts.FirstStep);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
        return new(whole, parts);
    }
}
