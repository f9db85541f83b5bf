using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The runs of a sweep on one page: all that are whole, or the best of them.</summary>
internal static class SweepPage
{
    private static readonly SweepMetric _distance = SweepMetric.All.First(metric => metric.Name == "frechet");

    /// <summary>Writes the page; with fewer than two whole runs none, and none is left of before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="results">All runs.</param>
    /// <param name="stop">Ends the work.</param>
    /// <returns>Whether it was written.</returns>
    public static bool Write(string path, IReadOnlyList<SweepResult> results, CancellationToken stop)
    {
        var whole = results.Where(result => result.Error is null).ToArray();
        if (whole.Length < 2)
        {
            File.Delete(path);
            return false;
        }
        var (shown, choice) = Choose(whole);
        ComparePage.Write(path, RunComparison.Of([.. shown.Select(result => result.Folder)]), choice, ComparePage.Pictures, 0, stop);
        return true;
    }

    /// <summary>
    /// At most <see cref="RunComparison.MostRuns"/> of them, and which they are; the sentence is empty where they are all.
    /// </summary>
    internal static (IReadOnlyList<SweepResult> Shown, string Choice) Choose(IReadOnlyList<SweepResult> whole)
    {
        const int most = RunComparison.MostRuns;
        if (whole.Count <= most) return (whole, "");
        var measured = whole.Where(result => _distance.Of(result.Summary) is not null).ToArray();
        var all = TextFormat.Count(whole.Count, "whole run");
        return measured.Length >= 2
            ? ([.. measured.OrderBy(result => _distance.Of(result.Summary)).Take(most)],
                $"Of {all} of the sweep the {Math.Min(most, measured.Length)} with the smallest Frechet distance, the smallest first.")
            : ([.. whole.Take(most)], $"The first {most} of {all} of the sweep, of which no Frechet distance was measured.");
    }
}
