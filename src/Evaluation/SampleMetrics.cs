namespace GanPipeline.Evaluation;

/// <summary>How good samples are. A number means nothing by itself, so real images, an untrained generator and noise stand beside them.</summary>
public sealed record SampleMetrics
{
    /// <summary>Distances to the test images.</summary>
    public required FrechetDistances Frechet { get; init; }

    /// <summary>Precision, recall, density and coverage of samples; null where there are too few images.</summary>
    public NeighbourMetrics? Samples { get; init; }

    /// <summary>The same of real training images.</summary>
    public NeighbourMetrics? Real { get; init; }

    /// <summary>How many images each was computed from.</summary>
    public required ImageCounts Images { get; init; }

    /// <summary>What the features come from.</summary>
    public required string Classifier { get; init; }

    /// <summary>F, the features of an image.</summary>
    public required int Features { get; init; }

    /// <summary>Whether conditional samples show what was asked for; null for an unconditional generator.</summary>
    public LabelMetrics? Labels { get; init; }
}

/// <summary>Frechet distances to test images (Heusel et al. 2017, section 2).</summary>
/// <param name="Samples">Of the generator's samples.</param>
/// <param name="Real">Of real training images: what cannot be beaten.</param>
/// <param name="Noise">Of uniform noise.</param>
/// <param name="Untrained">Of the same generator before its first step.</param>
public sealed record FrechetDistances(double Samples, double Real, double Noise, double Untrained);

/// <summary>Numbers of images.</summary>
/// <param name="Test">Test images, the reference.</param>
/// <param name="Samples">Samples.</param>
/// <param name="Real">Real training images.</param>
/// <param name="Noise">Noise images.</param>
/// <param name="Untrained">Samples of the untrained generator.</param>
public sealed record ImageCounts(long Test, long Samples, long Real, long Noise, long Untrained);
