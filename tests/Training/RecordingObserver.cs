namespace GanPipeline.Training.Tests;

internal sealed class RecordingObserver : ITrainingObserver
{
    public TrainingStarted? Start { get; private set; }
    public List<TrainingProgress> Lines { get; } = [];
    public List<long> Samples { get; } = [];
    public List<long> Checkpoints { get; } = [];
    public List<string> Warnings { get; } = [];
    public List<TrainingEvaluated> Evaluations { get; } = [];
    public Action<TrainingProgress>? OnProgress { get; init; }

    public void Started(TrainingStarted started) => Start = started;

    public void Progress(TrainingProgress progress)
    {
        Lines.Add(progress);
        OnProgress?.Invoke(progress);
    }

    public void Sampled(TrainingSampled sampled) => Samples.Add(sampled.Step);

    public void Checkpointed(TrainingCheckpointed checkpoint) => Checkpoints.Add(checkpoint.Step);

    public void Evaluated(TrainingEvaluated evaluated) => Evaluations.Add(evaluated);

    public void Warned(string message) => Warnings.Add(message);
}
