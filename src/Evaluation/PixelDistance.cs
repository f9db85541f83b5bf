using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GanPipeline.Evaluation;

/// <summary>Sums of absolute differences of bytes.</summary>
internal static class PixelDistance
{
    // Bytes between two looks at the limit.
    private const int Chunk = 512;

    /// <summary>The sum over all bytes, or any number above the limit where the sum exceeds it.</summary>
    public static long Sum(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, long limit)
    {
        long sum = 0;
        for (var first = 0; first < a.Length && sum <= limit; first += Chunk)
        {
            var length = Math.Min(Chunk, a.Length - first);
            sum += Sum(a.Slice(first, length), b.Slice(first, length));
        }
        return sum;
    }

    private static long Sum(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var i = 0;
        long sum = 0;
        if (Avx2.IsSupported)
        {
            ref byte x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
            var sums = Vector256<ulong>.Zero;
            for (; i <= a.Length - 32; i += 32)
            {
                var (left, right) = (Vector256.LoadUnsafe(ref x, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i));
                sums += Avx2.SumAbsoluteDifferences(left, right).AsUInt64();
            }
            sum = (long)Vector256.Sum(sums);
        }
        for (; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]);
        return sum;
    }
}
