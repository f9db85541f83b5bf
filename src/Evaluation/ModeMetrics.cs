namespace GanPipeline.Evaluation;

/// <summary>
/// How many of a data set's modes samples reach, and how evenly: the test of mode collapse of Metz et al. 2017 (Unrolled Generative
/// Adversarial Networks) and Lin et al. 2018 (PacGAN).
/// </summary>
/// <remarks>
/// With p the data's shares of the modes, and q those of the samples, the divergence is KL(q || p) = sum over modes of q ln(q / p), in
/// nats, from the samples to the data. A mode without samples adds nothing to it, as the limit of q ln q is 0; it is missing from
/// <see cref="Modes"/>. Nothing is smoothed. Samples of a mode that the data lack (p = 0), for which the sum would be infinite, are left
/// out of q and counted in <see cref="Outside"/>. The figures depend on the number of samples: a perfect generator has about (K - 1) /
/// (2 N) for N samples of K modes, 0.019 for 26,000 of 1000. Compare only figures of as many samples.
/// </remarks>
public sealed record ModeMetrics
{
    /// <summary>The number of modes with at least one sample.</summary>
    public required int Modes { get; init; }

    /// <summary>The standard error of <see cref="Modes"/>, by the jackknife over the samples; see <see cref="KlError"/>.</summary>
    public required double ModesError { get; init; }

    /// <summary>KL(samples || data) in nats, 0 or more; not a number if no sample shows a mode of the data.</summary>
    public required double KlDivergence { get; init; }

    /// <summary>
    /// The standard error of <see cref="KlDivergence"/>, by the jackknife over the samples (Efron and Stein 1981): what other samples of
    /// the same generator would change. Other trainings differ by more. Where samples and data are nearly alike it is too large, by up to
    /// the root of 2.
    /// </summary>
    public required double KlError { get; init; }

    /// <summary>K, the number of modes that the data have.</summary>
    public required int DataModes { get; init; }

    /// <summary>All samples, those outside the data's modes included.</summary>
    public required long Images { get; init; }

    /// <summary>Samples of modes that the data lack.</summary>
    public required long Outside { get; init; }

    /// <summary>The metrics of a histogram.</summary>
    /// <param name="counts">Samples of each mode.</param>
    /// <param name="shares">The data's share of each mode; 0 for one that they lack. They need not add up to 1.</param>
    /// <param name="outside">Further samples, of no mode.</param>
    /// <exception cref="ArgumentException">
    /// Different lengths, a negative number, no share above 0, or fewer samples than modes, of which not all could have one.
    /// </exception>
    public static ModeMetrics Compute(IReadOnlyList<long> counts, IReadOnlyList<double> shares, long outside = 0)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfNegative(outside);
        if (counts.Count != shares.Count)
            throw new ArgumentException($"There are {counts.Count} counts, but {shares.Count} shares.", nameof(counts));
        if (counts.Any(count => count < 0)) throw new ArgumentException("A count is negative.", nameof(counts));
        if (!shares.All(share => share >= 0 && double.IsFinite(share)) || !shares.Any(share => share > 0))
            throw new ArgumentException("Shares must be 0 or more, and one of them above 0.", nameof(shares));
        var all = shares.Sum();
        (long Count, double Share)[] modes =
            [.. counts.Zip(shares, (count, share) => (count, share / all)).Where(mode => mode.Item2 > 0)];
        var images = counts.Sum() + outside;
        if (images < modes.Length)
            throw new ArgumentException($"{images} samples cannot show {modes.Length} modes: at least as many samples are needed " +
                "(published figures have 26,000 for 1000 modes).", nameof(counts));

        var inside = modes.Sum(mode => mode.Count);
        var sum = modes.Sum(mode => Term(mode.Count, mode.Share));
        var reached = modes.Count(mode => mode.Count > 0);
        return new()
        {
            Modes = reached,
            ModesError = Jackknife(mode => mode.Count == 1 ? reached - 1 : reached),
            KlDivergence = inside == 0 ? double.NaN : Math.Max(0, Divergence(sum, inside)),
            KlError = Jackknife(mode =>
                Divergence(sum - Term(mode.Count, mode.Share) + Term(mode.Count - 1, mode.Share), inside - 1)),
            DataModes = modes.Length,
            Images = images,
            Outside = images - inside,
        };

        // The sum of q ln(q / p) is (the sum of n ln(n / p)) / N - ln N.
        static double Term(long count, double share) => count == 0 ? 0 : count * Math.Log(count / share);
        static double Divergence(double sum, long n) => sum / n - Math.Log(n);

        // All samples of a mode leave the same figure behind when one of them is left out.
        double Jackknife(Func<(long Count, double Share), double> without)
        {
            if (inside < 2) return double.NaN;
            var left = modes.Where(mode => mode.Count > 0).Select(mode => (mode.Count, Figure: without(mode))).ToArray();
            var mean = left.Sum(l => l.Count * l.Figure) / inside;
            return Math.Sqrt((inside - 1.0) / inside * left.Sum(l => l.Count * (l.Figure - mean) * (l.Figure - mean)));
        }
    }
}
