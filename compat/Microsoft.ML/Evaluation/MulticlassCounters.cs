namespace Microsoft.ML.Data;

/// <summary>Counts what the metrics of a classifier are made of.</summary>
/// <param name="classes">The number of classes.</param>
/// <param name="scored">The number of classes that have a score: those beyond were not known in training.</param>
/// <param name="topK">How many of the highest scores are looked at for the class.</param>
internal sealed class MulticlassCounters(int classes, int scored, int topK)
{
    private const double SmallestProbability = 1e-15;

    private readonly double[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];
    private readonly double[] losses = new double[classes];
    private readonly long[] ranks = new long[topK];

    internal void Add(int label, ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var k = 1; k < scored; k++)
            if (scores[k] > scores[best]) best = k;
        counts[label][best]++;
        losses[label] -= Math.Log(label < scored ? Math.Clamp(scores[label], SmallestProbability, 1) : SmallestProbability);
        if (topK == 0 || label >= scored) return;

        // Of equal scores the first counts as the higher one.
        var rank = 0;
        for (var k = 0; k < scored; k++)
            if (scores[k] > scores[label] || (scores[k] == scores[label] && k < label)) rank++;
        if (rank < topK) ranks[rank]++;
    }

    internal MulticlassClassificationMetrics Finish(IReadOnlyList<string> names)
    {
        var totals = Array.ConvertAll(counts, row => row.Sum());
        var all = totals.Sum();
        var present = Enumerable.Range(0, classes).Where(k => totals[k] > 0).ToArray();
        var loss = losses.Sum() / all;
        var prior = -present.Sum(k => totals[k] / all * Math.Log(totals[k] / all));
        var reached = 0L;
        return new()
        {
            MicroAccuracy = Enumerable.Range(0, classes).Sum(k => counts[k][k]) / all,
            MacroAccuracy = present.Sum(k => counts[k][k] / totals[k]) / present.Length,
            LogLoss = loss,
            LogLossReduction = (prior - loss) / prior,
            PerClassLogLoss = [.. losses.Select((sum, k) => totals[k] > 0 ? sum / totals[k] : 0)],
            ConfusionMatrix = new(counts, names),
            TopKPredictionCount = topK,
            TopKAccuracyForAllK = topK == 0 ? null : [.. ranks.Select(count => (reached += count) / all)],
        };
    }
}
