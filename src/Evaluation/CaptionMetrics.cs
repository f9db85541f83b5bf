namespace GanPipeline.Evaluation;

/// <summary>Whether images show what captions of test pictures say.</summary>
public sealed record CaptionMetrics
{
    /// <summary>Captions that an image was made of.</summary>
    public required int Pictures { get; init; }

    /// <summary>Of pictures whose combination of attributes training showed; null where there are none.</summary>
    public CaptionAgreement? Seen { get; init; }

    /// <summary>Of pictures whose combination of attributes training never showed; null where there are none.</summary>
    public CaptionAgreement? HeldOut { get; init; }
}

/// <summary>How images agree with captions.</summary>
public sealed record CaptionAgreement
{
    /// <summary>The captions.</summary>
    public required int Pictures { get; init; }

    /// <summary>
    /// For each attribute that the classifier reads: how often it reads that of the caption's picture. Attributes that captions do not
    /// mention cannot be above chance.
    /// </summary>
    public required IReadOnlyDictionary<string, LabelAgreement> Fields { get; init; }

    /// <summary>R-precision by the text encoder's own space; null where it was not measured, or there are too few captions.</summary>
    public RPrecisions? RPrecision { get; init; }
}

/// <summary>Shares of images that are nearer to their own caption than to 99 others (Xu et al. 2018).</summary>
/// <param name="Samples">Of generated images.</param>
/// <param name="Real">Of the captions' own pictures.</param>
public sealed record RPrecisions(double Samples, double Real);
