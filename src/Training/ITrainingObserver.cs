namespace GanPipeline.Training;

/// <summary>A training begins, or continues.</summary>
/// <param name="Device"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="FirstStep">Steps already done, by the checkpoint it continues from; 0 for a new training.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="ResumedFrom">The checkpoint's folder, or null for a new training.</param>
/// <param name="Generator">The generator's size.</param>
/// <param name="Discriminator">The discriminator's size.</param>
/// <param name="Images">Pictures in the data set.</param>
public sealed record TrainingStarted(
    string Device, long FirstStep, long Steps, string? ResumedFrom, ParameterCount Generator, ParameterCount Discriminator, int Images)
{
    /// <summary>What the networks are computed with.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Why, a clause as in <c>1.8 times as fast as float32 here</c>.</summary>
    public string PrecisionReason { get; init; } = "";

    /// <summary>Processor threads that Torch computes with.</summary>
    public int Threads { get; init; }

    /// <summary>Why as many, a clause as in <c>1.4 times as fast as with all 16 here</c>.</summary>
    public string ThreadsReason { get; init; } = "";

    /// <summary>Processes that train together.</summary>
    public int Processes { get; init; } = 1;
}

/// <summary>
/// One log interval; also one line of <c>metrics.jsonl</c>. Losses and accuracies are averages over the interval's steps.
/// </summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Epoch">Passes over the data set done, with their fraction.</param>
/// <param name="ImagesPerSecond">Real images trained on a second, in this interval; time for samples and checkpoints is not
/// counted.</param>
/// <param name="DiscriminatorLoss">The discriminator's loss.</param>
/// <param name="GeneratorLoss">The generator's loss.</param>
/// <param name="RealAccuracy">Share of real images that the discriminator takes for real; of a critic, whose scores are above the middle
/// between those of real and of generated ones.</param>
/// <param name="GeneratedAccuracy">Share of generated images that it takes for generated.</param>
/// <param name="Elapsed">Time spent in this training, before an interruption included.</param>
/// <param name="Remaining">Time it will still take at the pace so far.</param>
public sealed record TrainingProgress(
    long Step, long Steps, double Epoch, double ImagesPerSecond, double DiscriminatorLoss, double GeneratorLoss,
    double RealAccuracy, double GeneratedAccuracy, TimeSpan Elapsed, TimeSpan Remaining)
{
    /// <summary>The discriminator's loss, averaged over the intervals so far with weights that halve every 500 steps.</summary>
    public double SmoothedDiscriminatorLoss { get; init; }

    /// <summary>The generator's loss, likewise.</summary>
    public double SmoothedGeneratorLoss { get; init; }

    /// <summary>Euclidean norm of the gradient by all of the discriminator's parameters, of each step's last update.</summary>
    public double DiscriminatorGradientNorm { get; init; }

    /// <summary>Euclidean norm of the gradient by all of the generator's parameters.</summary>
    public double GeneratorGradientNorm { get; init; }

    /// <summary>The discriminator's learning rate in the interval's last step.</summary>
    public double DiscriminatorLearningRate { get; init; }

    /// <summary>The generator's learning rate in the interval's last step.</summary>
    public double GeneratorLearningRate { get; init; }

    /// <summary>The probability of augmentation; null where images are not augmented.</summary>
    public double? AugmentationProbability { get; init; }

    /// <summary>
    /// The mean absolute difference between generated and real images, black at -1 and white at 1; null where the networks do not
    /// translate.
    /// </summary>
    public double? Difference { get; init; }

    /// <summary>The evaluator's metric of the generator after this step; null where it was not evaluated then.</summary>
    public double? Metric { get; init; }

    /// <summary>What the probe saw in the generator's samples after this step; null where it did not look.</summary>
    public GeneratorSignals? Signals { get; init; }

    /// <summary>
    /// How far the discriminator judges held-out real images as generated ones, where it tells training images from generated ones (Karras
    /// et al. 2020, ADA, section 3): 0 is not at all, 1 is wholly, it knows the training images by heart. Null where it was not measured.
    /// </summary>
    public double? Overfitting { get; init; }
}

/// <summary>A sample grid was written.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Path">The PNG file.</param>
public sealed record TrainingSampled(long Step, string Path);

/// <summary>A generator with its metric, see <see cref="IGeneratorEvaluator"/>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Metric">The lower, the better.</param>
public sealed record EvaluatedGenerator(long Step, double Metric);

/// <summary>The generator was evaluated.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Metric">The lower, the better.</param>
/// <param name="IsBest">Whether it is lower than all before; then this generator is kept.</param>
public sealed record TrainingEvaluated(long Step, double Metric, bool IsBest);

/// <summary>A condition of the training begins or ends, see <see cref="Diagnosis"/>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Condition">Which.</param>
/// <param name="Begins">Whether it begins; else it is over.</param>
public sealed record TrainingDiagnosed(long Step, TrainingCondition Condition, bool Begins);

/// <summary>A checkpoint was written, whole.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Path">Its folder.</param>
public sealed record TrainingCheckpointed(long Step, string Path);

/// <summary>Watches a training. Calls come on the training's thread, in order.</summary>
public interface ITrainingObserver
{
    /// <summary>A training begins, or continues.</summary>
    void Started(TrainingStarted started) { }

    /// <summary>A log interval is over.</summary>
    void Progress(TrainingProgress progress) { }

    /// <summary>A sample grid was written.</summary>
    void Sampled(TrainingSampled sampled) { }

    /// <summary>The generator was evaluated.</summary>
    void Evaluated(TrainingEvaluated evaluated) { }

    /// <summary>A condition begins or ends.</summary>
    void Diagnosed(TrainingDiagnosed diagnosed) { }

    /// <summary>A checkpoint was written, whole.</summary>
    void Checkpointed(TrainingCheckpointed checkpoint) { }

    /// <summary>
    /// Something that a user should know and that does not stop the training, as a damaged checkpoint that was passed over.
    /// </summary>
    void Warned(string message) { }
}
