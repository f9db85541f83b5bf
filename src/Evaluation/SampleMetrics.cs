namespace GanPipeline.Evaluation;

/// <summary>The metrics of samples, with those of real images, of an untrained generator and of noise for comparison.</summary>
internal sealed record SampleMetrics
{
    /// <summary>Distances to the test images.</summary>
    public required FrechetDistances Frechet { get; init; }

    /// <summary>Kernel distances to the test images; null if there are too few images.</summary>
    public KernelDistances? Kernel { get; init; }

    /// <summary>The inception score with the evaluator's own classes; null where it has none, or there are too few images.</summary>
    public InceptionScores? InceptionScore { get; init; }

    /// <summary>Sliced Wasserstein distances of pixels to the test images.</summary>
    public SlicedDistances? Sliced { get; init; }

    /// <summary>Whether samples repeat training images; null if that was not looked for, or there are too few images.</summary>
    public CopyMetrics? Copies { get; init; }

    /// <summary>Precision, recall, density and coverage of samples; null if there are too few images.</summary>
    public NeighbourMetrics? Samples { get; init; }

    /// <summary>The same of real training images.</summary>
    public NeighbourMetrics? Real { get; init; }

    /// <summary>Two-sample accuracies against the test images; null if there are too few images.</summary>
    public TwoSampleAccuracies? TwoSample { get; init; }

    /// <summary>What labelled samples are worth for training; null without classes.</summary>
    public ClassificationAccuracies? Classification { get; init; }

    /// <summary>How many modes the samples reach, and how evenly; null where the data's modes are not known.</summary>
    public ModeMetrics? Modes { get; init; }

    /// <summary>The same of real training images; null also if there are too few.</summary>
    public ModeMetrics? RealModes { get; init; }

    /// <summary>The numbers of images.</summary>
    public required ImageCounts Images { get; init; }

    /// <summary>
    /// Distances of the samples of the generator's smaller forms, by file; null where there are none. They are compared with that of the
    /// generator's own samples, of the same latents.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Reduced { get; init; }

    /// <summary>The file that computed the features.</summary>
    public required string Classifier { get; init; }

    /// <summary>F, the features of an image.</summary>
    public required int Features { get; init; }

    /// <summary>Whether images show what texts say; null for a generator that is told none.</summary>
    public CaptionMetrics? Captions { get; init; }

    /// <summary>Whether conditional samples show their labels; null for an unconditional generator.</summary>
    public LabelMetrics? Labels { get; init; }
}

/// <summary>Frechet distances to test images (Heusel et al. 2017, section 2).</summary>
/// <param name="Samples">Of the generator's samples.</param>
/// <param name="Real">Of real training images: the best that can be expected.</param>
/// <param name="Noise">Of uniform noise.</param>
/// <param name="Untrained">Of the same generator before its first step.</param>
internal sealed record FrechetDistances(double Samples, double Real, double Noise, double Untrained)
{
    /// <summary>
    /// The standard error of <see cref="Samples"/> over other samples; null if there are too few, or too many features for ten distances.
    /// </summary>
    public double? SamplesError { get; init; }
}

/// <summary>Kernel distances to test images (Binkowski et al. 2018).</summary>
/// <param name="Samples">Of the generator's samples.</param>
/// <param name="Real">Of real training images: the best that can be expected.</param>
internal sealed record KernelDistances(KernelDistance Samples, KernelDistance Real);

/// <summary>Inception scores (Salimans et al. 2016).</summary>
/// <param name="Samples">Of the generator's samples.</param>
/// <param name="Real">Of real training images.</param>
internal sealed record InceptionScores(InceptionScore Samples, InceptionScore Real);

/// <summary>Sliced Wasserstein distances of pixels to test images (Bonneel et al. 2015).</summary>
/// <param name="Samples">Of the generator's samples.</param>
/// <param name="Real">Of real training images: the best that can be expected.</param>
/// <param name="Images">Images of either set, at most.</param>
internal sealed record SlicedDistances(double Samples, double Real, int Images);

/// <summary>Numbers of images.</summary>
/// <param name="Test">Test images, the reference.</param>
/// <param name="Samples">Samples.</param>
/// <param name="Real">Real training images.</param>
/// <param name="Noise">Noise images.</param>
/// <param name="Untrained">Samples of the untrained generator.</param>
internal sealed record ImageCounts(long Test, long Samples, long Real, long Noise, long Untrained);

/// <summary>Accuracies of nearest neighbours of two sets (Lopez-Paz and Oquab 2017); 0.5 is best.</summary>
/// <param name="Samples">Of the generator's samples among test images.</param>
/// <param name="Real">Of real training images among them.</param>
internal sealed record TwoSampleAccuracies(TwoSampleAccuracy Samples, TwoSampleAccuracy Real);

/// <summary>Accuracies of linear classifiers of features on real test images (Ravuri and Vinyals 2019).</summary>
/// <param name="Samples">Of one trained on samples with the labels that they were asked for.</param>
/// <param name="Real">Of one trained on as many real images.</param>
/// <param name="Images">Training images of each.</param>
/// <param name="Test">Test images.</param>
internal sealed record ClassificationAccuracies(ClassificationAccuracy Samples, ClassificationAccuracy Real, int Images, int Test);

/// <summary>A share of test images, with its 95 % interval over other test images (Wilson 1927).</summary>
/// <param name="Share">Those whose class is told.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">Its upper end.</param>
internal sealed record ClassificationAccuracy(double Share, double Low, double High);
