using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace GanPipeline.Compat.Tests.ML.Training;

public class PredictionTests
{
    private sealed class Animal
    {
        public string Kind = "";

        [VectorType(2)]
        public float[] Size = [];
    }

    private static readonly string[] Kinds = ["cat", "dog", "emu"];

    private readonly MLContext context = new(seed: 3);
    private readonly IDataView animals;
    private readonly TransformerChain<KeyToValueMappingTransformer> model;

    public PredictionTests()
    {
        animals = context.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => new Animal
        {
            Kind = Kinds[i % 3],
            Size = [i % 3 == 0 ? 2 : -1 + i % 7 * 0.1f, i % 3 == 1 ? 2 : -1 + i % 5 * 0.1f],
        }));
        model = context.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "Size", l1Regularization: 0,
                l2Regularization: 0.1f))
            .Append(context.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(animals);
    }

    [Fact]
    public void Scores_are_probabilities_and_the_label_is_the_likeliest()
    {
        var scored = model.Transform(animals);
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        Assert.All(scores, row => Assert.Equal(1, row.Sum(), 1e-6));
        Assert.Equal(scores.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1), scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(animals.GetColumn<string>("Kind"), scored.GetColumn<string>("Answer"));
    }

    [Fact]
    public void Columns_and_their_annotations_tell_what_the_classes_stand_for()
    {
        var schema = model.Transform(animals).Schema;
        Assert.Equal(["Kind", "Size", "Label", "PredictedLabel", "Score", "Answer"], schema.Select(column => column.Name));
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["PredictedLabel"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Score"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        Assert.Equal(Kinds, names.DenseValues().Select(name => name.ToString()));
        schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(Kinds, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void A_saved_model_predicts_the_same()
    {
        using var file = new MemoryStream();
        context.Model.Save(model, animals.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(model.Transform(animals).GetColumn<float[]>("Score"), loaded.Transform(animals).GetColumn<float[]>("Score"));
        Assert.Equal(animals.GetColumn<string>("Kind"), loaded.Transform(animals).GetColumn<string>("Answer"));
    }

    [Fact]
    public void A_single_object_is_predicted()
    {
        using var engine = context.Model.CreatePredictionEngine<Animal, Answered>(model);
        Assert.Equal("emu", engine.Predict(new Animal { Size = [-1, -1] }).Answer);
        Assert.Equal("dog", engine.Predict(new Animal { Size = [-1, 2] }).Answer);
    }

    private sealed class Answered
    {
        public string Answer { get; set; } = "";
    }

    [Fact]
    public void Scoring_features_of_another_size_is_refused()
    {
        var wider = new Clusters(3, 3, 6).View(context);
        var fitted = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0)
            .Fit(new Clusters(3, 2, 30).View(context));
        Assert.Equal("Features", fitted.FeatureColumnName);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), fitted.FeatureColumnType);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(wider));
        Assert.Contains("Schema mismatch for feature column 'Features': expected Vector<Single, 2>, got Vector<Single, 3>", error.Message);
    }

    [Fact]
    public void Trainers_say_what_serves_them()
    {
        Assert.All(new[] { Info(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
            Info(context.BinaryClassification.Trainers.LinearSvm()) },
            info => Assert.True(info.NeedNormalization && info.WantCaching));

        static TrainerInfo Info<TTransformer, TModel>(ITrainerEstimator<TTransformer, TModel> trainer)
            where TTransformer : IPredictionTransformer<TModel> where TModel : class => trainer.Info;
    }
}
