namespace GanPipeline.ML;

/// <summary>Which linear classifier is trained on features.</summary>
public enum LinearTrainer
{
    /// <summary>Multinomial logistic regression with an L2 penalty: ML.NET's <c>LbfgsMaximumEntropy</c>.</summary>
    LogisticRegression,

    /// <summary>One support vector machine for each class against the others, as in the paper: ML.NET's <c>LinearSvm</c> in
    /// <c>OneVersusAll</c>.</summary>
    LinearSvm,
}

/// <summary>How a <see cref="TransferExperiment"/> is done.</summary>
public sealed record TransferOptions
{
    /// <summary>The classifier.</summary>
    public LinearTrainer Trainer { get; init; }

    /// <summary>
    /// Regularisations to try, each above 0 and larger than the one before: the weight of half the squared norm beside the sum of the rows'
    /// losses for logistic regression, <c>Lambda</c> for support vector machines. Where the best is the first or the last, the search
    /// goes on beyond it. Empty takes <see cref="DefaultStrengths"/>.
    /// </summary>
    public IReadOnlyList<double> Strengths { get; init; } = [];

    /// <summary>The share of each class's training rows on which strengths are compared, above 0 and at most 0.5; the winner is then
    /// trained on all rows.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Decides draws and what is held out.</summary>
    public int Seed { get; init; }

    /// <summary>The most passes of one training, and thus its time.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>
    /// Of logistic regression: training ends where an iteration improves the loss by less than this part of it, on average over five. On
    /// digits the accuracy has long stopped to move by then, at about 40 iterations; ML.NET's own 1e-7 takes many times as long.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Processor threads; 0 takes all.</summary>
    public int Threads { get; init; }

    /// <summary>The strengths tried where none are named: decades.</summary>
    public static IReadOnlyList<double> DefaultStrengths(LinearTrainer trainer) =>
        trainer == LinearTrainer.LogisticRegression ? [0.01, 0.1, 1, 10, 100, 1000] : [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1];

    internal IReadOnlyList<double> StrengthsInUse => Strengths.Count > 0 ? Strengths : DefaultStrengths(Trainer);

    internal TransferOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Tolerance);
        if (!(ValidationShare > 0 && ValidationShare <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(ValidationShare), ValidationShare,
                "The share to hold out must be above 0 and at most 0.5.");
        var last = 0.0;
        foreach (var strength in Strengths)
        {
            if (!(strength > last && double.IsFinite(strength)))
                throw new ArgumentException($"The strengths must be above 0 and grow; {strength} follows {last}.", nameof(Strengths));
            last = strength;
        }
        return this;
    }
}
