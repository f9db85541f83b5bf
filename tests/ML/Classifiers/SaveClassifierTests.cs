using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Onnx;

namespace GanPipeline.ML.Tests;

/// <summary>One ONNX file from image to class, for programs without ML.NET.</summary>
public sealed class SaveClassifierTests : IDisposable
{
    // Which trainers' scores are probabilities; those of support vector machines that one-versus-all calibrates count as such.
    private static readonly string[] _uncalibrated =
    [
        "SdcaNonCalibrated", "NaiveBayes", "binary LinearSvm", "binary FastTree",
    ];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Classifiers => [.. Trainers.Classifiers.Where(name =>
        name is not ("PairwiseCoupling(LinearSvm)" or "binary Gam" or Trainers.LightGbm))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void It_gives_what_the_model_gives(string trainer) => AssertSame(trainer);

    [LightGbmFact]
    public void So_it_does_with_LightGbm() => AssertSame(Trainers.LightGbm);

    private void AssertSame(string trainer)
    {
        var trainers = new Trainers(_ml);
        var data = trainers.Rows(300);
        var model = Features().Append(trainers.Create(trainer)).Fit(data);
        var path = _folder["of/classifier.onnx"];
        var saved = _ml.Model.SaveClassifier(model, data, path);
        Assert.Equal(256, saved.ImagesCompared);
        Assert.Equal(!_uncalibrated.Contains(trainer), saved.IsCalibrated);
        // As a probability, or beside the largest score: the same weights and features, summed in another order.
        Assert.InRange(saved.MaximumDifference, 0, 1e-5);

        using var classifier = ClassifierModel.Load(path);
        Assert.Equal(saved.IsCalibrated, classifier.IsCalibrated);
        var scored = model.Transform(data);
        var images = new ImageTensor([.. data.Vectors("Image").SelectMany(image => image)], 300, 3, 4, 8);
        var read = classifier.Classify(images);
        if (Trainers.IsBinary(trainer))
        {
            Assert.Equal(LabelKind.Binary, classifier.Fields.Single().Kind);
            Assert.Equal(scored.Values<bool>("PredictedLabel"), read.Select(reading => reading.Label == "true"));
        }
        else
        {
            Assert.Equal(["alpha", "beta", "gamma"], classifier.Fields.Single().Values.Order());
            var named = _ml.Transforms.Conversion.MapKeyToValue("Said", "PredictedLabel").Fit(scored).Transform(scored);
            Assert.Equal(named.GetColumn<string>("Said"), read.Select(reading => reading.Label));
            if (saved.IsCalibrated)
                Assert.All(scored.Vectors("Score").Zip(read), row => Assert.Equal(row.First.Max(), row.Second.Probability!.Value, 1e-5f));
        }
        if (!saved.IsCalibrated) Assert.All(read, reading => Assert.Null(reading.Probability));
    }

    [Theory]
    [InlineData("MinMax")]
    [InlineData("MeanVariance")]
    [InlineData("LpNorm")]
    [InlineData("RobustScaling")]
    [InlineData("PrincipalComponents")]
    public void A_normaliser_is_in_it(string name)
    {
        IEstimator<ITransformer> normaliser = name switch
        {
            "MinMax" => _ml.Transforms.NormalizeMinMax("Scaled", "Features"),
            "MeanVariance" => _ml.Transforms.NormalizeMeanVariance("Scaled", "Features"),
            "LpNorm" => _ml.Transforms.NormalizeLpNorm("Scaled", "Features"),
            "RobustScaling" => _ml.Transforms.NormalizeRobustScaling("Scaled", "Features"),
            _ => _ml.Transforms.ProjectToPrincipalComponents("Scaled", "Features", rank: 3),
        };
        var data = new Trainers(_ml).Rows(200);
        var model = Features().Append(normaliser)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "Scaled")).Fit(data);
        Assert.InRange(_ml.Model.SaveClassifier(model, data, _folder["c.onnx"]).MaximumDifference, 0, 1e-5);
    }

    [Fact]
    public void What_stands_before_the_features_and_names_behind_the_scores_do_no_harm()
    {
        var rows = new Trainers(_ml).Rows(100);
        var data = _ml.Transforms.DropColumns("Label").Fit(rows).Transform(rows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(Features())
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        Assert.Equal(100, _ml.Model.SaveClassifier(model, data, _folder["c.onnx"], attribute: "letter").ImagesCompared);
        using var classifier = ClassifierModel.Load(_folder["c.onnx"]);
        Assert.Equal(["letter"], classifier.Fields.Select(field => field.Name));
        Assert.Equal(["alpha", "beta", "gamma"], classifier.Fields[0].Values.Order());

        // A chain that was saved, and loaded in batches.
        _ml.Model.Save(model, data.Schema, _folder["model.zip"]);
        _ml.Model.SaveClassifier(_ml.Model.LoadGanPipeline(_folder["model.zip"]), data, _folder["again.onnx"], attribute: "letter");
        Assert.Equal(File.ReadAllBytes(_folder["c.onnx"]), File.ReadAllBytes(_folder["again.onnx"]));
    }

    /// <summary>A classifier's own features, or its logits as features: the new file's output has the same name.</summary>
    [Theory]
    [InlineData("features", "flat")]
    [InlineData("logits", "features")]
    public void The_features_model_may_have_logits_already(string output, string renamed)
    {
        var features = ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Features));
        foreach (var names in features.Graph.Node.SelectMany(node => new[] { node.Input, node.Output }))
            for (var i = 0; i < names.Count; i++) names[i] = names[i] == renamed ? "logits" : names[i];
        foreach (var value in features.Graph.Output.Where(value => value.Name == renamed)) value.Name = "logits";
        File.WriteAllBytes(_folder["logits.onnx"], features.ToByteArray());
        var data = new Trainers(_ml).Rows(60);
        var options = new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = "Features", InputColumnName = "Image", ModelFile = _folder["logits.onnx"], ModelOutput = output,
        };
        var model = _ml.Transforms.ExtractDiscriminatorFeatures(options)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(data);
        Assert.InRange(_ml.Model.SaveClassifier(model, data, _folder["model.onnx"]).MaximumDifference, 0, 1e-5);
    }

    [Fact]
    public void Labels_that_are_numbers_are_names_in_it()
    {
        var (images, features) = TestModels.Samples(100);
        var data = _ml.Data.LoadFromEnumerable(images.Zip(features, (image, feature) => new Picture
        {
            Image = image, Number = 10 + Array.IndexOf(feature, feature[..3].Max()),
        }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Number").Append(Features())
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(data);
        _ml.Model.SaveClassifier(model, data, _folder["c.onnx"]);
        using var classifier = ClassifierModel.Load(_folder["c.onnx"]);
        Assert.Equal(["10", "11", "12"], classifier.Fields[0].Values.Order());
    }

    [Fact]
    public void A_model_that_cannot_be_one_is_refused_before_anything_is_written()
    {
        var trainers = new Trainers(_ml);
        var data = trainers.Rows(60);
        var features = Features().Fit(data);
        Says<ArgumentException>("adds no column 'Score'", features);
        Says<ArgumentException>("extracts no features", trainers.Create("LbfgsMaximumEntropy").Fit(features.Transform(data)));
        Says<ArgumentException>("does not say which classes", Features().Append(trainers.Create(Trainers.KMeans)).Fit(data));
        Says<InvalidOperationException>("has no ONNX form", Features().Append(trainers.Create("PairwiseCoupling(LinearSvm)")).Fit(data));
        Says<ArgumentException>("more than once", Features().Append(Features())
            .Append(trainers.Create("LbfgsMaximumEntropy")).Fit(data));
        var binary = Features().Append(trainers.Create("binary LbfgsLogisticRegression")).Fit(data);
        Assert.Contains("no row", Assert.Throws<ArgumentException>(() =>
            _ml.Model.SaveClassifier(binary, _ml.Data.SkipRows(data, 60), _folder["c.onnx"])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["c.onnx"]));

        void Says<T>(string text, ITransformer model) where T : Exception => Assert.Contains(text,
            Assert.Throws<T>(() => _ml.Model.SaveClassifier(model, data, _folder["c.onnx"])).Message, StringComparison.Ordinal);
    }

    private DiscriminatorFeaturizingEstimator Features() =>
        _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features);
}
