namespace GanPipeline.Core.Tests;

/// <summary>The latents' definition once more, one value at a time and without vectors.</summary>
internal static class ScalarLatents
{
    public static float[] Normal(long seed, long index, int latentSize)
    {
        var values = new float[latentSize];
        for (var block = 0; block * 4 < latentSize; block++)
        {
            var w = Philox([(uint)block, (uint)index, (uint)(index >> 32), 0], [(uint)seed, (uint)(seed >> 32)]);
            (var z0, var z1) = BoxMuller(w[0], w[1]);
            (var z2, var z3) = BoxMuller(w[2], w[3]);
            float[] four = [z0, z1, z2, z3];
            for (var k = 0; k < 4 && block * 4 + k < latentSize; k++) values[block * 4 + k] = four[k];
        }
        return values;
    }

    public static uint[] Philox(uint[] counter, uint[] key)
    {
        (var a, var b, var c, var d) = (counter[0], counter[1], counter[2], counter[3]);
        (var k0, var k1) = (key[0], key[1]);
        for (var round = 0; round < 10; round++, k0 += 0x9E3779B9, k1 += 0xBB67AE85)
        {
            ulong p = 0xD2511F53UL * a, q = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(q >> 32) ^ b ^ k0, (uint)q, (uint)(p >> 32) ^ d ^ k1, (uint)p);
        }
        return [a, b, c, d];
    }

    private static (float, float) BoxMuller(uint radius, uint angle)
    {
        var u = ((int)(radius >> 1) + 0.5f) * (1f / (1u << 31));
        int bits = BitConverter.SingleToInt32Bits(u), exponent = (bits - 0x3F3504F3) >> 23;
        var m = BitConverter.Int32BitsToSingle(bits - (exponent << 23));
        float s = (m - 1f) / (m + 1f), t = s * s;
        var series = (((1f / 9f * t + 1f / 7f) * t + 1f / 5f) * t + 1f / 3f) * t + 1f;
        var length = MathF.Sqrt(-2f * (exponent * 0.69314718f + (s + s) * series));

        var quarter = (angle + (1u << 29)) >> 30;
        float x = (int)(angle - (quarter << 30)) * 1.46291808e-9f, y = x * x;
        var sine = x + x * (y * (((1f / 362880f * y + -1f / 5040f) * y + 1f / 120f) * y + -1f / 6f));
        var cosine = ((((-1f / 3628800f * y + 1f / 40320f) * y + -1f / 720f) * y + 1f / 24f) * y + -0.5f) * y + 1f;
        (var c, var d) = (quarter & 3) switch
        {
            0 => (cosine, sine),
            1 => (-sine, cosine),
            2 => (-cosine, -sine),
            _ => (sine, -cosine),
        };
        return (length * c, length * d);
    }
}
