using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>The training of a GAN; losses and accuracies are those of the last log interval.</summary>
internal sealed record TrainMetrics
{
    /// <summary>Of the whole training, parts before an interruption included.</summary>
    public required double Seconds { get; init; }

    public required long Steps { get; init; }

    /// <summary>Why it ended before all steps were done; null where it did not.</summary>
    public string? EndedBy { get; init; }

    /// <summary>The step at which this run continued an earlier one; null where it started from the first.</summary>
    public long? ResumedFrom { get; init; }

    public required string Device { get; init; }

    /// <summary>What the networks were computed with: float32, bfloat16 or float16.</summary>
    public string? Precision { get; init; }

    /// <summary>Processor threads that they were computed with.</summary>
    public int? Threads { get; init; }

    /// <summary>Processes that trained together, with as many threads each; null for one.</summary>
    public int? Processes { get; init; }

    public required int Images { get; init; }
    public required int SkippedImages { get; init; }
    public required NetworkSizes Parameters { get; init; }
    public required double ImagesPerSecond { get; init; }
    public required double DiscriminatorLoss { get; init; }
    public required double GeneratorLoss { get; init; }

    /// <summary>Share of real images that the discriminator takes for real.</summary>
    public required double RealAccuracy { get; init; }

    /// <summary>Share of generated images that it takes for generated.</summary>
    public required double GeneratedAccuracy { get; init; }

    /// <summary>
    /// Of a training under a linear decay that was made longer or shorter on its way: from which step on it was to have how many.
    /// </summary>
    public IReadOnlyList<PlannedSteps>? Planned { get; init; }

    /// <summary>
    /// What was wrong in it, see <see cref="Diagnosis"/>; empty where nothing was, null in runs of before there was a diagnosis.
    /// </summary>
    public IReadOnlyList<TrainingConditionMetrics>? Conditions { get; init; }

    /// <summary>Null where the generator was not measured during the training.</summary>
    public BestGenerator? Best { get; init; }

    /// <summary>The last checkpoint, relative to the run's folder.</summary>
    public required string Checkpoint { get; init; }
}

/// <summary>A condition of the training.</summary>
/// <param name="Condition">Its name, such as mode-collapse.</param>
/// <param name="From">Steps done when it was told.</param>
/// <param name="To">Steps done when it was over; null where it was not.</param>
internal sealed record TrainingConditionMetrics(string Condition, long From, long? To);

/// <summary>Numbers of parameters.</summary>
internal sealed record NetworkSizes(long? Generator, long? Discriminator);

/// <summary>The best generator during the training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Frechet">Its Frechet distance; null of one that translates.</param>
/// <param name="L1">The mean absolute difference from targets of one that translates, black at 0 and white at 1; else null.</param>
internal sealed record BestGenerator(long Step, double? Frechet, double? L1 = null);

/// <summary>The training of a classifier.</summary>
internal sealed record ClassifierTrainMetrics
{
    /// <summary>Of the whole training, parts before an interruption included.</summary>
    public required double Seconds { get; init; }

    public required long Steps { get; init; }
    public long? ResumedFrom { get; init; }
    public required int Images { get; init; }
    public required int Classes { get; init; }

    /// <summary>Share of held-out images whose first attribute is read right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The same for each attribute.</summary>
    public required IReadOnlyDictionary<string, double> Accuracies { get; init; }

    /// <summary>How many images were held out.</summary>
    public required int HeldOut { get; init; }

    public required double Loss { get; init; }
    public required double ImagesPerSecond { get; init; }
}

/// <summary>The training of a text encoder; loss and accuracy are those of the last log interval.</summary>
internal sealed record TextEncoderTrainMetrics
{
    /// <summary>Of the whole training, parts before an interruption included.</summary>
    public required double Seconds { get; init; }

    public required long Steps { get; init; }
    public long? ResumedFrom { get; init; }
    public required int Images { get; init; }

    /// <summary>Ids of the vocabulary, padding and unknown among them.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Ids that a text has.</summary>
    public required int TextLength { get; init; }

    public required double Loss { get; init; }

    /// <summary>Share of training pictures whose own caption was nearest of those of their batch.</summary>
    public required double Accuracy { get; init; }

    public required double ImagesPerSecond { get; init; }
}

/// <summary>Whether test pictures find their captions.</summary>
internal sealed record RetrievalMetrics
{
    public required int Pictures { get; init; }

    /// <summary>Captions that each chose from.</summary>
    public required int Candidates { get; init; }

    /// <summary>Share of pictures that found their own (R-precision, Xu et al. 2018).</summary>
    public required double RPrecision { get; init; }

    /// <summary>Share of pictures that were nearest to their class; null where there are no classes.</summary>
    public double? ClassAccuracy { get; init; }

    /// <summary>Pictures of combinations that no training picture has; 0 where none are held out.</summary>
    public int HeldOutPictures { get; init; }

    /// <summary>R-precision of pictures of combinations that training had; null where none are held out.</summary>
    public double? SeenRPrecision { get; init; }

    /// <summary>R-precision of pictures of held-out combinations; null where there are none.</summary>
    public double? HeldOutRPrecision { get; init; }

    /// <summary>Share of test captions that have a word which the vocabulary lacks.</summary>
    public required double CaptionsWithUnknownWords { get; init; }
}

/// <summary>What the trainings of all kinds have in common.</summary>
internal sealed record TrainedSteps(long Steps);
