using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer of ML.NET's own: it checks its columns, trains a model, and makes a transformer of it.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel> where TModel : class
{
    public readonly SchemaShape.Column FeatureColumn;

    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The column of weights; one without a name where every example counts once.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected TrainerEstimatorBase(TrainerInputBaseWithLabel options, string weight, DataViewType labelType)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        FeatureColumn = new(options.FeatureColumnName, Kind.Vector, NumberDataViewType.Single, false);
        LabelColumn = new(options.LabelColumnName, labelType);
        if (weight is not null) WeightColumn = new(weight, NumberDataViewType.Single);
    }

    public abstract TrainerInfo Info { get; }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row to learn from.</exception>
    public TTransformer Fit(IDataView input) => FitFrom(null, input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Check(inputSchema);
        inputSchema.TryFindColumn(LabelColumn.Name, out var label);
        return inputSchema.With(OutputColumns(label));
    }

    /// <summary>Trains, from a model where one is given.</summary>
    private protected TTransformer FitFrom(TModel start, IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(SchemaShape.Create(input.Schema));
        return Train(input, new(input.Schema, FeatureColumn.Name, LabelColumn.Name, WeightColumn.Name), start);
    }

    private protected abstract TTransformer Train(IDataView data, TrainingColumns columns, TModel start);

    /// <summary>The columns that the transformer will add.</summary>
    private protected abstract IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape.Column label);

    private void Check(SchemaShape shape)
    {
        Check(shape, "feature", FeatureColumn);
        Check(shape, "label", LabelColumn);
        if (WeightColumn.Name is not null) Check(shape, "weight", WeightColumn);
    }

    private static void Check(SchemaShape shape, string role, SchemaShape.Column expected)
    {
        if (!shape.TryFindColumn(expected.Name, out var column)) throw SchemaErrors.Missing(role, expected.Name);
        if (column.Kind != expected.Kind || column.IsKey != expected.IsKey || !column.ItemType.Equals(expected.ItemType))
            throw SchemaErrors.Mismatch(role, expected.Name, expected.Description(), column.Description());
    }
}
