using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GanPipeline;

/// <summary>
/// Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011),
/// section 3.3: a keyed bijection of a 128-bit counter. Any part of the stream can be computed without the parts before it.
/// </summary>
internal static class Philox
{
    /// <summary>Blocks computed at once.</summary>
    public const int Lanes = 8;

    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>Eight blocks of four words: word k of block b is lane b of the k-th vector.</summary>
    public static void Blocks(
        uint key0, uint key1,
        Vector256<uint> c0, Vector256<uint> c1, Vector256<uint> c2, Vector256<uint> c3,
        out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3)
    {
        // Every 32-bit word sits in the lower half of a 64-bit lane, where products have room: blocks 0, 2, 4, 6 in one set of
        // vectors, 1, 3, 5, 7 in another. The upper halves may hold anything.
        Vector256<ulong> e0 = c0.AsUInt64(), e1 = c1.AsUInt64(), e2 = c2.AsUInt64(), e3 = c3.AsUInt64();
        Vector256<ulong> o0 = e0 >> 32, o1 = e1 >> 32, o2 = e2 >> 32, o3 = e3 >> 32;
        for (var round = 0; round < Rounds; round++)
        {
            Vector256<ulong> k0 = Vector256.Create((ulong)key0), k1 = Vector256.Create((ulong)key1);
            Round(k0, k1, ref e0, ref e1, ref e2, ref e3);
            Round(k0, k1, ref o0, ref o1, ref o2, ref o3);
            key0 += Weyl0;
            key1 += Weyl1;
        }
        w0 = Join(e0, o0);
        w1 = Join(e1, o1);
        w2 = Join(e2, o2);
        w3 = Join(e3, o3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<ulong> k0, Vector256<ulong> k1,
        ref Vector256<ulong> x0, ref Vector256<ulong> x1, ref Vector256<ulong> x2, ref Vector256<ulong> x3)
    {
        Vector256<ulong> p0 = Product(x0, Multiplier0), p1 = Product(x2, Multiplier1);
        x0 = (p1 >> 32) ^ x1 ^ k0;
        x2 = (p0 >> 32) ^ x3 ^ k1;
        x1 = p1;
        x3 = p0;
    }

    /// <summary>The 64-bit products of the lanes' lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> x, uint multiplier) => Avx2.IsSupported
        ? Avx2.Multiply(x.AsUInt32(), Vector256.Create(multiplier))
        : (x & Vector256.Create((ulong)uint.MaxValue)) * multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Join(Vector256<ulong> even, Vector256<ulong> odd) =>
        ((even & Vector256.Create((ulong)uint.MaxValue)) | (odd << 32)).AsUInt32();
}
