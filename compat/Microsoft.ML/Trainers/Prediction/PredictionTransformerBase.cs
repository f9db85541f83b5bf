namespace Microsoft.ML.Data;

/// <summary>A transformer that adds what a model predicts.</summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable where TModel : class
{
    private protected PredictionTransformerBase(TModel model) => Model = model;

    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mapper(input.Schema));
    }

    public void Dispose() => (Model as IDisposable)?.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract IRowToRowMapper Mapper(DataViewSchema inputSchema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}

/// <summary>A transformer that adds what a model predicts from one column of features.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>,
    ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly int features;

    private protected SingleFeaturePredictionTransformerBase(TModel model, string featureColumn, int features) : base(model) =>
        (FeatureColumnName, this.features) = (featureColumn, features);

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, features);

    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    private protected sealed override IRowToRowMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var feature = inputSchema.Input(FeatureColumnName, "feature");
        if (!feature.Type.IsFloatVector(features))
            throw SchemaErrors.Mismatch("feature", feature.Name, FeatureColumnType.ToString(), feature.Type.ToString());
        return new RowMapper(inputSchema, Map(feature.Index));
    }

    /// <summary>The columns of what is predicted from the column of that index.</summary>
    private protected abstract RowMapping Map(int feature);
}
