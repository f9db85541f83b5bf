using System.Globalization;

namespace GanPipeline.Evaluation.Tests;

public sealed class KernelDistanceTests
{
    [Fact]
    public void A_small_case_by_hand()
    {
        // One feature. k(0, 1) = 1; k(1, 2) = 27, k(1, 3) = 64, k(2, 3) = 343, k(0, y) = 1.
        Assert.Equal(1 + 343 - 2 * (1 + 1 + 27 + 64) / 4.0, Estimate([0, 1], [2, 3], 1), 1e-9);
        // Two features: the products are divided by 2. k((2, 0), (0, 2)) = 1; k((1, 1), (3, 1)) = (4 / 2 + 1)^3.
        Assert.Equal(1 + 27 - 2 * (8 + 64 + 8 + 8) / 4.0, Estimate([2, 0, 0, 2], [1, 1, 3, 1], 2), 1e-9);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void NumPy_agrees()
    {
        using var folder = new TemporaryFolder();
        // Neither the vectors nor the features fill whole tiles.
        foreach (var (n, m, f) in new[] { (37, 53, 19), (16, 16, 8), (100, 3, 130) })
        {
            float[] x = Latents.Normal(1, 0, n, f), y = [.. Latents.Normal(2, 0, m, f).Select(v => 3 + 2 * v)];
            foreach (var (name, values) in new[] { ("x", x), ("y", y) })
                File.WriteAllBytes(folder[name], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
            var (_, answer, error) = Peers.Run("/usr/bin/python3", "-c", $"""
                import numpy as np
                x, y = (np.fromfile('{folder["."]}/' + n, np.float32).astype(float).reshape(-1, {f}) for n in 'xy')
                k = lambda a, b: (a @ b.T / {f} + 1) ** 3
                off = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
                print(repr(off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean()))
                """);
            Assert.True(double.TryParse(answer, CultureInfo.InvariantCulture, out var expected), error);
            Assert.Equal(expected, Estimate(x, y, f), Math.Abs(expected) * 1e-6); // products of float32
        }
    }

    [Theory]
    [InlineData(0, 1)] // the same distribution
    [InlineData(0.3, 1)]
    [InlineData(0, 1.5)]
    public void Of_Gaussians_it_is_known(double shift, double deviation)
    {
        // Of one feature, the discrepancy is the squared difference of the first three moments, weighted 3, 3, 1.
        double[] moments = [shift, shift * shift + deviation * deviation, Math.Pow(shift, 3) + 3 * shift * deviation * deviation];
        var expected = 3 * Square(moments[0]) + 3 * Square(moments[1] - 1) + Square(moments[2]);
        var found = KernelDistance.Compute(Latents.Normal(1, 0, 4000, 1), Moved(2, 4000, shift, deviation), 1);
        Assert.InRange(found.Mean, expected - 4 * found.Error, expected + 4 * found.Error);
        Assert.Equal((100, 1000), (found.Subsets, found.SubsetSize));
        if (expected > 0) Assert.True(found.Mean > 4 * found.Error, found.ToString());

        static double Square(double x) => x * x;
    }

    [Theory]
    [InlineData(0, 1.2, 3.2)] // nearly alike: too large, by up to the root of n / m = 10
    [InlineData(0.7, 0.75, 1.33)]
    public void The_error_is_about_the_deviation_of_repeated_samples(double shift, double least, double most)
    {
        // 40 pairs of sets of 500; a deviation of 40 is itself known within a tenth or so.
        var runs = Enumerable.Range(0, 40).Select(i => KernelDistance.Compute(
            Latents.Normal(2 * i, 0, 500, 3), Moved(2 * i + 1, 500 * 3, shift, 1), 3, subsetSize: 50, seed: i)).ToArray();
        var mean = runs.Average(r => r.Mean);
        var deviation = Math.Sqrt(runs.Sum(r => (r.Mean - mean) * (r.Mean - mean)) / 39);
        Assert.InRange(runs.Average(r => r.Error) / deviation, least, most);
    }

    [Fact]
    public void The_seed_decides_the_subsets()
    {
        float[] x = Latents.Normal(1, 0, 200, 4), y = Latents.Normal(2, 0, 150, 4);
        var first = KernelDistance.Compute(x, y, 4, seed: 5);
        Assert.Equal(first, KernelDistance.Compute(x, y, 4, seed: 5));
        Assert.NotEqual(first.Mean, KernelDistance.Compute(x, y, 4, seed: 6).Mean);
        Assert.Equal(75, first.SubsetSize); // half of the smaller set
        // Of subsets of two of four, each is one of six pairs: their mean over many subsets is that of all.
        float[] four = [0, 1, 2, 4], others = [1, 3, 5, 6];
        var few = KernelDistance.Compute(four, others, 1, subsets: 20_000);
        var all = Estimate(four, others, 1);
        Assert.InRange(few.Mean, all - 4 * few.Deviation / Math.Sqrt(20_000), all + 4 * few.Deviation / Math.Sqrt(20_000));
        Assert.True(few.Deviation > 1);
    }

    [Fact]
    public void Too_few_vectors_are_refused()
    {
        Assert.Contains("needs 4 vectors of each set or more; 3 given",
            Assert.Throws<ArgumentException>(() => KernelDistance.Compute(new float[6], new float[12], 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KernelDistance.Compute(new float[13], new float[12], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => KernelDistance.Compute(new float[12], new float[12], 2, subsets: 1));
        var three = new FeatureSet(new GaussianStatistics(2), new float[6], []);
        Assert.Null(three.KernelDistance(three));
        var four = new FeatureSet(new GaussianStatistics(2), new float[8], []);
        Assert.Equal(0, four.KernelDistance(four)!.Mean, 1e-12);
    }

    private static double Estimate(float[] x, float[] y, int features)
    {
        KernelBlock a = new(x.Length / features, features), b = new(y.Length / features, features);
        a.Fill(x);
        b.Fill(y);
        return KernelBlock.SquaredDiscrepancy(a, b);
    }

    private static float[] Moved(long seed, int values, double shift, double deviation) =>
        [.. Latents.Normal(seed, 0, values, 1).Select(v => (float)(shift + deviation * v))];
}
