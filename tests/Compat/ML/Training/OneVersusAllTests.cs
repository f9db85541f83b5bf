using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.Compat.Tests.ML.Training;

public class OneVersusAllTests
{
    private readonly MLContext context = new(seed: 5);
    private readonly Clusters data = new(3, 8, 300);

    private LinearSvmTrainer Machine(string label = "Label") => context.BinaryClassification.Trainers.LinearSvm(new LinearSvmTrainer.Options
    {
        LabelColumnName = label, Lambda = 0.01f, NumberOfIterations = 5, Shuffle = false,
    });

    [Fact]
    public void Scores_are_those_of_each_class_against_the_others()
    {
        var view = data.View(context);
        var scored = context.MulticlassClassification.Trainers.OneVersusAll(Machine(), useProbabilities: false).Fit(view).Transform(view);
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        for (var k = 0; k < 3; k++)
        {
            var own = context.Data.LoadFromEnumerable(data.Examples.Select(example =>
                new Binary { Features = example.Features, Label = example.Label == k + 1 }));
            Assert.Equal(Machine().Fit(own).Transform(own).GetColumn<float>("Score"), scores.Select(row => row[k]));
        }
        Assert.Equal(scores.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1), scored.GetColumn<uint>("PredictedLabel"));
    }

    private sealed class Binary
    {
        [VectorType(8)]
        public float[] Features = [];

        public bool Label;
    }

    /// <summary>Calibrated scores sum to 1 and are about as good probabilities as those of a classifier that is trained for them.</summary>
    [Fact]
    public void Scores_are_calibrated_probabilities()
    {
        var view = data.View(context);
        var scored = context.MulticlassClassification.Trainers.OneVersusAll(Machine()).Fit(view).Transform(view);
        Assert.All(scored.GetColumn<float[]>("Score"), row => Assert.Equal(1, row.Sum(), 1e-5));
        var entropy = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 0.01f).Fit(view)
            .Transform(view);
        var (ours, best) = (context.MulticlassClassification.Evaluate(scored), context.MulticlassClassification.Evaluate(entropy));
        Assert.InRange(ours.LogLoss, best.LogLoss, 1.5 * best.LogLoss);
        Assert.InRange(ours.MicroAccuracy, best.MicroAccuracy - 0.1, 1);
    }

    [Fact]
    public void Missing_labels_are_left_out_or_negative()
    {
        var with = data.Examples.Concat(Enumerable.Range(0, 100).Select(_ => new Example { Features = new float[8] }));
        float[][] Scores(IDataView view, bool impute) =>
        [
            .. context.MulticlassClassification.Trainers.OneVersusAll(Machine(), imputeMissingLabelsAsNegative: impute,
                useProbabilities: false)
                .Fit(view).Transform(data.View(context)).GetColumn<float[]>("Score"),
        ];
        Assert.Equal(Scores(data.View(context), false), Scores(data.View(context, with), false));
        Assert.NotEqual(Scores(data.View(context), true), Scores(data.View(context, with), true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_saved_model_predicts_the_same(bool useProbabilities)
    {
        var view = data.View(context);
        var model = context.MulticlassClassification.Trainers.OneVersusAll(Machine("IsIt"), useProbabilities: useProbabilities).Fit(view);
        using var file = new MemoryStream();
        context.Model.Save(model, view.Schema, file);
        var loaded = Assert.IsType<MulticlassPredictionTransformer<OneVersusAllModelParameters>>(context.Model.Load(file, out _));
        Assert.Equal(model.Transform(view).GetColumn<float[]>("Score"), loaded.Transform(view).GetColumn<float[]>("Score"));
    }
}
