namespace GanPipeline.Inference;

/// <summary>How the points between two latents are found.</summary>
public enum LatentInterpolation
{
    /// <summary>
    /// Along the great circle (White 2016, section 2): a point between two normal latents has a usual length, as the samples of a training.
    /// </summary>
    Spherical,

    /// <summary>
    /// Along the straight line, whose middle is closer to 0 than samples are: the images there are more alike and often worse.
    /// </summary>
    Linear,
}

/// <summary>Paths through latents: from one to the next, and closed loops.</summary>
public static class LatentPath
{
    // Below this sine of the angle, two latents have one direction, or opposite ones.
    private const double SmallestSine = 1e-6;

    /// <summary>
    /// Points of a path that visits latents in their order and takes as long from each to the next. With K latents and
    /// count = (K - 1) n + 1, every n-th point is a latent itself.
    /// </summary>
    /// <param name="latents">Row-major [K, size], K at least 1. Label vectors may be given as well, with linear interpolation.</param>
    /// <param name="size">Values of one latent.</param>
    /// <param name="count">Points, the first and the last latent included; at least 1.</param>
    /// <param name="interpolation">How the points between two latents are found.</param>
    /// <returns>Row-major [count, size].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size or count that is not positive.</exception>
    /// <exception cref="ArgumentException">No latent, or a length that is no multiple of <paramref name="size"/>.</exception>
    public static float[] Through(
        ReadOnlySpan<float> latents, int size, int count, LatentInterpolation interpolation = LatentInterpolation.Spherical)
    {
        var points = CountOf(latents, size, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var path = new float[checked(count * size)];
        for (var i = 0; i < count; i++)
        {
            // In whole numbers, so that latents are met exactly.
            var place = (long)i * (points - 1);
            var from = (int)(place / Math.Max(1, count - 1));
            var t = place % Math.Max(1, count - 1) / (double)Math.Max(1, count - 1);
            var target = path.AsSpan(i * size, size);
            var start = latents.Slice(from * size, size);
            if (t == 0) start.CopyTo(target);
            else Between(start, latents.Slice((from + 1) * size, size), t, target, interpolation);
        }
        return path;
    }

    /// <summary>
    /// Points of a smooth closed path through latents: point i K / count of a loop of K latents is latent i, and the last point is as far
    /// from the first one as from the one before. It is the trigonometric interpolation of the latents, divided by the root of the summed
    /// squares of its weights: if the latents are independent and standard normal, every point is standard normal, too, and the images on
    /// the way are as good as samples.
    /// </summary>
    /// <param name="latents">Row-major [K, size], K at least 2.</param>
    /// <param name="size">Values of one latent.</param>
    /// <param name="count">Points, at least 1.</param>
    /// <returns>Row-major [count, size].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size or count that is not positive.</exception>
    /// <exception cref="ArgumentException">Fewer than 2 latents, or a length that is no multiple of <paramref name="size"/>.</exception>
    public static float[] Loop(ReadOnlySpan<float> latents, int size, int count)
    {
        var points = CountOf(latents, size, least: 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var path = new float[checked(count * size)];
        var weights = new double[points];
        for (var i = 0; i < count; i++)
        {
            double squares = 0;
            for (var k = 0; k < points; k++)
            {
                weights[k] = Kernel((double)i / count - (double)k / points, points);
                squares += weights[k] * weights[k];
            }
            var target = path.AsSpan(i * size, size);
            for (var k = 0; k < points; k++)
            {
                var weight = (float)(weights[k] / Math.Sqrt(squares));
                for (var j = 0; j < size; j++) target[j] += weight * latents[k * size + j];
            }
        }
        return path;
    }

    /// <summary>A point of the way from one latent to another.</summary>
    /// <param name="from">[Z].</param>
    /// <param name="to">[Z].</param>
    /// <param name="t">0 is the first latent, 1 the second; any finite number.</param>
    /// <param name="interpolation">How the point is found.</param>
    /// <returns>[Z].</returns>
    /// <exception cref="ArgumentException">The latents have different lengths.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> is not finite.</exception>
    public static float[] Between(
        ReadOnlySpan<float> from, ReadOnlySpan<float> to, double t, LatentInterpolation interpolation = LatentInterpolation.Spherical)
    {
        if (from.Length != to.Length)
            throw new ArgumentException($"A way has two latents of one length; got {from.Length} and {to.Length} values.");
        if (!double.IsFinite(t)) throw new ArgumentOutOfRangeException(nameof(t), t, "A place on the way is a finite number.");
        var point = new float[from.Length];
        Between(from, to, t, point, interpolation);
        return point;
    }

    private static void Between(
        ReadOnlySpan<float> from, ReadOnlySpan<float> to, double t, Span<float> target, LatentInterpolation interpolation)
    {
        var (first, second) = interpolation == LatentInterpolation.Spherical ? ArcWeights(from, to, t) : (1 - t, t);
        for (var j = 0; j < target.Length; j++) target[j] = (float)(first * from[j] + second * to[j]);
    }

    // Latents in one line have no arc: theirs is the straight line.
    private static (double From, double To) ArcWeights(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double t)
    {
        double product = 0, fromSquares = 0, toSquares = 0;
        for (var j = 0; j < from.Length; j++)
        {
            product += (double)from[j] * to[j];
            fromSquares += (double)from[j] * from[j];
            toSquares += (double)to[j] * to[j];
        }
        var lengths = Math.Sqrt(fromSquares * toSquares);
        var angle = lengths > 0 ? Math.Acos(Math.Clamp(product / lengths, -1, 1)) : 0;
        var sine = Math.Sin(angle);
        return sine < SmallestSine ? (1 - t, t) : (Math.Sin((1 - t) * angle) / sine, Math.Sin(t * angle) / sine);
    }

    /// <summary>The periodic function of the fewest waves that is 1 at whole numbers and 0 at the other multiples of 1 / K.</summary>
    private static double Kernel(double x, int points)
    {
        var sine = Math.Sin(Math.PI * x);
        if (Math.Abs(sine) < 1e-12) return 1;
        var wave = Math.Sin(points * Math.PI * x) / (points * sine);
        return points % 2 == 1 ? wave : wave * Math.Cos(Math.PI * x);
    }

    private static int CountOf(ReadOnlySpan<float> latents, int size, int least)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var count = Math.DivRem(latents.Length, size, out var remainder);
        if (remainder != 0) throw new ArgumentException($"{latents.Length} values given, which is not a multiple of a latent's {size}.");
        return count >= least ? count : throw new ArgumentException($"{count} latents given; at least {least} are needed.");
    }
}
