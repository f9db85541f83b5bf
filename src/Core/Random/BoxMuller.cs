using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>Pairs of independent standard normals from pairs of uniform words (Box and Muller 1958), to about 2e-7 relative.</summary>
/// <remarks>
/// Logarithm, sine and cosine are written out in float32 additions, multiplications, one division and one square root, each rounded
/// as IEEE 754 prescribes and never fused, so that every machine gets the same bits. The functions of C libraries differ in the last
/// bit. They are Taylor series, not tuned polynomials: the coefficients explain themselves, and one more term costs nothing measurable.
/// </remarks>
internal static class BoxMuller
{
    private const int HalfRootBits = 0x3F3504F3; // the float next to sqrt(1/2)

    /// <summary>One pair a lane; |values| stay below 6.67.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normals(Vector256<uint> radius, Vector256<uint> angle, out Vector256<float> first, out Vector256<float> second)
    {
        // u in [2^-32, 1]: 31 bits, because a signed integer converts with one exact rounding on every machine.
        var u = (Vector256.ConvertToSingle((radius >> 1).AsInt32()) + Vector256.Create(0.5f)) *
            Vector256.Create(1f / (1u << 31));
        var length = Vector256.Sqrt(Vector256.Create(-2f) * Log(u));
        SinCos(angle, out var sine, out var cosine);
        first = length * cosine;
        second = length * sine;
    }

    /// <summary>Natural logarithm of normal floats: x = m 2^e with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m - 1) / (m + 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Log(Vector256<float> x)
    {
        var exponent = (x.AsInt32() - Vector256.Create(HalfRootBits)) >> 23;
        var m = (x.AsInt32() - (exponent << 23)).AsSingle();
        var one = Vector256.Create(1f);
        var s = (m - one) / (m + one);
        var t = s * s; // at most 0.0295, so the first term left out is 2e-9 of the sum
        var sum = Vector256.Create(1f / 9f);
        sum = sum * t + Vector256.Create(1f / 7f);
        sum = sum * t + Vector256.Create(1f / 5f);
        sum = sum * t + Vector256.Create(1f / 3f);
        sum = sum * t + one;
        return Vector256.ConvertToSingle(exponent) * Vector256.Create(0.69314718f) + (s + s) * sum;
    }

    /// <summary>Sine and cosine of 2 pi w / 2^32: the nearest quarter turn is taken off in integers, the rest is a Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SinCos(Vector256<uint> w, out Vector256<float> sine, out Vector256<float> cosine)
    {
        var quarter = (w + Vector256.Create(1u << 29)) >> 30;
        var rest = (w - (quarter << 30)).AsInt32();
        var x = Vector256.ConvertToSingle(rest) * Vector256.Create(1.46291808e-9f); // 2 pi / 2^32
        var t = x * x; // at most (pi / 4)^2; the first terms left out are 3e-9 and 2e-10 of the sums

        var sin = Vector256.Create(1f / 362880f);
        sin = sin * t + Vector256.Create(-1f / 5040f);
        sin = sin * t + Vector256.Create(1f / 120f);
        sin = sin * t + Vector256.Create(-1f / 6f);
        sin = x + x * (t * sin);

        var cos = Vector256.Create(-1f / 3628800f);
        cos = cos * t + Vector256.Create(1f / 40320f);
        cos = cos * t + Vector256.Create(-1f / 720f);
        cos = cos * t + Vector256.Create(1f / 24f);
        cos = cos * t + Vector256.Create(-0.5f);
        cos = cos * t + Vector256.Create(1f);

        // An odd number of quarter turns swaps the two; half turns flip signs.
        var swap = Vector256.Equals(quarter & Vector256.Create(1u), Vector256.Create(1u)).AsSingle();
        var cosineSign = ((quarter + Vector256.Create(1u)) & Vector256.Create(2u)) << 30;
        var sineSign = (quarter & Vector256.Create(2u)) << 30;
        cosine = (Vector256.ConditionalSelect(swap, sin, cos).AsUInt32() ^ cosineSign).AsSingle();
        sine = (Vector256.ConditionalSelect(swap, cos, sin).AsUInt32() ^ sineSign).AsSingle();
    }
}
