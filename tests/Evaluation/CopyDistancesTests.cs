using System.Globalization;

namespace GanPipeline.Evaluation.Tests;

public sealed class CopyDistancesTests
{
    private static readonly double[] _heldOut = [.. Enumerable.Range(1, 200).Select(i => (double)i)];

    [Fact]
    public void What_is_nearer_than_99_percent_of_held_out_pictures_is_counted()
    {
        // 1 % of 200 are two: the distances 1 and 2.
        var found = CopyDistances.Compute([0, 1.5, 1.99, 2, 2.5, 100, 150, 160, 170, 180], _heldOut);
        Assert.Equal((2, 3, 0.3), (found.Threshold, found.Nearer, found.Share));
        // Wilson's interval of 3 of 10, as tables have it.
        Assert.Equal((0.1078, 0.6032), (Math.Round(found.ShareLow, 4), Math.Round(found.ShareHigh, 4)));
        // The quantiles of 1 to 200, by linear interpolation.
        Assert.Equal([1, 2.99, 20.9, 50.75, 100.5, 150.25, 180.1, 200], found.HeldOutQuantiles.Select(q => Math.Round(q, 6)));
        Assert.Equal((0, 180), (found.SampleQuantiles[0], found.SampleQuantiles[^1]));
        var none = CopyDistances.Compute([2, 3], _heldOut);
        Assert.Equal((0, 1.0, 0.0), (none.Nearer, none.Chance, none.ShareLow));
        Assert.Equal(1, CopyDistances.Compute([1, 0], _heldOut).ShareHigh);
    }

    [PeerFact("python3", "--version")]
    public void Chance_and_statistic_are_those_of_their_definitions()
    {
        // The chance by the number of samples before the k-th held-out picture; the statistic by pairs, with ties.
        double[] samples = [.. Latents.Normal(1, 0, 60, 1).Select(x => Math.Round(100 + 60 * (double)x)), 0, 0.5, 1, 1.5, 1.7];
        var found = CopyDistances.Compute(samples, _heldOut);
        Assert.True(found.Nearer >= 5);
        var (_, answer, error) = Peers.Run(Peers.Python, "-c", $"""
            from math import comb, sqrt
            from collections import Counter
            x = [{string.Join(", ", samples.Select(s => s.ToString(CultureInfo.InvariantCulture)))}]
            y = list(range(1, 201))
            m, n, k = len(x), len(y), 2
            near = sum(v < sorted(y)[k - 1] for v in x)
            print(sum(comb(k - 1 + j, j) * comb(n - k + m - j, m - j) for j in range(near, m + 1)) / comb(m + n, m))
            u = sum((a > b) + (a == b) / 2 for a in x for b in y)
            ties = sum(t ** 3 - t for t in Counter(x + y).values())
            print((u - m * n / 2) / sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)))))
            """);
        Assert.True(error.Length == 0, error);
        double[] expected =
            [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => double.Parse(l, CultureInfo.InvariantCulture))];
        Assert.Equal(expected[0], found.Chance, expected[0] * 1e-9);
        Assert.Equal(expected[1], found.MannWhitney, 1e-9);
    }

    [Fact]
    public void Equal_distributions_are_rarely_suspected()
    {
        // 400 tests of samples and held-out pictures alike: a chance below 5 % comes to at most 5 % of them, and some.
        var chances = Enumerable.Range(0, 400).Select(i => CopyDistances.Compute(
            [.. Latents.Normal(2 * i, 0, 300, 1).Select(x => (double)x)], [.. Latents.Normal(2 * i + 1, 0, 500, 1).Select(x => (double)x)]))
            .ToArray();
        Assert.InRange(chances.Count(c => c.Chance < 0.05), 2, 32);
        Assert.DoesNotContain(chances, c => c.Chance < CopyMetrics.Level / 10);
        // The statistic is standard normal.
        Assert.InRange(chances.Average(c => c.MannWhitney), -0.2, 0.2);
        Assert.InRange(chances.Average(c => c.MannWhitney * c.MannWhitney), 0.8, 1.2);
    }

    [Fact]
    public void Nearer_samples_give_a_statistic_below_0()
    {
        Assert.True(CopyDistances.Compute([.. _heldOut.Select(d => d / 2)], _heldOut).MannWhitney < -3);
        Assert.True(CopyDistances.Compute([.. _heldOut.Select(d => d * 2)], _heldOut).MannWhitney > 3);
        double[] equal = [.. Enumerable.Repeat(1.0, 100)];
        var none = CopyDistances.Compute(equal, equal);
        Assert.Equal((0, 0.0, 1.0), (none.Nearer, none.MannWhitney, none.Chance));
    }

    [Fact]
    public void Too_few_held_out_pictures_are_refused()
    {
        Assert.Contains("need 100 of them or more; 99 given", Fails([1], _heldOut[..99]), StringComparison.Ordinal);
        Assert.Equal(1, CopyDistances.Compute([1], _heldOut[..100]).Threshold);
        Assert.Contains("no sample", Fails([], _heldOut), StringComparison.Ordinal);
        Assert.Contains("not a number", Fails([double.NaN], _heldOut), StringComparison.Ordinal);
        Assert.Contains("not a number", Fails([1], [.. _heldOut, double.NaN]), StringComparison.Ordinal);

        static string Fails(double[] samples, double[] heldOut) =>
            Assert.Throws<ArgumentException>(() => CopyDistances.Compute(samples, heldOut)).Message;
    }
}
