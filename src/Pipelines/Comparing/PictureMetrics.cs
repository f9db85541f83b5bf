using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>The metrics of samples against a reference. What could not be measured is null, and said in <see cref="Notes"/>.</summary>
internal sealed record PictureMetrics
{
    /// <summary>The samples.</summary>
    public required ComparedPictures Samples { get; init; }

    /// <summary>What they are measured by.</summary>
    public required ComparedPictures Reference { get; init; }

    /// <summary>The file whose features these are.</summary>
    public required string Features { get; init; }

    /// <summary>F, the features of a picture.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>FID: the Frechet distance of Inception's features by a published protocol; null in any others.</summary>
    public Measured? Fid { get; init; }

    /// <summary>Whose rules of resizing and range FID was taken by.</summary>
    public string? Protocol { get; init; }

    /// <summary>The Frechet distance in other features (Heusel et al. 2017, section 2).</summary>
    public Measured? Frechet { get; init; }

    /// <summary>The kernel distance (Binkowski et al. 2018).</summary>
    public KernelDistance? Kernel { get; init; }

    /// <summary>Precision, recall, density and coverage.</summary>
    public NeighbourMetrics? Neighbours { get; init; }

    /// <summary>The 1-nearest-neighbour two-sample accuracy (Lopez-Paz and Oquab 2017).</summary>
    public TwoSampleAccuracy? TwoSample { get; init; }

    /// <summary>The sliced Wasserstein distance of pixels (Bonneel et al. 2015).</summary>
    public Measured? Sliced { get; init; }

    /// <summary>The inception score with the features file's own classes (Salimans et al. 2016).</summary>
    public ScorePair? InceptionScore { get; init; }

    /// <summary>How often the features file's classifier reads the label that a picture has or was asked for.</summary>
    public SharePair? LabelsRead { get; init; }

    /// <summary>How alike pictures of a class are (Odena et al. 2017, section 4.2).</summary>
    public SimilarityPair? WithinClass { get; init; }

    /// <summary>What was done to the pictures, and what was not measured and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Pictures of one side.</summary>
/// <param name="Name">As the user named them.</param>
/// <param name="Images">How many were measured.</param>
/// <param name="Skipped">How many could not be read.</param>
/// <param name="Width">In pixels, before they were resized to the features' input.</param>
/// <param name="Height">The same.</param>
/// <param name="Channels">1 gray, 3 colour.</param>
internal sealed record ComparedPictures(string Name, long Images, int Skipped, int Width, int Height, int Channels);

/// <summary>A metric.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Error">Its standard error; null where there are too few pictures.</param>
internal sealed record Measured(double Value, double? Error);

/// <summary>A share of pictures of both sides; null where a side has no labels.</summary>
internal sealed record SharePair(Measured? Samples, Measured? Reference);

/// <summary>Inception scores of both sides.</summary>
internal sealed record ScorePair(InceptionScore? Samples, InceptionScore? Reference);

/// <summary>Similarities within classes of both sides.</summary>
internal sealed record SimilarityPair(ClassSimilarity? Samples, ClassSimilarity? Reference);
