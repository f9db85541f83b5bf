namespace GanPipeline.Evaluation;

/// <summary>Whether conditional samples show what was asked for, beside the same of real images.</summary>
public sealed record LabelMetrics
{
    /// <summary>For each attribute that the classifier reads: how often it reads what was asked for.</summary>
    public required IReadOnlyDictionary<string, LabelAgreement> Fields { get; init; }

    /// <summary>For each class, where the label is one categorical attribute: how varied its samples are.</summary>
    public IReadOnlyDictionary<string, ClassCoverage>? Classes { get; init; }

    /// <summary>The smallest <see cref="ClassCoverage.Ratio"/>.</summary>
    public double? LeastCoverageRatio { get; init; }

    /// <summary>A nearest-neighbour classifier trained on samples, where the label is one categorical attribute.</summary>
    public NearestNeighbourMetrics? NearestNeighbour { get; init; }
}

/// <summary>How often a classifier reads an attribute as the label says.</summary>
/// <param name="Samples">Share of samples.</param>
/// <param name="Real">Share of test images.</param>
/// <param name="Ratio">Samples over real.</param>
public sealed record LabelAgreement(double Samples, double Real, double Ratio);

/// <summary>Coverage (Naeem et al. 2020) within a class.</summary>
/// <param name="Coverage">Of samples; null where there are too few.</param>
/// <param name="RealCoverage">Of real training images.</param>
/// <param name="Ratio">Samples over real.</param>
public sealed record ClassCoverage(double? Coverage, double? RealCoverage, double? Ratio);

/// <summary>The accuracy on test images of classifiers that know nothing but some images.</summary>
/// <param name="Samples">Of one that knows samples.</param>
/// <param name="Real">Of one that knows as many real images.</param>
/// <param name="Images">How many images each knows.</param>
public sealed record NearestNeighbourMetrics(double Samples, double Real, int Images);
