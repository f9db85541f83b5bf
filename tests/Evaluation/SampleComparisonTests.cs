namespace GanPipeline.Evaluation.Tests;

public class SampleComparisonTests
{
    private const int Count = 40;

    /// <summary>Vectors that all have the same distance, 10 sqrt 2: the scale. Two of them have a similarity of exp(-1/2).</summary>
    private static readonly float[] _real = Rows(Count, (row, f) => row == f ? 10 : 0);
    private static readonly float[] _noise = Rows(Count, (row, f) => row == f ? -50 : 0);
    private static readonly SampleComparison _comparison = new(_real, _noise, Count);

    private static float[] Rows(int count, Func<int, int, double> value) =>
        [.. from row in Enumerable.Range(0, count) from f in Enumerable.Range(0, Count) select (float)value(row, f)];

    [Fact]
    public void Diversity_is_the_ratio_of_effective_numbers()
    {
        Assert.Equal(1, _comparison.Compare(_real).Diversity, 5);
        // All alike: the similarity is 1.
        Assert.Equal(Math.Exp(-0.5), _comparison.Compare(Rows(Count, (_, f) => f == 3 ? 10 : 0)).Diversity, 5);
        // Two kinds, far apart: of 780 pairs 380 are alike.
        var two = Rows(Count, (row, f) => f == row % 2 ? 1000 : 0);
        Assert.Equal(Math.Exp(-0.5) / (380.0 / 780), _comparison.Compare(two).Diversity, 5);
    }

    [Fact]
    public void Distance_is_0_at_real_images_and_1_at_noise()
    {
        Assert.Equal(1, _comparison.Compare(_noise).Distance, 5);
        // The unbiased estimate of equal sets lies below 0 by the vectors' own kernels, a tenth here.
        Assert.InRange(_comparison.Compare(_real).Distance, -0.2, 0.05);
    }

    [Fact]
    public void Novelty_is_the_distance_to_the_nearest_real_image_by_the_scale()
    {
        Assert.Equal(0, _comparison.Novelty(_real), 5);
        // A third of the way from one real image to another.
        var between = Rows(Count, (row, f) => f == row ? 10 * 2 / 3.0 : f == (row + 1) % Count ? 10 / 3.0 : 0);
        Assert.Equal(1 / 3.0, _comparison.Novelty(between), 5);
    }

    [Fact]
    public void Equal_real_images_are_no_division_by_zero()
    {
        var equal = Rows(Count, (_, _) => 1);
        var comparison = new SampleComparison(equal, _noise, Count);
        Assert.Equal(1, comparison.Compare(equal).Diversity, 5);
        Assert.Equal(0, comparison.Novelty(equal), 5);
    }

    [Fact]
    public void Too_few_or_broken_vectors_are_refused()
    {
        Assert.Contains("4 vectors", Assert.Throws<ArgumentException>(() => _comparison.Compare(_real.AsMemory(0, 3 * Count))).Message);
        Assert.Contains("multiple", Assert.Throws<ArgumentException>(() => _comparison.Novelty(_real.AsMemory(1))).Message);
    }
}

public class PixelVarianceTests
{
    private static ImageTensor Images(params float[] values) => new(values, values.Length / 2, 1, 1, 2);

    [Fact]
    public void It_is_the_mean_over_places()
    {
        // Unbiased: (1, 3) has a variance of 2 and (5, 5) of 0.
        Assert.Equal(1, PixelVariance.Of([Images(1, 5), Images(3, 5)]), 6);
        Assert.Throws<ArgumentException>(() => PixelVariance.Of([Images(1, 5)]));
    }

    [Fact]
    public void Of_pairs_it_is_half_the_mean_squared_difference()
    {
        Assert.Equal(1, PixelVariance.OfPairs([Images(1, 5, 0, 0)], [Images(3, 5), Images(0, 2), Images(9, 9)]), 6);
        Assert.Throws<ArgumentException>(() => PixelVariance.OfPairs([], [Images(1, 2)]));
    }
}
