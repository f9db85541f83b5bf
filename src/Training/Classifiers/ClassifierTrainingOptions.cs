namespace GanPipeline.Training;

/// <summary>How a classifier is trained.</summary>
public sealed record ClassifierTrainingOptions : FitOptions
{
    /// <summary>Passes over the training images, 1 to 100,000.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Images in a step; at least 2.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Decides the order of the images and the noise; at least 0. The first weights, which <see cref="Classifier.Create"/> draws, have a
    /// seed of their own; in a pipeline it is the same one.
    /// </summary>
    public long Seed { get; init; }

    /// <summary>Mirrors images left to right, half of them in each epoch.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Each image lies under Gaussian noise whose standard deviation is drawn from 0 to this; black is -1 and white 1; 0 adds none.
    /// Generated images have a faint grain, which a classifier that has seen clean images alone does not read.
    /// </summary>
    public double Noise { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Member, string Problem)> Problems()
    {
        foreach (var problem in SharedProblems(Epochs, BatchSize, Seed)) yield return problem;
        if (!(Noise >= 0 && double.IsFinite(Noise)))
            yield return (nameof(Noise), $"The noise's standard deviation is at least 0; got {Noise}.");
    }
}
