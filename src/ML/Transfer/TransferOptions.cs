namespace GanPipeline.ML;

/// <summary>Which linear classifier is trained on features.</summary>
public enum LinearTrainer
{
    /// <summary>Multinomial logistic regression with an L2 penalty: ML.NET's <c>LbfgsMaximumEntropy</c>.</summary>
    LogisticRegression,

    /// <summary>One support vector machine for each class against the others, as in the paper: ML.NET's <c>LinearSvm</c> in
    /// <c>OneVersusAll</c>, whose probabilities are calibrated on 10,000 training rows at most.</summary>
    LinearSvm,
}

/// <summary>How a <see cref="TransferExperiment"/> is done.</summary>
public sealed record TransferOptions
{
    /// <summary>The classifier.</summary>
    public LinearTrainer Trainer { get; init; }

    /// <summary>
    /// Regularisations to try, each above 0 and larger than the one before, as in <c>[0.1, 1, 10]</c>: the weight of half the squared
    /// norm beside the sum of the rows' losses for logistic regression, <c>Lambda</c> for support vector machines. The search goes on
    /// beyond an end that is best. Empty tries the decades from 0.01 to 1000, or from 1e-6 to 0.1 for support vector machines.
    /// </summary>
    public IReadOnlyList<double> Strengths { get; init; } = [];

    /// <summary>
    /// The share of each class's training images on which the strengths are compared, above 0 and at most 0.5; the best is then trained
    /// on all. The test images choose nothing.
    /// </summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Decides the draws and what is held out; at least 0.</summary>
    public int Seed { get; init; }

    /// <summary>The most passes of one training over its images, 1 to 100,000.</summary>
    public int MaximumIterations { get; init; } = 100;

    /// <summary>
    /// Of logistic regression: training ends where an iteration improves the loss by less than this share of it, on average over five;
    /// above 0. On digits the accuracy has settled by then, after about 40 iterations; ML.NET's own 1e-7 takes many times as long.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Processor threads; 0 takes all.</summary>
    public int Threads { get; init; }

    /// <summary>The strengths tried where none are named: decades.</summary>
    public static IReadOnlyList<double> DefaultStrengths(LinearTrainer trainer) =>
        trainer == LinearTrainer.LogisticRegression ? [0.01, 0.1, 1, 10, 100, 1000] : [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1];

    internal IReadOnlyList<double> StrengthsInUse => Strengths.Count > 0 ? Strengths : DefaultStrengths(Trainer);

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Trainer)) yield return (nameof(Trainer), $"There is no trainer {Trainer}.");
        if (Seed < 0) yield return (nameof(Seed), $"A seed is at least 0; got {Seed}.");
        if (MaximumIterations is < 1 or > 100_000)
            yield return (nameof(MaximumIterations), $"A training has from 1 to 100,000 iterations at most; got {MaximumIterations}.");
        if (Threads < 0) yield return (nameof(Threads), $"The number of threads is at least 0 (all processors); got {Threads}.");
        if (!(Tolerance > 0)) yield return (nameof(Tolerance), $"The tolerance is above 0; got {Tolerance}.");
        if (!(ValidationShare > 0 && ValidationShare <= 0.5))
            yield return (nameof(ValidationShare), $"The share to hold out is above 0 and at most 0.5; got {ValidationShare}.");
        var last = 0.0;
        foreach (var strength in Strengths)
        {
            if (!(strength > last && double.IsFinite(strength)))
                yield return (nameof(Strengths), $"The strengths are above 0 and grow from one to the next; got {strength} after {last}.");
            last = strength;
        }
    }

    internal TransferOptions Checked()
    {
        foreach (var (member, problem) in Problems())
            throw member == nameof(Strengths) ? new ArgumentException(problem, member) : new ArgumentOutOfRangeException(member, problem);
        return this;
    }
}
