using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

[assembly: ModelLoader<MulticlassPredictionTransformer<MaximumEntropyModelParameters>>("MulticlassPrediction.MaximumEntropy")]
[assembly: ModelLoader<MulticlassPredictionTransformer<OneVersusAllModelParameters>>("MulticlassPrediction.OneVersusAll")]

namespace Microsoft.ML.Data;

/// <summary>
/// Adds "PredictedLabel" (the key of the class with the highest score; it stands for what the training label stood for) and "Score" (a
/// vector with a Single a class, named after the classes).
/// </summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>, ILoadable where TModel : class
{
    private readonly ModelParametersBase<VBuffer<float>> scorer;
    private readonly int classes;
    private readonly KeyValues labels;

    /// <param name="model">The model.</param>
    /// <param name="featureColumn">The column it predicts from.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="labels">What the keys of the classes stand for, or null.</param>
    internal MulticlassPredictionTransformer(TModel model, string featureColumn, int classes, KeyValues labels)
        : this(model, featureColumn, (ModelParametersBase<VBuffer<float>>)(object)model) => (this.classes, this.labels) = (classes, labels);

    private MulticlassPredictionTransformer(TModel model, string featureColumn, ModelParametersBase<VBuffer<float>> scorer)
        : base(model, featureColumn, scorer.Features) => this.scorer = scorer;

    private protected override RowMapping Map(int feature) => new MulticlassMapping(scorer, feature, classes, labels);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<MulticlassPredictionTransformer<TModel>>();
        ctx.Write("columns", writer =>
        {
            writer.Write(FeatureColumnName);
            writer.Write(classes);
            writer.Write(labels is not null);
            labels?.Save(writer);
        });
        ctx.Save("model", scorer);
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context)
    {
        var model = context.Load<TModel>("model");
        return context.Read("columns", reader => new MulticlassPredictionTransformer<TModel>(model, reader.ReadString(), reader.ReadInt32(),
            reader.ReadBoolean() ? KeyValues.Load(reader) : null));
    }
}
