using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>Uniform numbers from 0 to below 1, a function of a seed alone.</summary>
internal static class UniformNoise
{
    private const int WordsPerBlock = 4;

    // So many of a word's bits are exact in a float below 1.
    private const int Bits = 24;

    /// <summary>The first numbers of a seed: less of them are the beginning of more.</summary>
    public static float[] Of(long seed, int count)
    {
        var noise = new float[count];
        Span<uint> words = stackalloc uint[WordsPerBlock * Philox.Lanes];
        for (var first = 0; first < count; first += words.Length)
        {
            var blocks = Vector256.Create((uint)(first / WordsPerBlock)) + Vector256<uint>.Indices;
            Philox.Blocks((uint)seed, (uint)(seed >> 32), blocks, default, default, default,
                out var w0, out var w1, out var w2, out var w3);
            w0.CopyTo(words);
            w1.CopyTo(words[Philox.Lanes..]);
            w2.CopyTo(words[(2 * Philox.Lanes)..]);
            w3.CopyTo(words[(3 * Philox.Lanes)..]);
            for (var i = 0; i < Math.Min(words.Length, count - first); i++)
                noise[first + i] = (words[i % WordsPerBlock * Philox.Lanes + i / WordsPerBlock] >> (32 - Bits)) / (float)(1 << Bits);
        }
        return noise;
    }
}
