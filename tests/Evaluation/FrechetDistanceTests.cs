namespace GanPipeline.Evaluation.Tests;

public class FrechetDistanceTests
{
    /// <summary>Two vectors at +-d on one axis have mean 0 and variance 2 d^2 there, so covariances can be made exactly.</summary>
    private static GaussianStatistics Diagonal(double[] mean, double[] deviations)
    {
        var n = mean.Length;
        var s = new GaussianStatistics(n);
        // 2n vectors; the variance on axis i is 2 d^2 / (2n - 1), so d is scaled to give deviations[i]^2.
        var scale = Math.Sqrt((2 * n - 1) / 2.0);
        for (var i = 0; i < n; i++)
        {
            foreach (var sign in new[] { 1, -1 })
            {
                float[] v = [.. mean.Select(m => (float)m)];
                v[i] += (float)(sign * scale * deviations[i]);
                s.Add(v);
            }
        }
        return s;
    }

    [Fact]
    public void Diagonal_covariances_have_a_closed_form()
    {
        double[] m1 = [1, -2, 0.5, 0], m2 = [0, 1, 0.5, 4], d1 = [1, 2, 0.25, 3], d2 = [2, 2, 0.5, 0];
        var expected = m1.Zip(m2, (a, b) => (a - b) * (a - b)).Sum() + d1.Zip(d2, (a, b) => (a - b) * (a - b)).Sum();
        // The vectors are float32: 6e-8 relative each.
        Assert.Equal(expected, FrechetDistance.Between(Diagonal(m1, d1), Diagonal(m2, d2)), 1e-5);
    }

    [Fact]
    public void Of_two_by_two_covariances_the_root_has_a_closed_form()
    {
        // tr (S1 S2)^(1/2) = sqrt(tr(S1 S2) + 2 sqrt(det S1 det S2)) for 2 x 2 matrices, by Cayley and Hamilton.
        GaussianStatistics a = Random(1, 500, [[1, 0.3], [0.2, 2]], [1, 2]), b = Random(2, 400, [[0.5, -0.9], [0.1, 1]], [-1, 0]);
        double[] s = a.Covariance(), t = b.Covariance();
        var trace = s[0] * t[0] + s[1] * t[2] + s[2] * t[1] + s[3] * t[3];
        double Det(double[] m) => m[0] * m[3] - m[1] * m[2];
        var root = Math.Sqrt(trace + 2 * Math.Sqrt(Det(s) * Det(t)));
        var shift = Math.Pow(a.Mean[0] - b.Mean[0], 2) + Math.Pow(a.Mean[1] - b.Mean[1], 2);
        Assert.Equal(shift + s[0] + s[3] + t[0] + t[3] - 2 * root, FrechetDistance.Between(a, b), 1e-12);
        Assert.Equal(FrechetDistance.Between(a, b), FrechetDistance.Between(b, a), 1e-12);
    }

    [Fact]
    public void Equal_statistics_are_at_distance_zero_even_when_singular()
    {
        // 10 vectors of 40 features: at most 9 of 40 eigenvalues are not zero.
        var values = Latents.Normal(1, 0, 10, 40);
        GaussianStatistics a = Of(values, 40), b = Of(values, 40);
        Assert.Equal(0, FrechetDistance.Between(a, b), 1e-12);
        // A shift moves the mean alone: its square, 40 * 0.25. Adding 0.5 rounds the values: 6e-8 each.
        var c = Of([.. values.Select(x => x + 0.5f)], 40);
        Assert.Equal(40 * 0.25, FrechetDistance.Between(a, c), 1e-5);
        // Constant images against varied ones: the trace of the varied ones' covariance.
        var constant = Of(new float[80], 40);
        double trace = Enumerable.Range(0, 40).Sum(i => a.Covariance()[i * 41]), mean = 0;
        foreach (var m in a.Mean) mean += m * m;
        Assert.Equal(trace + mean, FrechetDistance.Between(a, constant), 1e-9);
    }

    [Fact]
    public void It_falls_as_a_set_comes_nearer()
    {
        var real = Of(Latents.Normal(1, 0, 2000, 16), 16);
        double[] distances = [.. new[] { 2f, 1.5f, 1.1f, 1f }
            .Select(scale => FrechetDistance.Between(real, Of([.. Latents.Normal(2, 0, 2000, 16).Select(x => x * scale)], 16)))];
        Assert.Equal(distances.OrderDescending(), distances);
        Assert.InRange(distances[0], 13, 19); // 16 (2 - 1)^2, and the noise of 2,000 vectors
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FrechetDistance.Between(Of(new float[8], 2), Of(new float[9], 3)));
        Assert.Throws<InvalidOperationException>(() => FrechetDistance.Between(Of(new float[2], 2), Of(new float[4], 2)));
        Assert.Contains("Feature 1 of vector 2 is NaN",
            Assert.Throws<ArgumentException>(() => Of([0, 0, 0, 0, 0, float.NaN], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Of(new float[3], 2));
        Assert.Throws<ArgumentException>(() => Of(new float[4], 2).Merge(Of(new float[3], 3)));
    }

    [Fact]
    public void The_error_is_the_jackknifes_over_ten_groups()
    {
        const int n = 205, f = 3;
        float[] real = Latents.Normal(1, 0, n, f), sample = [.. Latents.Normal(2, 0, n, f).Select(x => x * 1.2f)];
        var distances = Enumerable.Range(0, 10).Select(g =>
        {
            int from = n * g / 10 * f, to = n * (g + 1) / 10 * f;
            return FrechetDistance.Between(Of(real, f), Of([.. sample[..from], .. sample[to..]], f));
        }).ToArray();
        var expected = Math.Sqrt(0.9 * distances.Sum(d => Math.Pow(d - distances.Average(), 2)));
        Assert.Equal(expected, FrechetDistance.Error(Of(real, f), sample), 1e-12);
        // Where all were kept, and where a quarter was.
        FeatureSet reference = new(Of(real, f), real, []), generated = new(Of(sample, f), sample, []);
        Assert.Equal(expected, reference.FrechetError(generated)!.Value, 1e-12);
        var more = Of([.. sample, .. sample, .. sample, .. sample], f);
        Assert.Equal(expected / 2, reference.FrechetError(generated with { Statistics = more })!.Value, 1e-12);
        Assert.Null(reference.FrechetError(new(Of(sample, f), sample.AsMemory(0, 19 * f), [])));
        Assert.NotNull(reference.FrechetError(new(Of(sample, f), sample.AsMemory(0, 20 * f), [])));
    }

    [Fact]
    public void The_error_is_about_the_deviation_of_repeated_samples()
    {
        // 40 samples of 400; a deviation of 40, and one of ten groups, are themselves known within a tenth or so.
        const int f = 4;
        var real = Of(Latents.Normal(1000, 0, 400, f), f);
        var samples = Enumerable.Range(0, 40).Select(i => Latents.Normal(i, 0, 400, f).Select(x => 0.5f + x).ToArray()).ToArray();
        var distances = samples.Select(s => FrechetDistance.Between(real, Of(s, f))).ToArray();
        var deviation = Math.Sqrt(distances.Sum(d => Math.Pow(d - distances.Average(), 2)) / 39);
        Assert.InRange(samples.Average(s => FrechetDistance.Error(real, s)) / deviation, 0.75, 1.33);
    }

    private static GaussianStatistics Of(float[] values, int features)
    {
        var s = new GaussianStatistics(features);
        s.Add(values);
        return s;
    }

    private static GaussianStatistics Random(long seed, int count, double[][] transform, double[] mean)
    {
        var z = Latents.Normal(seed, 0, count, 2);
        var values = new float[z.Length];
        for (var i = 0; i < count; i++)
            for (var k = 0; k < 2; k++)
                values[2 * i + k] = (float)(mean[k] + transform[k][0] * z[2 * i] + transform[k][1] * z[2 * i + 1]);
        return Of(values, 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1.3)]
    public void The_delta_method_agrees_with_the_jackknife(float shift, float scale)
    {
        // Vectors are a hundred times as many as features, so that both see the same first order.
        const int f = 12, n = 1200;
        var real = Latents.Normal(1, 0, n, f);
        float[] sample = [.. Latents.Normal(2, 0, n, f).Select((v, i) => i % 3 == 0 ? scale * v + shift : v)];
        var (first, second) = (new GaussianStatistics(f), new GaussianStatistics(f));
        first.Add(real);
        second.Add(sample);
        var (distance, error) = FrechetDistance.Measure(first, second, sample);
        Assert.Equal(FrechetDistance.Between(first, second), distance, 1e-9);
        // The jackknife's own deviation, of ten groups, is a quarter of it: 1 / sqrt(2 * 9).
        Assert.InRange(error / FrechetDistance.Error(first, sample), 0.5, 2);
    }

    [Fact]
    public void The_delta_method_has_the_distance_of_singular_covariances_too()
    {
        const int f = 30, n = 25;
        float[] real = Latents.Normal(1, 0, n, f), sample = [.. Latents.Normal(2, 0, n, f).Select(v => 2 * v + 1)];
        var (first, second) = (new GaussianStatistics(f), new GaussianStatistics(f));
        first.Add(real);
        second.Add(sample);
        var (distance, error) = FrechetDistance.Measure(first, second, sample);
        // Roots of eigenvalues that are 0 but for rounding: 1e-8 of the largest each.
        Assert.Equal(FrechetDistance.Between(first, second), distance, distance * 1e-6);
        Assert.True(error > 0);
    }
}
