namespace GanPipeline.Training;

/// <summary>How a text encoder is trained.</summary>
public sealed record TextEncoderTrainingOptions : FitOptions
{
    /// <summary>Passes over the training images, 1 to 100,000; each shows another caption of an image.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images in a step, each with a caption; at least 2. Each is told from the others of its batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Decides the order of the images and which captions are seen; at least 0. The first weights, which <see cref="TextEncoder.Create"/>
    /// draws, have a seed of their own; in a pipeline it is the same one.
    /// </summary>
    public long Seed { get; init; }

    /// <summary>
    /// Whether captions of any image of a class match all of its images, as in Reed et al. 2016; else those of images whose captions say
    /// the same.
    /// </summary>
    public bool MatchClasses { get; init; }

    /// <summary>Mirrors images left to right, half of them in each epoch; not for captions that tell left from right.</summary>
    public bool Flip { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Member, string Problem)> Problems() => SharedProblems(Epochs, BatchSize, Seed);
}
