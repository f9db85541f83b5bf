namespace GanPipeline.Training;

/// <summary>Calls an observer where finalizers may run: it may wait for them.</summary>
internal sealed class ReleasingObserver(ITrainingObserver observer, FinalizerPause finalizers) : ITrainingObserver
{
    public void Started(TrainingStarted started) => Released().Started(started);

    public void Progress(TrainingProgress progress) => Released().Progress(progress);

    public void Sampled(TrainingSampled sampled) => Released().Sampled(sampled);

    public void Evaluated(TrainingEvaluated evaluated) => Released().Evaluated(evaluated);

    public void Diagnosed(TrainingDiagnosed diagnosed) => Released().Diagnosed(diagnosed);

    public void Checkpointed(TrainingCheckpointed checkpoint) => Released().Checkpointed(checkpoint);

    public void Warned(string message) => Released().Warned(message);

    /// <summary>The next step holds them again.</summary>
    private ITrainingObserver Released()
    {
        finalizers.Release();
        return observer;
    }
}
