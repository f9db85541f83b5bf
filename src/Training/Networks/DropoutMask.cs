using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GanPipeline.Training;

/// <summary>
/// Factors that drop values at random: xoshiro128++ (Blackman and Vigna 2021) in eight lanes, and 16 bits of its numbers for each factor.
/// </summary>
internal static class DropoutMask
{
    private const int Levels = 1 << 16;
    private const int Lanes = 8;

    /// <summary>Fills with 0 at a probability, and with the factor that keeps the expectation else.</summary>
    /// <param name="mask">What is filled.</param>
    /// <param name="p">The probability of 0, from 0 to below 1.</param>
    /// <param name="seed">Decides which become 0, the same on every processor.</param>
    public static void Fill(Span<float> mask, double p, long seed)
    {
        var kept = Math.Clamp((int)Math.Round((1 - p) * Levels), 1, Levels);
        var (limit, scale) = (Vector256.Create(kept), Vector256.Create((float)Levels / kept));
        var random = new Xoshiro(seed);
        var pairs = MemoryMarshal.Cast<float, (Vector256<float> Low, Vector256<float> High)>(mask);
        for (var i = 0; i < pairs.Length; i++) pairs[i] = Draw(ref random, limit, scale);
        var last = Draw(ref random, limit, scale);
        var rest = mask[(pairs.Length * 2 * Lanes)..];
        MemoryMarshal.Cast<(Vector256<float>, Vector256<float>), float>(new(ref last))[..rest.Length].CopyTo(rest);
    }

    private static (Vector256<float> Low, Vector256<float> High) Draw(ref Xoshiro random, Vector256<int> limit, Vector256<float> scale)
    {
        var bits = random.Next();
        return (Factors(bits & Vector256.Create((uint)Levels - 1)), Factors(bits >>> 16));

        Vector256<float> Factors(Vector256<uint> numbers) => Vector256.LessThan(numbers.AsInt32(), limit).AsSingle() & scale;
    }

    private struct Xoshiro
    {
        private Vector256<uint> _a;
        private Vector256<uint> _b;
        private Vector256<uint> _c;
        private Vector256<uint> _d;

        public Xoshiro(long seed)
        {
            Span<uint> words = stackalloc uint[4 * Lanes];
            for (var i = 0; i < words.Length; i++) words[i] = (uint)RandomSeeds.Mix(seed, i);
            (_a, _b, _c, _d) = (Vector256.Create<uint>(words), Vector256.Create<uint>(words[Lanes..]),
                Vector256.Create<uint>(words[(2 * Lanes)..]), Vector256.Create<uint>(words[(3 * Lanes)..]));
        }

        public Vector256<uint> Next()
        {
            var result = Rotate(_a + _d, 7) + _a;
            var shifted = _b << 9;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = Rotate(_d, 11);
            return result;
        }

        private static Vector256<uint> Rotate(Vector256<uint> x, int by) => (x << by) | (x >>> (32 - by));
    }
}
