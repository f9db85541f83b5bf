namespace GanPipeline.Evaluation;

/// <summary>Whether conditional samples show their requested labels, compared with real images.</summary>
public sealed record LabelMetrics
{
    /// <summary>For each attribute that the classifier predicts: how often it predicts the label.</summary>
    public required IReadOnlyDictionary<string, LabelAgreement> Fields { get; init; }

    /// <summary>For each class, if the label is one categorical attribute: how varied its samples are.</summary>
    public IReadOnlyDictionary<string, ClassCoverage>? Classes { get; init; }

    /// <summary>The smallest <see cref="ClassCoverage.Ratio"/>.</summary>
    public double? LeastCoverageRatio { get; init; }

    /// <summary>
    /// How alike images of a class are, if the label is one categorical attribute; null also where there are too few images of each class,
    /// or they have fewer than 11 pixels a side.
    /// </summary>
    public ClassSimilarities? Similarity { get; init; }

    /// <summary>The accuracy of nearest-neighbour classifiers, if the label is one categorical attribute.</summary>
    public NearestNeighbourMetrics? NearestNeighbour { get; init; }
}

/// <summary>How often a classifier predicts the label of an attribute.</summary>
/// <param name="Samples">Share of samples.</param>
/// <param name="Real">Share of test images.</param>
/// <param name="Ratio">Samples over real.</param>
public sealed record LabelAgreement(double Samples, double Real, double Ratio);

/// <summary>Coverage (Naeem et al. 2020) within a class.</summary>
/// <param name="Coverage">Of samples; null if there are too few.</param>
/// <param name="RealCoverage">Of real training images.</param>
/// <param name="Ratio">Samples over real.</param>
public sealed record ClassCoverage(double? Coverage, double? RealCoverage, double? Ratio);

/// <summary>The accuracy of nearest-neighbour classifiers on test images, 0 to 1.</summary>
/// <param name="Samples">Of one trained on samples.</param>
/// <param name="Real">Of one trained on real images.</param>
/// <param name="Images">The number of training images of each.</param>
public sealed record NearestNeighbourMetrics(double Samples, double Real, int Images);

/// <summary>How alike images of a class are (Odena, Olah and Shlens 2017, section 4.2).</summary>
/// <param name="Samples">Samples.</param>
/// <param name="Real">Real training images.</param>
public sealed record ClassSimilarities(ClassSimilarity Samples, ClassSimilarity Real);
