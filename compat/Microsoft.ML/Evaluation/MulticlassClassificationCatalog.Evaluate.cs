using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Judges predictions by the actual classes. Rows without a label, or with a score that is no number, do not count.</summary>
    /// <param name="data">The predictions.</param>
    /// <param name="labelColumnName">The actual classes: keys of UInt32, or their numbers from 0 as Single or Double.</param>
    /// <param name="scoreColumnName">Vectors of a score a class.</param>
    /// <param name="predictedLabelColumnName">The predicted classes: keys. The class of the highest score is what counts.</param>
    /// <param name="topKPredictionCount">Up to how many of the highest scores are looked at for the actual class.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(topKPredictionCount);
        var label = data.Schema.Input(labelColumnName, "label");
        var score = data.Schema.Input(scoreColumnName, "score");
        var predicted = data.Schema.Input(predictedLabelColumnName, "predicted label");
        if (!score.Type.IsFloatVector())
            throw SchemaErrors.Mismatch("score", score.Name, "a vector of Single of known size", score.Type.ToString());
        if (predicted.Type is not KeyDataViewType)
            throw SchemaErrors.Mismatch("predicted label", predicted.Name, "a key", predicted.Type.ToString());

        var scored = ((VectorDataViewType)score.Type).Size;
        var classes = label.Type is KeyDataViewType { Count: < int.MaxValue } key ? Math.Max(scored, (int)key.Count) : scored;
        var counters = new MulticlassCounters(classes, scored, topKPredictionCount);
        using (var cursor = data.GetRowCursor([label, score]))
        {
            var labels = ClassOf(cursor, label, classes);
            var scores = cursor.GetGetter<VBuffer<float>>(score);
            VBuffer<float> buffer = default;
            var values = new float[scored];
            while (cursor.MoveNext())
            {
                if (labels() is not { } actual) continue;
                scores(ref buffer);
                buffer.CopyTo(values);
                if (!values.AsSpan().ContainsAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity)) counters.Add(actual, values);
            }
        }
        return counters.Finish(Names(score, classes));
    }

    /// <summary>Reads the actual class of the current row, from 0; null where it is missing.</summary>
    private static Func<int?> ClassOf(DataViewRowCursor row, DataViewSchema.Column label, int classes)
    {
        if (label.Type is KeyDataViewType && label.Type.RawType == typeof(uint))
        {
            var getter = row.GetGetter<uint>(label);
            uint key = 0;
            return () =>
            {
                getter(ref key);
                return key == 0 ? null : Checked(key - 1.0);
            };
        }
        if (label.Type.Equals(NumberDataViewType.Single)) return Number(row.GetGetter<float>(label), value => value);
        if (label.Type.Equals(NumberDataViewType.Double)) return Number(row.GetGetter<double>(label), value => value);
        throw SchemaErrors.Mismatch("label", label.Name, "a key of UInt32, Single or Double", label.Type.ToString());

        Func<int?> Number<T>(ValueGetter<T> getter, Func<T, double> toDouble)
        {
            T value = default;
            return () =>
            {
                getter(ref value);
                return toDouble(value) is var number && double.IsNaN(number) ? null : Checked(number);
            };
        }

        int Checked(double value) => value >= 0 && value < classes && value == Math.Floor(value)
            ? (int)value
            : throw new InvalidOperationException(
                $"'{label.Name}' is {value} in row {row.Position}: the classes have the numbers 0 to {classes - 1}");
    }

    private static string[] Names(DataViewSchema.Column score, int classes)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (score.HasSlotNames()) score.GetSlotNames(ref names);
        return [.. Enumerable.Range(0, classes).Select(k => k < names.Length ? names.GetItemOrDefault(k).ToString() : $"{k}")];
    }
}
