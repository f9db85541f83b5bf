using GanPipeline.Evaluation;
using GanPipeline.ML;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.Pipelines;

/// <summary>
/// What labelled samples are worth for training: a linear classifier of features (multinomial logistic regression) that is trained on them
/// and tested on real test images, after Ravuri and Vinyals 2019, who train whole networks.
/// </summary>
internal static class ClassificationScore
{
    private const float Strength = 1;

    private const int Iterations = 50;

    // On digits the accuracy has settled by then.
    private const float Tolerance = 1e-4f;

    /// <summary>Accuracies of one trained on samples, and of one trained on as many real images.</summary>
    /// <param name="test">Features and classes of the test images.</param>
    /// <param name="samples">Those of the samples.</param>
    /// <param name="real">Those of real training images.</param>
    /// <param name="stop">Ends the work between trainings.</param>
    /// <returns>Null where a set has no image with a class, or samples and real images have fewer than two classes.</returns>
    public static ClassificationAccuracies? Compute(FeatureSet test, FeatureSet samples, FeatureSet real, CancellationToken stop)
    {
        var size = test.Statistics.FeatureCount;
        var (asked, known, own) = (Rows(test, size), Rows(samples, size), Rows(real, size));
        var count = Math.Min(known.Length, own.Length);
        if (asked.Length == 0 || count == 0) return null;
        (known, own) = (known[..count], own[..count]);
        if (Classes(known) < 2 || Classes(own) < 2) return null;
        return new(Accuracy(known, asked, size, stop), Accuracy(own, asked, size, stop), count, asked.Length);

        static int Classes(Row[] rows) => rows.Select(row => row.Label).Distinct().Count();
    }

    private static ClassificationAccuracy Accuracy(Row[] train, Row[] test, int size, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var ml = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        var view = ml.Data.LoadFromEnumerable(train, schema);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = "Key",
            FeatureColumnName = nameof(Row.Features),
            L1Regularization = 0,
            L2Regularization = Strength,
            MaximumNumberOfIterations = Iterations,
            OptimizationTolerance = Tolerance,
        });
        var model = ml.Transforms.NormalizeMeanVariance(nameof(Row.Features), fixZero: false)
            .Append(ml.Transforms.Conversion.MapValueToKey("Key", nameof(Row.Label)))
            .AppendCacheCheckpoint(ml)
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("Read", "PredictedLabel"))
            .Fit(view);
        var read = model.Transform(ml.Data.LoadFromEnumerable(test, schema)).GetColumn<int>("Read");
        var right = read.Zip(test).Count(pair => pair.First == pair.Second.Label);
        var interval = Interval.Wilson(right, test.Length);
        return new((double)right / test.Length, interval.Low, interval.High);
    }

    private static Row[] Rows(FeatureSet set, int size) =>
        [.. Enumerable.Range(0, set.Labels.Count).Where(i => set.Labels[i] >= 0)
            .Select(i => new Row { Features = set.Vectors.Slice(i * size, size).ToArray(), Label = set.Labels[i] })];

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public int Label { get; set; }
    }
}
