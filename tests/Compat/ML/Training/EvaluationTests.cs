using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML.Training;

public class EvaluationTests
{
    private sealed class Judged
    {
        [KeyType(3)]
        public uint Label;

        public float Number;

        [VectorType(3)]
        public float[] Score = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }

    private readonly MLContext context = new(seed: 1);

    // Class 1 right twice of three, class 2 right once of two; class 3 does not occur.
    private static List<Judged> Rows() =>
    [
        new() { Label = 1, Score = [0.7f, 0.2f, 0.1f] },
        new() { Label = 1, Score = [0.5f, 0.3f, 0.2f] },
        new() { Label = 1, Score = [0.2f, 0.3f, 0.5f] },
        new() { Label = 2, Score = [0.1f, 0.8f, 0.1f] },
        new() { Label = 2, Score = [0.6f, 0.4f, 0.0f] },
    ];

    private MulticlassClassificationMetrics Evaluate(IEnumerable<Judged> rows, string label = "Label", int topK = 0) =>
        context.MulticlassClassification.Evaluate(context.Data.LoadFromEnumerable(rows), label, topKPredictionCount: topK);

    [Fact]
    public void Metrics_are_those_computed_by_hand()
    {
        var metrics = Evaluate(Rows(), topK: 3);
        Assert.Equal(3.0 / 5, metrics.MicroAccuracy, 1e-12);
        Assert.Equal((2.0 / 3 + 1.0 / 2) / 2, metrics.MacroAccuracy, 1e-12);
        double[] losses = [-Math.Log(0.7), -Math.Log(0.5), -Math.Log(0.2), -Math.Log(0.8), -Math.Log(0.4)];
        Assert.Equal(losses.Average(), metrics.LogLoss, 1e-7);
        var prior = -(0.6 * Math.Log(0.6) + 0.4 * Math.Log(0.4));
        Assert.Equal(1 - losses.Average() / prior, metrics.LogLossReduction, 1e-7);
        Assert.Equal([losses[..3].Average(), losses[3..].Average(), 0], metrics.PerClassLogLoss, (a, b) => Math.Abs(a - b) < 1e-7);
        var matrix = metrics.ConfusionMatrix;
        Assert.Equal(3, matrix.NumberOfClasses);
        Assert.Equal([2, 0, 1, 1, 1, 0, 0, 0, 0], matrix.Counts.SelectMany(row => row));
        Assert.Equal([2.0 / 3, 1.0 / 2, 0], matrix.PerClassRecall);
        Assert.Equal([2.0 / 3, 1, 0], matrix.PerClassPrecision);
        Assert.Equal([0.6, 0.8, 1], metrics.TopKAccuracyForAllK);
        Assert.Equal((1, 3), (metrics.TopKAccuracy, metrics.TopKPredictionCount));
    }

    [Fact]
    public void Labels_may_be_numbers_and_those_missing_do_not_count()
    {
        var rows = Rows();
        foreach (var row in rows) row.Number = row.Label - 1;
        rows.Add(new Judged { Number = float.NaN, Label = 0, Score = [1, 0, 0] });
        rows.Add(new Judged { Number = 1, Label = 2, Score = [float.NaN, 0, 0] });
        foreach (var label in new[] { "Number", "Label" })
            Assert.Equal(Evaluate(Rows()).ConfusionMatrix.Counts, Evaluate(rows, label).ConfusionMatrix.Counts);
        rows.Add(new Judged { Number = 1.5f, Score = [1, 0, 0] });
        Assert.Contains("1.5", Assert.Throws<InvalidOperationException>(() => Evaluate(rows, "Number")).Message);
    }

    [Fact]
    public void A_probability_of_zero_costs_a_finite_loss() =>
        Assert.Equal(-Math.Log(1e-15), Evaluate([new Judged { Label = 3, Score = [1, 0, 0] }]).LogLoss, 1e-9);

    [Fact]
    public void Of_equal_scores_the_first_class_counts() =>
        Assert.Equal(1, Evaluate([new Judged { Label = 2, Score = [0, 0.5f, 0.5f] }]).MicroAccuracy);

    [Fact]
    public void The_table_shows_counts_and_rates() => Assert.Equal("""

        Confusion table
                  ||========================
        PREDICTED ||     0 |     1 |     2 | Recall
        TRUTH     ||========================
                0 ||     2 |     0 |     1 | 0.6667
                1 ||     1 |     1 |     0 | 0.5000
                2 ||     0 |     0 |     0 | 0.0000
                  ||========================
        Precision ||0.6667 |1.0000 |0.0000 |

        """, Evaluate(Rows()).ConfusionMatrix.GetFormattedConfusionTable());

    [Theory]
    [InlineData("Klass", "Score", "PredictedLabel", "'Klass'")]
    [InlineData("Label", "Scores", "PredictedLabel", "'Scores'")]
    [InlineData("Label", "Score", "Predicted", "'Predicted'")]
    [InlineData("Label", "Number", "PredictedLabel", "score column 'Number'")]
    [InlineData("Score", "Score", "PredictedLabel", "label column 'Score'")]
    [InlineData("Label", "Score", "Number", "predicted label column 'Number'")]
    public void Missing_and_wrong_columns_are_named(string label, string score, string predicted, string named)
    {
        var view = context.Data.LoadFromEnumerable(Rows());
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => context.MulticlassClassification.Evaluate(view, label, score,
            predicted));
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void Cross_validation_judges_every_row_once()
    {
        var data = new Clusters(3, 4, 120);
        var view = data.View(context);
        var folds = context.MulticlassClassification.CrossValidate(view,
            context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0), 4, seed: 9);
        Assert.Equal([0, 1, 2, 3], folds.Select(fold => fold.Fold));
        var scored = folds.SelectMany(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Features"));
        Assert.Equal(data.Examples.Select(e => string.Join(' ', e.Features)).Order(), scored.Select(row => string.Join(' ', row)).Order());
        Assert.Equal(4, folds.Select(fold => fold.Model).Distinct().Count());
        foreach (var fold in folds)
        {
            var again = context.MulticlassClassification.Evaluate(fold.Model.Transform(fold.ScoredHoldOutSet));
            Assert.Equal(again.LogLoss, fold.Metrics.LogLoss);
        }
        var repeated = new MLContext().MulticlassClassification.CrossValidate(view,
            context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0), 4, seed: 9);
        Assert.Equal(folds.Select(f => f.Metrics.ConfusionMatrix.Counts), repeated.Select(f => f.Metrics.ConfusionMatrix.Counts));
    }

    [Fact]
    public void Rows_of_one_sampling_key_stay_in_one_fold()
    {
        var data = new Clusters(2, 2, 200);
        foreach (var (example, i) in data.Examples.Select((example, i) => (example, i))) example.Weight = i / 2 % 10;
        var folds = context.MulticlassClassification.CrossValidate(data.View(context),
            context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(), 2, samplingKeyColumnName: "Weight", seed: 4);
        Assert.Empty(folds[0].ScoredHoldOutSet.GetColumn<float>("Weight").Intersect(folds[1].ScoredHoldOutSet.GetColumn<float>("Weight")));
    }
}
