using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer of several classes that stands on one of two classes.</summary>
public abstract class MetaMulticlassTrainer<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected MetaMulticlassTrainer(string labelColumn)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        LabelColumnName = labelColumn;
    }

    public TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

    private protected string LabelColumnName { get; }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row to learn from.</exception>
    public abstract TTransformer Fit(IDataView input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(MulticlassMapping.Shape(CheckedLabel(inputSchema)));
    }

    private protected SchemaShape.Column CheckedLabel(SchemaShape shape)
    {
        if (!shape.TryFindColumn(LabelColumnName, out var label)) throw SchemaErrors.Missing("label", LabelColumnName);
        var expected = new SchemaShape.Column(LabelColumnName, Kind.Scalar, NumberDataViewType.UInt32, true);
        if (label.Kind != expected.Kind || !label.IsKey || !label.ItemType.Equals(expected.ItemType))
            throw SchemaErrors.Mismatch("label", LabelColumnName, expected.Description(), label.Description());
        return label;
    }
}
