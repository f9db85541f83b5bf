using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.Compat.Tests.ML.Training;

/// <summary>What trainers refuse, at Fit.</summary>
public class TrainerErrorTests
{
    private readonly MLContext context = new(seed: 1);
    private readonly Clusters data = new(3, 2, 12);

    private IEstimator<ITransformer> Trainer(string kind, string label = "Label", string features = "Features") => kind switch
    {
        "entropy" => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(label, features, l1Regularization: 0),
        _ => context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.LinearSvm(label, features),
            label),
    };

    [Theory]
    [InlineData("entropy")]
    [InlineData("svm")]
    public void Missing_and_wrong_columns_are_named(string kind)
    {
        var view = data.View(context);
        Assert.Contains("'Klass'", Refusal(Trainer(kind, label: "Klass"), view));
        Assert.Contains("'Pixels'", Refusal(Trainer(kind, features: "Pixels"), view));
        Assert.Contains("label column 'Weight': expected Key of UInt32, got Single", Refusal(Trainer(kind, label: "Weight"), view));
        Assert.Contains("feature column 'Weight': expected Vector of Single, got Single", Refusal(Trainer(kind, features: "Weight"), view));
    }

    private static string Refusal(IEstimator<ITransformer> trainer, IDataView view)
    {
        var direct = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(view)).Message;
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Append(new MLContext().Transforms.CopyColumns("X", "Score")).Fit(view));
        return direct;
    }

    [Theory]
    [InlineData("entropy")]
    [InlineData("svm")]
    public void A_view_without_examples_is_an_error(string kind)
    {
        var none = data.View(context, []);
        Assert.Contains("0 instances", Assert.Throws<InvalidOperationException>(() => Trainer(kind).Fit(none)).Message);
        var unlabelled = data.View(context, data.Examples.Select(example => new Example { Features = example.Features }));
        Assert.Contains("0 instances", Assert.Throws<InvalidOperationException>(() => Trainer(kind).Fit(unlabelled)).Message);
        var incomplete = data.View(context, data.Examples.Select(example => new Example { Features = [1, float.NaN], Label = 1 }));
        Assert.Contains("0 instances", Assert.Throws<InvalidOperationException>(() => Trainer(kind).Fit(incomplete)).Message);
    }

    [Theory]
    [InlineData("entropy")]
    [InlineData("svm")]
    public void Keys_of_unknown_number_are_refused(string kind)
    {
        var view = context.Data.LoadFromEnumerable([new Countless { Label = 1 }]);
        Assert.Contains("known number", Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(kind).Fit(view)).Message);
    }

    private sealed class Countless
    {
        [KeyType]
        public uint Label;

        [VectorType(2)]
        public float[] Features = [0, 0];
    }

    [Fact]
    public void An_error_in_a_row_comes_through_from_every_thread()
    {
        var broken = data.View(context, Enumerable.Range(0, 5000)
            .Select(i => i < 4000 ? data.Examples[i % 12] : throw new FormatException("row 4000")));
        var options = new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 3 };
        Assert.Equal("row 4000", Assert.Throws<FormatException>(() =>
            context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(broken)).Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var trainers = context.MulticlassClassification.Trainers;
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l1Regularization: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(l2Regularization: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(optimizationTolerance: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainers.LbfgsMaximumEntropy(historySize: 0));
        var machines = context.BinaryClassification.Trainers;
        Assert.Throws<ArgumentOutOfRangeException>(() => machines.LinearSvm(numberOfIterations: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => machines.LinearSvm(new LinearSvmTrainer.Options { Lambda = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => machines.LinearSvm(new LinearSvmTrainer.Options { BatchSize = 0 }));
    }
}
