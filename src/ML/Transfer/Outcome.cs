namespace GanPipeline.ML;

/// <summary>One representation's classifiers and what they said of each test image.</summary>
/// <param name="Name">The representation's.</param>
/// <param name="Columns">Values of an image.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="Actual">The labels of the test images.</param>
/// <param name="Predicted">[draw][test image]: labels.</param>
/// <param name="Choices">By draw: the strength chosen, and those tried.</param>
/// <param name="Classifier">The first draw's.</param>
internal sealed record Outcome(string Name, int Columns, int Classes, int[] Actual, int[][] Predicted,
    (double Strength, IReadOnlyList<StrengthTrial> Trials)[] Choices, LinearFit? Classifier)
{
    private double[] Accuracies => [.. Predicted.Select(p => (double)Right(p) / Actual.Length)];

    /// <summary>The metrics, with the paired difference of the main outcome to this one where there is one.</summary>
    public RepresentationResult Summarize(Outcome? main)
    {
        var accuracies = Accuracies;
        var accuracy = new Estimate(accuracies.Average(),
            accuracies.Length == 1 ? Interval.Wilson(Right(Predicted[0]), Actual.Length) : Interval.OfMean(accuracies));
        return new RepresentationResult(Name, Columns, [.. accuracies.Zip(Choices, (a, c) => new DrawResult(a, c.Strength, c.Trials))],
            accuracy, main is null ? null : Difference(main), Confusion());
    }

    private Estimate Difference(Outcome main)
    {
        double[] differences = Predicted.Length == 1
            ? [.. Actual.Select((a, i) => (main.Predicted[0][i] == a ? 1.0 : 0) - (Predicted[0][i] == a ? 1 : 0))]
            : [.. main.Accuracies.Zip(Accuracies, (m, o) => m - o)];
        return new Estimate(differences.Average(),
            Predicted.Length == 1 ? Interval.OfMeanOfMany(differences) : Interval.OfMean(differences));
    }

    private int Right(int[] predicted) => predicted.Zip(Actual).Count(p => p.First == p.Second);

    private long[][] Confusion()
    {
        var counts = Enumerable.Range(0, Classes).Select(_ => new long[Classes]).ToArray();
        foreach (var predicted in Predicted)
            for (var i = 0; i < Actual.Length; i++) counts[Actual[i]][predicted[i]]++;
        return counts;
    }
}
