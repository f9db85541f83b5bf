using MathNet.Numerics.Distributions;

namespace GanPipeline.Evaluation;

/// <summary>
/// Whether a generator repeats its training pictures: the distances of samples to their nearest training pictures, beside those of real
/// pictures that were held out of the training.
/// </summary>
/// <remarks>
/// Held-out pictures must come from the same distribution as the training pictures. Where they do not, such as new viewpoints, samples may
/// be nearer to the training pictures without a copy. Mirrored or shifted copies are found in the features alone, as far as these see past
/// it.
/// </remarks>
public sealed record CopyMetrics
{
    /// <summary>Below this chance under equal distributions, samples are said to be too near.</summary>
    public const double Level = 0.001;

    /// <summary>Euclidean distances of features.</summary>
    public required CopyDistances Features { get; init; }

    /// <summary>Mean absolute differences of 8-bit pixel values, 0 to 255.</summary>
    public required CopyDistances Pixels { get; init; }

    /// <summary>Samples that were looked at.</summary>
    public required int Samples { get; init; }

    /// <summary>Held-out pictures that they are compared with.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Training pictures among which the nearest ones were found.</summary>
    public required long Training { get; init; }

    /// <summary>Whether more samples are near a training picture than chance explains, in features or in pixels.</summary>
    public bool IsSuspected => Features.Chance < Level || Pixels.Chance < Level;
}

/// <summary>Distances to the nearest training picture, of samples and of held-out pictures.</summary>
public sealed record CopyDistances
{
    /// <summary>The fewest held-out pictures, of which one is the nearest 1 %.</summary>
    public const int LeastHeldOut = 100;

    // 95 %.
    private const double Deviations = 1.959964;

    /// <summary>The distance that 1 % of the held-out pictures do not exceed.</summary>
    public required double Threshold { get; init; }

    /// <summary>Samples below <see cref="Threshold"/>: nearer to a training picture than 99 % of real pictures are.</summary>
    public required int Nearer { get; init; }

    /// <summary><see cref="Nearer"/> as a share of the samples; about 0.01 is expected without copies.</summary>
    public required double Share { get; init; }

    /// <summary>The lower end of the 95 % interval of <see cref="Share"/> (Wilson 1927), with the threshold taken as it is.</summary>
    public required double ShareLow { get; init; }

    /// <summary>Its upper end.</summary>
    public required double ShareHigh { get; init; }

    /// <summary>
    /// The chance of as many samples below the threshold, or more, if samples and held-out pictures had the same distances: exact, with the
    /// chance of the threshold itself (hypergeometric).
    /// </summary>
    public required double Chance { get; init; }

    /// <summary>
    /// The Mann-Whitney statistic of all distances in standard deviations, after the test of Meehan et al. 2020, section 3: about 0 for
    /// equal distances, far below 0 (-3) where samples as a whole are nearer, above 0 where they are farther. Blurred pictures are nearer
    /// to everything, so that it does not tell of copies by itself.
    /// </summary>
    public required double MannWhitney { get; init; }

    /// <summary>Quantiles of the samples' distances, in the order of <see cref="Shares"/>.</summary>
    public required IReadOnlyList<double> SampleQuantiles { get; init; }

    /// <summary>The same of the held-out pictures.</summary>
    public required IReadOnlyList<double> HeldOutQuantiles { get; init; }

    /// <summary>The shares of the quantiles: from the least distance over the median to the largest.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

    /// <summary>Compares two sets of distances.</summary>
    /// <param name="samples">The distance of each sample to its nearest training picture.</param>
    /// <param name="heldOut">The same of held-out pictures.</param>
    /// <exception cref="ArgumentException">No sample, fewer than 100 held-out pictures, or a distance that is not a number.</exception>
    public static CopyDistances Compute(IReadOnlyCollection<double> samples, IReadOnlyCollection<double> heldOut)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(heldOut);
        if (samples.Count == 0) throw new ArgumentException("There is no sample.", nameof(samples));
        if (heldOut.Count < LeastHeldOut)
            throw new ArgumentException($"The nearest 1 % of held-out pictures need {LeastHeldOut} of them or more; {heldOut.Count} given.",
                nameof(heldOut));
        if (samples.Any(double.IsNaN)) throw new ArgumentException("A distance is not a number.", nameof(samples));
        if (heldOut.Any(double.IsNaN)) throw new ArgumentException("A distance is not a number.", nameof(heldOut));
        double[] ofSamples = [.. samples.Order()], ofHeldOut = [.. heldOut.Order()];
        int m = ofSamples.Length, n = ofHeldOut.Length, rank = n / 100;
        var threshold = ofHeldOut[rank - 1];
        var nearer = ofSamples.Count(distance => distance < threshold);
        var share = (double)nearer / m;
        var square = Deviations * Deviations;
        var middle = (share + square / (2 * m)) / (1 + square / m);
        var half = Deviations / (1 + square / m) * Math.Sqrt(share * (1 - share) / m + square / (4.0 * m * m));
        return new()
        {
            Threshold = threshold,
            Nearer = nearer,
            Share = share,
            // At the ends exactly, which rounding misses.
            ShareLow = nearer == 0 ? 0 : middle - half,
            ShareHigh = nearer == m ? 1 : middle + half,
            // At least x samples lie below the k-th held-out picture where of all, in order, the first x + k - 1 have at most k - 1 of
            // these.
            Chance = nearer == 0 ? 1 : Math.Clamp(Hypergeometric.CDF(m + n, n, nearer + rank - 1, rank - 1), 0, 1),
            MannWhitney = Statistic(ofSamples, ofHeldOut),
            SampleQuantiles = Quantiles(ofSamples),
            HeldOutQuantiles = Quantiles(ofHeldOut),
        };
    }

    // The normal approximation, with the correction for ties; 0 if all distances are equal.
    private static double Statistic(double[] samples, double[] heldOut)
    {
        (double Distance, bool IsSample)[] all =
            [.. samples.Select(d => (d, true)).Concat(heldOut.Select(d => (d, false))).OrderBy(d => d.Item1)];
        double ranks = 0, ties = 0, m = samples.Length, n = heldOut.Length;
        for (var first = 0; first < all.Length;)
        {
            var end = first;
            var among = 0;
            for (; end < all.Length && all[end].Distance == all[first].Distance; end++) among += all[end].IsSample ? 1 : 0;
            double equal = end - first;
            ranks += among * (first + (equal + 1) / 2);
            ties += equal * (equal * equal - 1);
            first = end;
        }
        var above = ranks - m * (m + 1) / 2; // pairs in which the sample is the farther one
        var variance = m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)));
        return variance > 0 ? (above - m * n / 2) / Math.Sqrt(variance) : 0;
    }

    private static double[] Quantiles(double[] ordered) =>
        [.. Shares.Select(share =>
        {
            var at = share * (ordered.Length - 1);
            var low = (int)at;
            return ordered[low] + (at - low) * (ordered[Math.Min(low + 1, ordered.Length - 1)] - ordered[low]);
        })];
}
