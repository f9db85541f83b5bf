using GanPipeline.Inference;

namespace GanPipeline.Evaluation.Tests;

public class GaussianStatisticsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)] // a mean a thousand deviations from zero must cost no digits
    public void Mean_and_covariance_are_those_of_two_passes(float offset)
    {
        const int n = 1500, f = 7;
        float[] x = [.. Latents.Normal(3, 0, n, f).Select((v, i) => offset + v * (1 + i % f) + (i % f == 2 ? i / f * 1e-3f : 0))];
        var s = new GaussianStatistics(f);
        for (var first = 0; first < n; first += 400) s.Add(x.AsSpan(first * f, Math.Min(400, n - first) * f));

        var mean = new double[f];
        for (var i = 0; i < x.Length; i++) mean[i % f] += x[i] / (double)n;
        var covariance = s.Covariance();
        Assert.Equal(n, s.Count);
        for (var a = 0; a < f; a++)
        {
            Assert.Equal(mean[a], s.Mean[a], 1e-9);
            for (var b = 0; b < f; b++)
            {
                double expected = 0;
                for (var i = 0; i < n; i++) expected += (x[i * f + a] - mean[a]) * (x[i * f + b] - mean[b]) / (n - 1);
                Assert.Equal(expected, covariance[a * f + b], 1e-9);
            }
        }
    }

    [Fact]
    public void A_stream_of_images_gives_the_statistics_of_its_features()
    {
        using var generator = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 32 });
        using var model = FeatureModel.Load(TestModels.Features);
        var streamed = GaussianStatistics.FromImages(model, generator.SampleBatches(100, seed: 1, reuse: true));
        var expected = new GaussianStatistics(model.FeatureCount);
        expected.Add(model.Extract(generator.Sample(100, seed: 1)));
        Assert.Equal(100, streamed.Count);
        // Other batches, other kernels: see GeneratorModelTests.
        Assert.All(expected.Covariance().Zip(streamed.Covariance()), p => Assert.Equal(p.First, p.Second, 1e-4));
    }

    [Fact]
    public void Merged_parts_are_the_whole()
    {
        const int f = 5;
        var x = Latents.Normal(4, 0, 900, f);
        var whole = new GaussianStatistics(f);
        whole.Add(x);
        var merged = new GaussianStatistics(f);
        merged.Merge(new GaussianStatistics(f));
        foreach (var part in new[] { ..(f * 100), (f * 100)..(f * 101), (f * 101).. })
        {
            var s = new GaussianStatistics(f);
            s.Add(x.AsSpan(part));
            merged.Merge(s);
        }
        Assert.Equal(whole.Count, merged.Count);
        Assert.All(whole.Covariance().Zip(merged.Covariance()), p => Assert.Equal(p.First, p.Second, 1e-12));
    }
}
