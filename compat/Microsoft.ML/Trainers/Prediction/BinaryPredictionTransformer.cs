using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

[assembly: ModelLoader<BinaryPredictionTransformer<LinearBinaryModelParameters>>("BinaryPrediction.Linear")]

namespace Microsoft.ML.Data;

/// <summary>Adds "PredictedLabel" (Boolean: whether the score is above 0) and "Score" (Single).</summary>
public sealed class BinaryPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>, ILoadable where TModel : class
{
    private readonly ModelParametersBase<float> scorer;

    internal BinaryPredictionTransformer(TModel model, string featureColumn)
        : this(model, featureColumn, (ModelParametersBase<float>)(object)model) { }

    private BinaryPredictionTransformer(TModel model, string featureColumn, ModelParametersBase<float> scorer)
        : base(model, featureColumn, scorer.Features) =>
        this.scorer = scorer;

    private protected override RowMapping Map(int feature) => new Mapping(scorer, feature);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<BinaryPredictionTransformer<TModel>>();
        ctx.Write("columns", writer => writer.Write(FeatureColumnName));
        ctx.Save("model", scorer);
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) =>
        new BinaryPredictionTransformer<TModel>(context.Load<TModel>("model"), context.Read("columns", reader => reader.ReadString()));

    private sealed class Mapping(ModelParametersBase<float> model, int feature) : PredictionMapping<float, bool>(model, feature)
    {
        internal override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } =
        [
            new(PredictedLabel, BooleanDataViewType.Instance),
            new(Score, NumberDataViewType.Single, ScoreAnnotations("BinaryClassification").ToAnnotations()),
        ];

        private protected override bool LabelOf(in float score) => score > 0;

        private protected override void CopyScore(in float score, ref float destination) => destination = score;
    }
}
