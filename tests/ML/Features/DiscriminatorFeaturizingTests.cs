using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Onnx;

namespace GanPipeline.ML.Tests;

public sealed class DiscriminatorFeaturizingTests : IDisposable
{
    private static readonly Picture[] _pictures = Picture.Samples(70);
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_are_named_by_layer_filter_and_place()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(TestModels.Features));
        model.MetadataProps.Add(new StringStringEntryProto
        {
            Key = ModelMetadata.Features,
            Value = FeatureLayer.Write([new("conv1", 1, 1, 2, 0, 2, 4), new("conv2", 3, 1, 1, 2, 1, 1)]),
        });
        File.WriteAllBytes(_folder["named.onnx"], model.ToByteArray());
        var data = new Trainers(_ml).Rows(100);
        var chain = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", _folder["named.onnx"])
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        chain.Transform(data).Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["conv1[0][0,0]", "conv1[0][0,1]", "conv2[0][0,0]", "conv2[1][0,0]", "conv2[2][0,0]"],
            names.DenseValues().Select(name => name.ToString()));

        // A saved chain has no names, and works without them.
        _ml.Model.Save(chain, data.Schema, _folder["chain.zip"]);
        using var loaded = (IDisposable)_ml.Model.Load(_folder["chain.zip"], out _);
        Assert.Equal(chain.Transform(data).Values<uint>("PredictedLabel"),
            ((ITransformer)loaded).Transform(data).Values<uint>("PredictedLabel"));
    }

    [Fact]
    public void Features_are_those_of_the_model()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        Assert.Equal(("Features", "Image", 5, 64),
            (transformer.OutputColumnName, transformer.InputColumnName, transformer.FeatureCount, transformer.BatchSize));
        Reading.AssertClose(TestModels.Samples(70).Features, transformer.Transform(data).Vectors("Features"));

        using var logits = _ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = "Logit", InputColumnName = "Image", ModelFile = TestModels.Features, ModelOutput = "logit",
            Model = new() { BatchSize = 16, Threads = 1 },
        }).Fit(data);
        Assert.All(logits.Transform(data).Vectors("Logit").Zip(TestModels.Samples(70).Features), pair =>
            Assert.Equal(pair.Second.Sum(), pair.First[0], 1e-4f));
    }

    /// <summary>Pixels from 0 to 255, which give features like any others.</summary>
    [Fact]
    public void Images_of_another_range_are_told()
    {
        var pixels = _ml.Data.LoadFromEnumerable(_pictures.Select(picture => new Picture
        {
            Image = [.. picture.Image.Select(value => (value + 1) * 127.5f)],
        }));
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(pixels);
        void Told(Action read)
        {
            var error = Assert.Throws<InvalidOperationException>(read);
            Assert.Contains("The images in column 'Image' have values from ", error.Message, StringComparison.Ordinal);
            Assert.Contains("takes [-1, 1]", error.Message, StringComparison.Ordinal);
        }
        Told(() => transformer.Transform(pixels).Vectors("Features"));
        using var engine = _ml.Model.CreatePredictionEngine<Picture, FeatureRow>(transformer);
        Told(() => engine.Predict(new Picture { Image = [.. Enumerable.Repeat(200f, TestModels.ImageSize)] }));
        Assert.Equal(TestModels.FeatureCount, engine.Predict(_pictures[0]).Features.Length);
    }

    private sealed class FeatureRow
    {
        [VectorType(TestModels.FeatureCount)]
        public float[] Features { get; set; } = [];
    }

    [Fact]
    public void Many_cursors_on_many_threads_share_one_model()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        var view = transformer.Transform(data);
        var expected = view.Vectors("Features");
        Parallel.For(0, 12, _ => Assert.Equal(expected, view.Vectors("Features")));
    }

    [Fact]
    public void In_a_chain_the_schema_is_checked_before_anything_is_read()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        var chain = _ml.Transforms.CopyColumns("X", "Image")
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "X", TestModels.Features));
        Reading.AssertClose(TestModels.Samples(70).Features, chain.Fit(data).Transform(data).Vectors("Features"));

        var missing = _ml.Transforms.CopyColumns("X", "Image")
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Y", TestModels.Features));
        AssertSchema(() => missing.Fit(data), "'Y'");
        var text = _ml.Transforms.CopyColumns("X", "Image")
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Name", TestModels.Features));
        AssertSchema(() => text.Fit(data), "'Name'", "String");
    }

    [Fact]
    public void A_wrong_column_is_named_at_Fit_with_both_sizes()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        AssertSchema(() => Fit("Nothing", data), "Could not find input column 'Nothing'");
        AssertSchema(() => Fit("Name", data), "Schema mismatch for input column 'Name'",
            "known-size vector of Single with 3 x 4 x 8 = 96 values", TestModels.Features, "String");
        AssertSchema(() => Fit("Pair", data), "'Pair'", "Double");
        AssertSchema(() => Fit("Image", Of<Gray>()), "3 x 4 x 8 = 96 values", "got a vector of 1 x 28 x 28 = 784 values");
        AssertSchema(() => Fit("Image", Of<Flat>()), "3 x 4 x 8 = 96 values", "got a vector of 95 values");
        AssertSchema(() => Fit("Image", Of<ChannelsLast>()), "got a vector of 4 x 8 x 3 = 96 values");
        AssertSchema(() => Fit("Image", Of<AnyLength>()), "'Image'");
        // One dimension of the right size is taken as it is, and so are dimensions of 1.
        Fit("Image", Of<FlatRight>());
        Fit("Image", Of<WithOne>());
        // The transformer says the same of other data.
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        AssertSchema(() => transformer.Transform(Of<Gray>()), "28");
        AssertSchema(() => transformer.GetOutputSchema(Of<Gray>().Schema), "28");

        void Fit(string column, IDataView view) => _ml.Transforms.ExtractDiscriminatorFeatures("Features", column, TestModels.Features)
            .Fit(view).Dispose();
        IDataView Of<T>() where T : class => _ml.Data.LoadFromEnumerable(Array.Empty<T>());
    }

    [Fact]
    public void A_model_that_a_prediction_engine_took_with_it_says_so()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        _ml.Model.CreatePredictionEngine<Picture, FeatureRow>(model).Dispose();
        Assert.Contains("OwnsTransformer", Assert.Throws<ObjectDisposedException>(() => model.Transform(data)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_file_may_disappear_after_the_estimator_is_made()
    {
        var path = _folder["features.onnx"];
        File.Copy(TestModels.Features, path);
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        var estimator = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", path);
        File.Delete(path);
        var first = estimator.Fit(data);
        var expected = first.Transform(data).Vectors("Features");
        // The last user closed the session; the next opens it again from memory.
        first.Dispose();
        using var second = estimator.Fit(data);
        Assert.Equal(expected, second.Transform(data).Vectors("Features"));

        Assert.Contains("There is no file", Assert.Throws<ModelException>(() =>
            _ml.Transforms.ExtractDiscriminatorFeatures("F", "Image", path)).Message, StringComparison.Ordinal);
        Assert.Contains("takes no images", Assert.Throws<ModelException>(() =>
            _ml.Transforms.ExtractDiscriminatorFeatures("F", "Image", TestModels.Generator)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Single_rows_are_predicted_in_batches_of_one()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Picture, Described>(transformer);
        var expected = TestModels.Samples(70).Features;
        for (var i = 0; i < 5; i++)
        {
            var described = engine.Predict(_pictures[i]);
            Assert.Equal(_pictures[i].Name, described.Name);
            Reading.AssertClose([expected[i]], [described.Features]);
        }
    }

    [Fact]
    public void Cross_validation_fits_chains_on_several_threads()
    {
        var data = _ml.Data.LoadFromEnumerable(_pictures.Select(picture =>
            new Labelled { Image = picture.Image, Class = picture.Image.Sum() > 0 ? "a" : "b" }));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(data).Transform(data);
        var chain = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy());
        var folds = _ml.MulticlassClassification.CrossValidate(keyed, chain, numberOfFolds: 3);
        Assert.Equal(3, folds.Count);
        // Five random sums of the pixels tell little about the sign of the plain sum; more than guessing.
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.3, 1));
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_an_error_or_the_processor()
    {
        Assert.Contains("cuda:1000", Assert.Throws<ModelException>(() =>
            _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features, gpuDeviceId: 1000)).Message,
            StringComparison.Ordinal);
        var data = _ml.Data.LoadFromEnumerable(_pictures);
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features, gpuDeviceId: 1000,
            fallbackToCpu: true).Fit(data);
        Assert.Equal(70, transformer.Transform(data).Vectors("Features").Length);
        using var samples = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 2, gpuDeviceId: 1000, fallbackToCpu: true);
        Assert.Equal(2, samples.Vectors("Image").Length);
    }

    [Fact]
    public void No_rows_make_no_features()
    {
        var data = _ml.Data.LoadFromEnumerable(Array.Empty<Picture>());
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data);
        Assert.Empty(transformer.Transform(data).Vectors("Features"));
    }

    [Fact]
    public void Images_are_generated_from_a_column_of_latents()
    {
        using var view = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 40, seed: 2);
        using var transformer = _ml.Transforms.GenerateImages("Again", "Latent", TestModels.Generator).Fit(view);
        Assert.Equal((TestModels.ImageSize, "Again", "Latent"),
            (transformer.ImageSize, transformer.OutputColumnName, transformer.InputColumnName));
        var again = transformer.Transform(view);
        Assert.Equal([3, 4, 8], again.Dimensions("Again"));
        Reading.AssertClose(view.Vectors("Image"), again.Vectors("Again"));
        AssertSchema(() => _ml.Transforms.GenerateImages("Again", "Image", TestModels.Generator)
            .Fit(view), "6 values", "3 x 4 x 8 = 96 values", "the generator");
    }

    private static void AssertSchema(Action act, params string[] parts)
    {
        var message = Assert.Throws<ArgumentOutOfRangeException>(act).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private sealed class Described
    {
        public string Name { get; set; } = "";

        [VectorType(5)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Labelled
    {
        [VectorType(3, 4, 8)]
        public float[] Image { get; set; } = [];

        public string Class { get; set; } = "";
    }

    private sealed class Gray
    {
        [VectorType(1, 28, 28)]
        public float[] Image { get; set; } = [];
    }

    private sealed class Flat
    {
        [VectorType(95)]
        public float[] Image { get; set; } = [];
    }

    private sealed class FlatRight
    {
        [VectorType(96)]
        public float[] Image { get; set; } = [];
    }

    private sealed class WithOne
    {
        [VectorType(1, 3, 4, 8)]
        public float[] Image { get; set; } = [];
    }

    private sealed class ChannelsLast
    {
        [VectorType(4, 8, 3)]
        public float[] Image { get; set; } = [];
    }

    private sealed class AnyLength
    {
        public float[] Image { get; set; } = [];
    }
}
