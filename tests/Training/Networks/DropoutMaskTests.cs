namespace GanPipeline.Training.Tests;

public class DropoutMaskTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void So_many_values_become_0_and_the_others_keep_the_expectation(double p)
    {
        var mask = new float[1_000_003];
        DropoutMask.Fill(mask, p, seed: 7);
        var zeros = mask.Count(factor => factor == 0);
        // Four standard deviations of a binomial share of a million.
        Assert.InRange((double)zeros / mask.Length, p - 4 * Math.Sqrt(p * (1 - p) / mask.Length), p + 4 * Math.Sqrt(p * (1 - p) /
            mask.Length));
        // The probability is taken to 1/65,536.
        Assert.All(mask.Where(factor => factor != 0).Distinct(), factor => Assert.InRange(factor * (1 - p), 0.9998, 1.0002));
    }

    [Fact]
    public void Neighbouring_values_seeds_and_lanes_are_independent()
    {
        const int count = 1 << 20;
        float[] mask = new float[count], other = new float[count];
        DropoutMask.Fill(mask, 0.5, seed: 1);
        DropoutMask.Fill(other, 0.5, seed: 2);
        // Five standard deviations of a correlation of a million pairs.
        Assert.All(new[] { 1, 2, 4, 7, 8, 16, 32, 1024 }, distance => Assert.InRange(Correlation(mask, mask, distance), -0.005, 0.005));
        Assert.InRange(Correlation(mask, other, 0), -0.005, 0.005);

        static double Correlation(float[] a, float[] b, int distance) =>
            Enumerable.Range(0, count - distance).Average(i => (a[i] - 1.0) * (b[i + distance] - 1.0));
    }

    [Fact]
    public void The_values_of_a_seed_are_those_they_were()
    {
        var mask = new float[16];
        DropoutMask.Fill(mask, 0.5, seed: 3);
        Assert.Equal("0110110001001110", string.Concat(mask.Select(factor => factor == 0 ? '0' : '1')));
    }

    [Fact]
    public void A_mask_of_any_length_is_filled_to_its_end()
    {
        var whole = new float[64];
        DropoutMask.Fill(whole, 0.5, seed: 3);
        for (var length = 0; length < whole.Length; length++)
        {
            var mask = Enumerable.Repeat(-1f, length).ToArray();
            DropoutMask.Fill(mask, 0.5, seed: 3);
            Assert.Equal(whole[..length], mask);
        }
    }
}
