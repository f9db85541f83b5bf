using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>Latents, the generator's input: standard normal vectors, each a function of its seed and index alone.</summary>
/// <remarks>
/// Philox 4x32-10 (Salmon et al. 2011) with the seed as key; the counter is (block of four values within the latent, index, index,
/// 0), where the index takes two words. Each block's four words make two Box-Muller pairs. So a latent has the same bits in every batch
/// and thread and on every machine, and a shorter latent is the beginning of a longer one.
/// </remarks>
public static class Latents
{
    private const int ValuesPerBlock = 4;

    // Below this, handing work to other threads costs more than it saves.
    private const int BlocksPerTask = 1 << 14;

    /// <summary>Fills <paramref name="destination"/> with latents <paramref name="first"/>, <paramref name="first"/> + 1, ...</summary>
    /// <param name="seed">Any number. Different seeds give independent latents.</param>
    /// <param name="first">Index of the first latent, 0 or more.</param>
    /// <param name="latentSize">Values of one latent.</param>
    /// <param name="destination">Row-major [count, latentSize]. Its length must be a multiple of <paramref name="latentSize"/> and sets the
    /// count.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="first"/> is negative or <paramref name="latentSize"/> not positive.
    /// </exception>
    /// <exception cref="ArgumentException">The length is no multiple of <paramref name="latentSize"/>.</exception>
    public static unsafe void Normal(long seed, long first, int latentSize, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latentSize);
        var count = Math.DivRem(destination.Length, latentSize, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"The destination holds {destination.Length} values, which is not a multiple of the latent size " +
                $"{latentSize}.", nameof(destination));
        _ = checked(first + count);

        var blocks = (long)count * BlocksOf(latentSize);
        if (blocks <= BlocksPerTask)
        {
            Fill(seed, first, latentSize, destination);
            return;
        }
        fixed (float* start = destination)
        {
            var address = (nint)start;
            var latentsPerTask = Math.Max(1, BlocksPerTask / BlocksOf(latentSize));
            var tasks = (count + latentsPerTask - 1) / latentsPerTask;
            Parallel.For(0, tasks, task =>
            {
                int from = task * latentsPerTask, n = Math.Min(latentsPerTask, count - from);
                var part = new Span<float>((float*)address + (long)from * latentSize, n * latentSize);
                Fill(seed, first + from, latentSize, part);
            });
        }
    }

    /// <summary>
    /// Latents <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> - 1, row-major [count, latentSize].
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A negative <paramref name="count"/> or <paramref name="first"/>, or a latent size that is not positive.
    /// </exception>
    public static float[] Normal(long seed, long first, int count, int latentSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latentSize);
        var latents = new float[checked(count * latentSize)];
        Normal(seed, first, latentSize, latents);
        return latents;
    }

    private static int BlocksOf(int latentSize) => (latentSize + ValuesPerBlock - 1) / ValuesPerBlock;

    [SkipLocalsInit]
    private static void Fill(long seed, long first, int latentSize, Span<float> destination)
    {
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        Span<uint> block = stackalloc uint[Philox.Lanes], low = stackalloc uint[Philox.Lanes], high = stackalloc uint[Philox.Lanes];
        Span<float> values = stackalloc float[ValuesPerBlock * Philox.Lanes];
        int blocksPerLatent = BlocksOf(latentSize), nextBlock = 0;
        var latent = first;
        for (var written = 0; written < destination.Length;)
        {
            for (var lane = 0; lane < Philox.Lanes; lane++)
            {
                block[lane] = (uint)nextBlock;
                low[lane] = (uint)latent;
                high[lane] = (uint)(latent >> 32);
                if (++nextBlock == blocksPerLatent)
                {
                    nextBlock = 0;
                    latent++;
                }
            }
            Compute(key0, key1, block, low, high, values);
            for (var lane = 0; lane < Philox.Lanes && written < destination.Length; lane++)
            {
                // The last block of a latent may have values to spare.
                var n = Math.Min(ValuesPerBlock, latentSize - ValuesPerBlock * (int)block[lane]);
                var target = destination.Slice(written, n);
                for (var k = 0; k < target.Length; k++) target[k] = values[k * Philox.Lanes + lane];
                written += n;
            }
        }
    }

    private static void Compute(uint key0, uint key1, ReadOnlySpan<uint> block, ReadOnlySpan<uint> low, ReadOnlySpan<uint> high,
        Span<float> values)
    {
        Philox.Blocks(key0, key1, Vector256.Create(block), Vector256.Create(low), Vector256.Create(high), Vector256<uint>.Zero,
            out var w0, out var w1, out var w2, out var w3);
        BoxMuller.Normals(w0, w1, out var z0, out var z1);
        BoxMuller.Normals(w2, w3, out var z2, out var z3);
        z0.CopyTo(values);
        z1.CopyTo(values[Philox.Lanes..]);
        z2.CopyTo(values[(2 * Philox.Lanes)..]);
        z3.CopyTo(values[(3 * Philox.Lanes)..]);
    }
}
