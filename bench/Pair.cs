namespace GanPipeline.Bench;

/// <summary>
/// Two sides or more measured in one run, in alternating order, so that a machine whose speed drifts is fair to all.
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
        var (seconds, peers) = Measure(ours, [peer], rounds);
        return (seconds, peers[0].Seconds, peers[0].Ratio);
    }

    /// <summary>The same with any number of peers.</summary>
    public static (double Ours, (double Seconds, double Ratio)[] Peers) Measure(Func<double> ours, Func<double>[] peers, int rounds)
    {
        Func<double>[] sides = [ours, .. peers];
        foreach (var side in sides) side();
        var seconds = Array.ConvertAll(sides, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            // Forwards and backwards by turns.
            for (var i = 0; i < sides.Length; i++)
            {
                var side = round % 2 == 0 ? i : sides.Length - 1 - i;
                seconds[side][round] = sides[side]();
            }
        }
        return (Median(seconds[0]), [.. seconds.Skip(1).Select(peer =>
            (Median(peer), Median(peer.Zip(seconds[0], (theirs, own) => theirs / own))))]);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
