using System.Runtime.Intrinsics;

namespace GanPipeline.Core.Tests;

public class LatentsTests
{
    /// <summary>The known answers that the authors of Philox publish with Random123 (kat_vectors, philox4x32 with 10 rounds).</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Philox_gives_the_published_answers(string counter, string key, string answer)
    {
        uint[] c = Words(counter), k = Words(key), expected = Words(answer);
        // The case under test in one lane, other counters in the others: lanes must not mix.
        for (var lane = 0; lane < Philox.Lanes; lane++)
        {
            Vector256<uint> Lane(int word) => Vector256.Create((uint)word * 77 + 5).WithElement(lane, c[word]);
            Philox.Blocks(k[0], k[1], Lane(0), Lane(1), Lane(2), Lane(3), out var w0, out var w1, out var w2, out var w3);
            Assert.Equal(expected, new[] { w0[lane], w1[lane], w2[lane], w3[lane] });
        }
        Assert.Equal(expected, ScalarLatents.Philox(c, k));
    }

    /// <summary>Bits, not values: another machine, another .NET or a changed series must show.</summary>
    [Fact]
    public void Golden_latents_never_change()
    {
        Assert.Equal(_golden0, Latents.Normal(seed: 0, first: 0, count: 1, latentSize: 8).Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(_golden1, Latents.Normal(seed: -42, first: 5_000_000_000, count: 2, latentSize: 3)
            .Select(BitConverter.SingleToUInt32Bits));
    }

    private static readonly uint[] _golden0 =
        [0x3F7DBB31, 0xBF6CB6B0, 0xBF1E1B9F, 0xBEF6D1B2, 0xBE1D5354, 0x3E392A69, 0x3F54EC97, 0x3E4A2DA2];

    private static readonly uint[] _golden1 =
        [0xBEE1AC72, 0xBFC9EA77, 0x3F79A6C3, 0x3FB70242, 0x3E40589E, 0x3ECE18C5];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(512)]
    public void The_vectors_give_the_bits_of_scalar_arithmetic(int latentSize)
    {
        foreach (var seed in new[] { 0, 1, -1, long.MinValue, 0x1234_5678_9ABC })
        {
            const int count = 21;
            long first = 4_294_967_290; // the index's lower word wraps within the batch
            var actual = Latents.Normal(seed, first, count, latentSize);
            for (var i = 0; i < count; i++)
                Assert.Equal(ScalarLatents.Normal(seed, first + i, latentSize), actual.AsSpan(i * latentSize, latentSize).ToArray());
        }
    }

    [Fact]
    public void The_normal_transform_is_right_to_a_few_roundings()
    {
        // Against the same formula in double. Logarithm, root, angle and product lose a rounding of float32 or two each (6e-8): 3e-7
        // of the radius bounds them with some room. The uniform number's own rounding, at most 2^-25, moves the radius by 2^-25 / radius.
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            uint a = i < 40 ? (uint)(1L << (i % 32)) : (uint)random.NextInt64(1L << 32), b = (uint)random.NextInt64(1L << 32);
            BoxMuller.Normals(Vector256.Create(a), Vector256.Create(b), out var first, out var second);
            double radius = Math.Sqrt(-2 * Math.Log(((a >> 1) + 0.5) / (1u << 31))), angle = 2 * Math.PI * b / 4294967296.0;
            var tolerance = 3e-7 * radius + Math.ScaleB(1, -25) / radius;
            Assert.Equal(radius * Math.Cos(angle), first[3], tolerance);
            Assert.Equal(radius * Math.Sin(angle), second[3], tolerance);
        }
        BoxMuller.Normals(Vector256.Create(uint.MaxValue), Vector256.Create(0u), out var least, out _);
        BoxMuller.Normals(Vector256.Create(0u), Vector256.Create(0u), out var most, out _);
        Assert.Equal(0f, least[0], 1e-4f);
        Assert.InRange(most[0], 6.66f, 6.67f);
    }

    [Fact]
    public void A_latent_depends_on_seed_and_index_alone()
    {
        const int size = 100, count = 30_000; // enough to be made by several threads
        var whole = Latents.Normal(7, 1000, count, size);
        for (var first = 0; first < count; first += 7_501)
        {
            var n = Math.Min(7_501, count - first);
            Assert.True(whole.AsSpan(first * size, n * size).SequenceEqual(Latents.Normal(7, 1000 + first, n, size)));
        }
        Assert.Equal(whole[..10], Latents.Normal(7, 1000, 1, 10)); // a shorter latent begins a longer one
        Assert.Empty(whole.Take(size).Intersect(Latents.Normal(8, 1000, 1, size)));
    }

    [Fact]
    public void The_values_are_standard_normal()
    {
        // A million values of one fixed seed, so this is no gamble; the bounds are 5 standard errors of each statistic.
        const int n = 1_000_000;
        var z = Latents.Normal(2026, 0, n / 100, 100);
        var mean = z.Average(x => (double)x);
        double Moment(int power) => z.Average(x => Math.Pow(x, power));
        var error = 5 / Math.Sqrt(n);
        Assert.Equal(0, mean, error);
        Assert.Equal(1, Moment(2), error * Math.Sqrt(2));
        Assert.Equal(0, Moment(3), error * Math.Sqrt(15));
        Assert.Equal(3, Moment(4), error * Math.Sqrt(96));

        // Neighbours within a latent and the same place in successive latents are uncorrelated.
        foreach (var lag in new[] { 1, 2, 4, 100 })
            Assert.Equal(0, Enumerable.Range(0, n - lag).Average(i => (double)z[i] * z[i + lag]), error);

        // Kolmogorov-Smirnov: sqrt(n) D exceeds 1.95 once in a thousand.
        Array.Sort(z);
        double distance = 0;
        for (var i = 0; i < n; i++)
        {
            var p = MathNet.Numerics.Distributions.Normal.CDF(0, 1, z[i]);
            distance = Math.Max(distance, Math.Max(p - (double)i / n, (double)(i + 1) / n - p));
        }
        Assert.True(Math.Sqrt(n) * distance < 1.95, $"KS statistic {Math.Sqrt(n) * distance}");
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Latents.Normal(0, 0, -1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Latents.Normal(0, -1, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Latents.Normal(0, 0, 1, 0));
        var e = Assert.Throws<ArgumentException>(() => Latents.Normal(0, 0, 10, new float[15]));
        Assert.Contains("15 values", e.Message, StringComparison.Ordinal);
        Assert.Empty(Latents.Normal(0, 0, 0, 10));
    }

    private static uint[] Words(string hex) => [.. hex.Split(' ').Select(w => Convert.ToUInt32(w, 16))];

    /// <summary>
    /// Values within the threshold stay, the others are drawn again; together they have the moments of the truncated normal distribution.
    /// </summary>
    [Theory]
    [InlineData(0.5f)]
    [InlineData(1.5f)]
    public void Truncated_latents_have_no_value_beyond_the_threshold(float threshold)
    {
        const int size = 100, count = 4_000;
        var plain = Latents.Normal(11, 3, count, size);
        var truncated = new float[plain.Length];
        Latents.Truncated(11, 3, size, threshold, truncated);
        Assert.All(truncated, value => Assert.InRange(value, -threshold, threshold));
        for (var i = 0; i < plain.Length; i++)
            if (MathF.Abs(plain[i]) <= threshold) Assert.Equal(plain[i], truncated[i]);
        // Variance 1 - 2 t phi(t) / (2 Phi(t) - 1), by a sum over the interval; five standard errors of 400,000 draws.
        double mass = 0, second = 0;
        const int steps = 20_000;
        for (var i = 0; i < steps; i++)
        {
            var x = threshold * (2.0 * (i + 0.5) / steps - 1);
            var density = Math.Exp(-x * x / 2);
            (mass, second) = (mass + density, second + x * x * density);
        }
        var variance = second / mass;
        var n = truncated.Length;
        Assert.Equal(0, truncated.Average(v => (double)v), 5 * Math.Sqrt(variance / n));
        Assert.Equal(variance, truncated.Average(v => (double)v * v), 5 * threshold * threshold / Math.Sqrt(n));
        // As much of it as is asked for, from any place on.
        var part = new float[2 * size];
        Latents.Truncated(11, 5, size, threshold, part);
        Assert.Equal(truncated[(2 * size)..(4 * size)], part);
        Latents.Truncated(11, 3, size, null, truncated);
        Assert.Equal(plain, truncated);
        foreach (var wrong in new[] { 0, -1, float.NaN, 0.009f })
            Assert.Throws<ArgumentOutOfRangeException>(() => Latents.Truncated(0, 0, 10, wrong, new float[10]));
    }
}
