namespace GanPipeline.Bench;

/// <summary>
/// Two sides measured in one run, in alternating order, so that a machine whose speed drifts is fair to both.
/// </summary>
internal static class Pair
{
    /// <summary>
    /// Runs both sides <paramref name="rounds"/> times after a warm-up of one each. A side's function does its work once and returns the
    /// seconds it took.
    /// </summary>
    /// <returns>The median seconds of each side, and the median over rounds of peer / ours.</returns>
    public static (double Ours, double Peer, double Ratio) Measure(Func<double> ours, Func<double> peer, int rounds)
    {
        ours();
        peer();
        var a = new double[rounds];
        var b = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            if (i % 2 == 0) { a[i] = ours(); b[i] = peer(); }
            else { b[i] = peer(); a[i] = ours(); }
        }
        return (Median(a), Median(b), Median(a.Zip(b, (x, y) => y / x)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
