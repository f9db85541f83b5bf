using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>Latents, the generator's input: standard normal vectors, each a function of its seed and index alone.</summary>
/// <remarks>
/// Philox 4x32-10 (Salmon et al. 2011) with the seed as key; the counter is (block of four values within the latent, index, index,
/// attempt), where the index takes two words, and the attempt is 0 but for truncated latents. Each block's four words make two
/// Box-Muller pairs. So a latent has the same bits in every batch and thread and on every machine, and a shorter latent is the beginning
/// of a longer one.
/// </remarks>
public static class Latents
{
    /// <summary>The smallest threshold of <see cref="Truncated"/>: below it hardly any value is within.</summary>
    public const float SmallestTruncation = 0.01f;

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

    /// <summary>
    /// As <see cref="Normal(long, long, int, Span{float})"/>, without values that are farther from 0 than a threshold: such a value is
    /// drawn again until it is not, and the others stay as they are. This is the truncation trick of Brock, Donahue and Simonyan (2019),
    /// section 3.1: a smaller threshold makes the images more typical and less different from each other.
    /// </summary>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first latent, 0 or more.</param>
    /// <param name="latentSize">Values of one latent.</param>
    /// <param name="threshold">The largest absolute value, at least <see cref="SmallestTruncation"/>; null for no limit.</param>
    /// <param name="destination">Row-major [count, latentSize].</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="first"/> is negative, <paramref name="latentSize"/> not positive, or the threshold too small or no number.
    /// </exception>
    /// <exception cref="ArgumentException">The length is no multiple of <paramref name="latentSize"/>.</exception>
    public static void Truncated(long seed, long first, int latentSize, float? threshold, Span<float> destination)
    {
        if (threshold is { } given && !(given >= SmallestTruncation))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, $"A threshold is at least {SmallestTruncation}.");
        Normal(seed, first, latentSize, destination);
        if (threshold is not { } limit) return;
        var again = new float[latentSize];
        for (var start = 0; start < destination.Length; start += latentSize)
        {
            var latent = destination.Slice(start, latentSize);
            for (uint attempt = 1; Replace(latent, again, limit, isBegin: attempt == 1); attempt++)
                Fill(seed, first + start / latentSize, latentSize, again, attempt);
        }
    }

    /// <summary>Puts new values in the place of those beyond a threshold.</summary>
    /// <param name="latent">Is changed.</param>
    /// <param name="values">The new ones.</param>
    /// <param name="threshold">The largest absolute value.</param>
    /// <param name="isBegin">Whether there are no new ones yet.</param>
    /// <returns>Whether a value is beyond still.</returns>
    private static bool Replace(Span<float> latent, ReadOnlySpan<float> values, float threshold, bool isBegin)
    {
        var isBeyond = false;
        for (var i = 0; i < latent.Length; i++)
        {
            if (MathF.Abs(latent[i]) <= threshold) continue;
            if (!isBegin) latent[i] = values[i];
            isBeyond |= !(MathF.Abs(latent[i]) <= threshold);
        }
        return isBeyond;
    }

    private static int BlocksOf(int latentSize) => (latentSize + ValuesPerBlock - 1) / ValuesPerBlock;

    [SkipLocalsInit]
    private static void Fill(long seed, long first, int latentSize, Span<float> destination, uint attempt = 0)
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
            Compute(key0, key1, block, low, high, attempt, values);
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
        uint attempt, Span<float> values)
    {
        Philox.Blocks(key0, key1, Vector256.Create(block), Vector256.Create(low), Vector256.Create(high), Vector256.Create(attempt),
            out var w0, out var w1, out var w2, out var w3);
        BoxMuller.Normals(w0, w1, out var z0, out var z1);
        BoxMuller.Normals(w2, w3, out var z2, out var z3);
        z0.CopyTo(values);
        z1.CopyTo(values[Philox.Lanes..]);
        z2.CopyTo(values[(2 * Philox.Lanes)..]);
        z3.CopyTo(values[(3 * Philox.Lanes)..]);
    }
}
