using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a maximum-entropy classifier (multinomial logistic regression) of several classes by L-BFGS.</summary>
/// <remarks>
/// It minimises the cross-entropy summed over the examples, plus L2 / 2 times the squared weights, plus L1 times the absolute weights; biases are
/// free. The label is a key of UInt32; rows without a label or with a missing feature (NaN) do not count. Each iteration is a pass over the
/// view, by as many cursors as threads, and no row is kept: a view larger than memory can be trained on. The real package reads the rows
/// into memory first, unless <c>NumberOfThreads</c> is 1.
/// </remarks>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(Options options) : base(options, new KeyDataViewType(typeof(uint), uint.MaxValue)) { }

    /// <summary>Goes on from a model.</summary>
    /// <exception cref="ArgumentException">The model is of other numbers of classes or features than the data.</exception>
    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView trainData,
        MaximumEntropyModelParameters modelParameters) =>
        FitFrom(modelParameters, trainData);

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(IDataView data, TrainingColumns columns,
        MaximumEntropyModelParameters start)
    {
        var classes = columns.Classes;
        var objective = new SoftmaxObjective(data, columns, L2, Threads);
        var point = new double[objective.Length];
        if (start is not null) CopyTo(start, point, classes, columns.Features);
        var (minimum, _) = Minimizer(classes).Minimize((x, gradient) =>
        {
            var value = objective.Evaluate(x, gradient);
            return objective.Examples > 0 ? value : throw columns.Empty();
        }, point);
        var weights = Enumerable.Range(0, classes).Select(k => Single(minimum.AsSpan(classes + k * columns.Features, columns.Features)));
        return new(new(Single(minimum.AsSpan(0, classes)), [.. weights]), FeatureColumn.Name, classes, KeyValues.Of(columns.Label));
    }

    private protected override IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape.Column label) => MulticlassMapping.Shape(label);

    private static void CopyTo(MaximumEntropyModelParameters model, double[] point, int classes, int features)
    {
        if (model.Weights.Length != classes || model.Features != features)
        {
            throw new ArgumentException($"the model to start from is of {model.Weights.Length} classes and {model.Features} features, "
                + $"the data of {classes} and {features}", "modelParameters");
        }
        TensorPrimitives.ConvertTruncating<float, double>(model.Biases, point);
        for (var k = 0; k < classes; k++)
            TensorPrimitives.ConvertTruncating<float, double>(model.Weights[k], point.AsSpan(classes + k * features));
    }

    private static float[] Single(ReadOnlySpan<double> values)
    {
        var single = new float[values.Length];
        TensorPrimitives.ConvertTruncating(values, single);
        return single;
    }

    /// <inheritdoc/>
    public sealed class Options : OptionsBase;
}
