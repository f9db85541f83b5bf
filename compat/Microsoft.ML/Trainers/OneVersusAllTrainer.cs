using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a classifier of several classes as one of two classes for each of them: this one, or any other.</summary>
/// <remarks>
/// The label is a key of UInt32. With <c>useProbabilities</c> each classifier is calibrated on the training data (Platt), and the scores are
/// probabilities that sum to 1. The data are passed over for each class.
/// </remarks>
public sealed class OneVersusAllTrainer : MetaMulticlassTrainer<MulticlassPredictionTransformer<OneVersusAllModelParameters>,
    OneVersusAllModelParameters>
{
    private readonly Func<IDataView, ISingleFeaturePredictionTransformer<object>> fit;
    private readonly string binaryLabel;
    private readonly bool missingIsNegative;
    private readonly int maximumCalibrationExamples;
    private readonly bool useProbabilities;

    /// <param name="fit">Trains the classifier of two classes.</param>
    /// <param name="labelColumn">The keys of the classes.</param>
    /// <param name="binaryLabel">The column in which the classifier of two classes reads its Boolean label.</param>
    /// <param name="missingIsNegative">Whether rows without a label belong to no class; else they do not count.</param>
    /// <param name="maximumCalibrationExamples">The rows that calibration learns from, at most.</param>
    /// <param name="useProbabilities">Whether to calibrate.</param>
    internal OneVersusAllTrainer(Func<IDataView, ISingleFeaturePredictionTransformer<object>> fit, string labelColumn, string binaryLabel,
        bool missingIsNegative, int maximumCalibrationExamples, bool useProbabilities) : base(labelColumn)
    {
        (this.fit, this.binaryLabel, this.missingIsNegative) = (fit, binaryLabel, missingIsNegative);
        (this.maximumCalibrationExamples, this.useProbabilities) = (maximumCalibrationExamples, useProbabilities);
    }

    public override MulticlassPredictionTransformer<OneVersusAllModelParameters> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckedLabel(SchemaShape.Create(input.Schema));
        var label = input.Schema[LabelColumnName];
        var classes = TrainingColumns.ClassesOf(label);
        var models = new ModelParametersBase<float>[classes];
        var calibration = useProbabilities ? new PlattSigmoid[classes] : null;
        string feature = null;
        for (var k = 0; k < classes; k++)
        {
            var view = AgainstOthers(input, label, (uint)k + 1);
            var transformer = fit(view);
            (feature, models[k]) = (transformer.FeatureColumnName, (ModelParametersBase<float>)transformer.Model);
            if (useProbabilities) calibration[k] = PlattSigmoid.Fit(Scored(transformer.Transform(view)));
        }
        return new(new OneVersusAllModelParameters(models, calibration), feature, classes, KeyValues.Of(label));
    }

    /// <summary>The view with a Boolean in place of the label: whether the row is of that class.</summary>
    private MappedView AgainstOthers(IDataView input, DataViewSchema.Column label, uint key)
    {
        var labelled = missingIsNegative ? input : new FilterView(input, [label], row =>
        {
            var keyOf = Key(row, label);
            return () => keyOf() != 0;
        });
        var isOfClass = new MappedColumn(new(binaryLabel, BooleanDataViewType.Instance), [label.Index], row =>
        {
            var keyOf = Key(row, label);
            ValueGetter<bool> isOf = (ref bool value) => value = keyOf() == key;
            return isOf;
        });
        return new MappedView(labelled, new RowMapper(input.Schema, new ColumnMapping([isOfClass])));
    }

    private static Func<uint> Key(DataViewRow row, DataViewSchema.Column label)
    {
        var getter = row.GetGetter<uint>(row.Schema[label.Index]);
        uint key = 0;
        return () =>
        {
            getter(ref key);
            return key;
        };
    }

    private List<(float Score, bool IsPositive)> Scored(IDataView scored)
    {
        DataViewSchema.Column label = scored.Schema[binaryLabel], score = scored.Schema["Score"];
        using var cursor = scored.GetRowCursor([label, score]);
        var labelGetter = cursor.GetGetter<bool>(label);
        var scoreGetter = cursor.GetGetter<float>(score);
        var examples = new List<(float, bool)>();
        var (isPositive, value) = (false, 0f);
        while (examples.Count < maximumCalibrationExamples && cursor.MoveNext())
        {
            labelGetter(ref isPositive);
            scoreGetter(ref value);
            if (float.IsFinite(value)) examples.Add((value, isPositive));
        }
        return examples;
    }
}
