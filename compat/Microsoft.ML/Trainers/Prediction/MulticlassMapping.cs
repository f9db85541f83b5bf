using Microsoft.ML.Trainers;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Data;

/// <summary>The columns that a classifier of several classes adds.</summary>
internal sealed class MulticlassMapping(ModelParametersBase<VBuffer<float>> model, int feature, int classes, KeyValues labels)
    : PredictionMapping<VBuffer<float>, uint>(model, feature)
{
    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
    [
        new(PredictedLabel, new KeyDataViewType(typeof(uint), classes), LabelAnnotations(labels)),
        new(Score, new VectorDataViewType(NumberDataViewType.Single, classes), SlotAnnotations(labels, classes)),
    ];

    /// <summary>The key of the highest score, the first of equals; 0 where no score is a number.</summary>
    private protected override uint LabelOf(in VBuffer<float> score)
    {
        var values = score.GetValues();
        var best = -1;
        for (var k = 0; k < values.Length; k++)
            if (!float.IsNaN(values[k]) && (best < 0 || values[k] > values[best])) best = k;
        return (uint)(best + 1);
    }

    private protected override void CopyScore(in VBuffer<float> score, ref VBuffer<float> destination) => score.CopyTo(ref destination);

    /// <summary>The shape of the columns, by that of the training label.</summary>
    internal static SchemaShape.Column[] Shape(SchemaShape.Column label)
    {
        var hasValues = label.Annotations.TryFindColumn(SchemaAnnotationsExtensions.KeyValues, out var values);
        var names = new SchemaShape.Column(SchemaAnnotationsExtensions.SlotNames, Kind.Vector, TextDataViewType.Instance, false);
        return
        [
            new(PredictedLabel, Kind.Scalar, NumberDataViewType.UInt32, true, hasValues ? new SchemaShape([values]) : null),
            new(Score, Kind.Vector, NumberDataViewType.Single, false, hasValues ? new SchemaShape([names]) : null),
        ];
    }

    private static DataViewSchema.Annotations LabelAnnotations(KeyValues labels)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        labels?.AddTo(builder);
        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations SlotAnnotations(KeyValues labels, int classes)
    {
        var builder = ScoreAnnotations("MulticlassClassification");
        if (labels?.Count == classes) labels.AsText().AddTo(builder, SchemaAnnotationsExtensions.SlotNames);
        return builder.ToAnnotations();
    }
}
