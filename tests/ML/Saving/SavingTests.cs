using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace GanPipeline.ML.Tests;

public sealed class SavingTests : IDisposable
{
    private static readonly Picture[] _pictures = Picture.Samples(40);
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<ITransformer> _loaded = [];
    private readonly IDataView _data;

    public SavingTests() => _data = _ml.Data.LoadFromEnumerable(_pictures);

    public void Dispose()
    {
        foreach (var loaded in _loaded) (loaded as IDisposable)?.Dispose();
        _folder.Dispose();
    }

    /// <summary>As ML.NET loads it, with temporary files until it is disposed.</summary>
    private ITransformer Stock(string path, out DataViewSchema schema)
    {
        _loaded.Add(new MLContext().Model.Load(path, out schema));
        return _loaded[^1];
    }

    private string Model => _folder["model.zip"];

    [Fact]
    public void A_saved_chain_is_loaded_by_ML_NET_alone_and_in_batches()
    {
        var model = _ml.Transforms.CopyColumns("Picture", "Image")
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("What it sees", "Picture", TestModels.Features))
            .Append(_ml.Transforms.NormalizeMeanVariance("Normalized", "What it sees"))
            .Fit(_data);
        var expected = model.Transform(_data).Vectors("Normalized");
        _ml.Model.Save(model, _data.Schema, Model);

        var stock = Stock(Model, out var schema);
        Assert.Equal(96, ((VectorDataViewType)schema["Image"].Type).Size);
        Assert.IsType<OnnxTransformer>(((TransformerChain<ITransformer>)stock).ElementAt(1));
        Reading.AssertClose(expected, stock.Transform(_data).Vectors("Normalized"), 1e-5f);
        Reading.AssertClose(model.Transform(_data).Vectors("What it sees"), stock.Transform(_data).Vectors("What it sees"), 1e-5f);

        var batched = _ml.Model.LoadGanPipeline(Model, out schema);
        Assert.Equal("Image", schema[0].Name);
        var restored = Assert.IsType<DiscriminatorFeaturizingTransformer>(((TransformerChain<ITransformer>)batched).ElementAt(1));
        Assert.Equal(("What it sees", "Picture", 64), (restored.OutputColumnName, restored.InputColumnName, restored.BatchSize));
        Assert.Equal(expected, batched.Transform(_data).Vectors("Normalized"));

        // What was loaded can be saved and loaded again.
        _ml.Model.Save(batched, _data.Schema, _folder["again.zip"]);
        Assert.Equal(expected, _ml.Model.LoadGanPipeline(_folder["again.zip"]).Transform(_data).Vectors("Normalized"));
        Reading.AssertClose(expected, Stock(_folder["again.zip"], out _).Transform(_data).Vectors("Normalized"), 1e-5f);
        Assert.Equal(OnnxModel(Model), OnnxModel(_folder["again.zip"]));
    }

    /// <summary>Nothing needs a file: a model from an embedded resource, a chain in a database.</summary>
    [Fact]
    public void Models_and_chains_are_read_from_memory()
    {
        var options = new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = "Features", InputColumnName = "Image", ModelFile = "embedded",
            ModelBytes = File.ReadAllBytes(TestModels.Features),
        };
        var rows = new Trainers(_ml).Rows(40);
        var model = _ml.Transforms.ExtractDiscriminatorFeatures(options)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(rows);
        var expected = model.Transform(rows).Vectors("Score");
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        _ml.Model.Save(model, rows.Schema, stream);
        // From where it stands, and again: it stays open.
        for (var i = 0; i < 2; i++)
        {
            stream.Position = 3;
            using var loaded = (IDisposable)_ml.Model.LoadGanPipeline(stream, out var schema);
            Assert.Equal("Image", schema["Image"].Name);
            Reading.AssertClose(expected, ((ITransformer)loaded).Transform(rows).Vectors("Score"));
        }
        using var classifier = new MemoryStream();
        _ml.Model.SaveClassifier(model, rows, classifier);
        using var read = Inference.ClassifierModel.Load(classifier.ToArray());
        Assert.Equal(3, read.Fields.Single().Values.Count);

        var error = Assert.Throws<Inference.ModelException>(() =>
            _ml.Transforms.ExtractDiscriminatorFeatures(options with { ModelBytes = new byte[] { 1, 2, 3 } }));
        Assert.Contains("embedded", error.Message, StringComparison.Ordinal);
    }

    private static byte[] OnnxModel(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        using var content = new MemoryStream();
        using (var entry = zip.Entries.Single(entry => entry.Name == "OnnxModel").Open()) entry.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Trainers compare a column's type with the one that they were trained on; so what ML.NET loads has ours.</summary>
    [Theory]
    [InlineData("Image", "Features")]
    [InlineData("Image", "Image")] // in place
    [InlineData("flat", "weight")] // as an inner value and a constant of the model
    [InlineData("logit", "logit")] // as another output of the model
    [InlineData("features", "image")] // as the model's output and input, the other way round
    [InlineData("Features.output", "Features")] // as the output in the saved model
    [InlineData("Features.output.shape", "Features")]
    [InlineData("My picture", "Zügè")]
    public void Columns_have_the_same_name_type_and_values_when_ML_NET_loads_them(string input, string output)
    {
        var copy = _ml.Transforms.CopyColumns(input, "Image").Fit(_data).Transform(_data);
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures(output, input, TestModels.Features).Fit(copy);
        _ml.Model.Save(transformer, copy.Schema, Model);
        foreach (var loaded in (ITransformer[])[Stock(Model, out _), _ml.Model.LoadGanPipeline(Model)])
        {
            var view = loaded.Transform(copy);
            Assert.Equal(transformer.Transform(copy).Schema[output].Type, view.Schema[output].Type);
            Reading.AssertClose(TestModels.Samples(40).Features, view.Vectors(output), 1e-5f);
        }
    }

    [Fact]
    public void A_name_that_ML_NET_would_change_is_refused()
    {
        using var transformer = _ml.Transforms.ExtractDiscriminatorFeatures("a.output", "Image", TestModels.Features).Fit(_data);
        Assert.Contains("'a.output'", Assert.Throws<InvalidOperationException>(() =>
            _ml.Model.Save(transformer, _data.Schema, Model)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// The file is of version 0.2, which named the outputs as their columns: generated images, their features, their
    /// logits.
    /// </summary>
    [Fact]
    public void What_an_earlier_version_saved_is_loaded_in_batches()
    {
        using var samples = _ml.Data.LoadFromGenerator(TestModels.Conditional, count: 20, seed: 4);
        var saved = Path.Combine(Repository.Root, "tests", "ML", "models", "saved-by-0.2.zip");
        var loaded = (TransformerChain<ITransformer>)_ml.Model.LoadGanPipeline(saved);
        Assert.Equal((7, "Label"), loaded.First() is ImageGeneratingTransformer made ? (made.BatchSize, made.LabelColumnName) : default);
        using var features = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(samples);
        var expected = features.Transform(samples).Vectors("Features");
        // Saved again, it is as what is saved today.
        _ml.Model.Save(loaded, samples.Schema, Model);
        foreach (var chain in (ITransformer[])[loaded, _ml.Model.LoadGanPipeline(Model), Stock(Model, out _)])
        {
            var view = chain.Transform(samples);
            Assert.Equal(samples.Schema["Image"].Type, view.Schema["features"].Type);
            Reading.AssertClose(samples.Vectors("Image"), view.Vectors("features"), 1e-5f);
            Reading.AssertClose(expected, view.Vectors("image"), 1e-5f);
            Assert.Equal(expected.Select(row => row.Sum()), view.Vectors("Score").Select(row => row[0]), (a, b) => Math.Abs(a - b) < 1e-4f);
        }
    }

    [Fact]
    public void Several_models_of_nested_chains_find_their_places()
    {
        using var samples = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 30, seed: 4);
        var inner = _ml.Transforms.GenerateImages(new ImageGeneratingOptions
        {
            OutputColumnName = "Made", InputColumnName = "Latent", ModelFile = TestModels.Generator, Model = new() { BatchSize = 7 },
        }).Append(_ml.Transforms.CopyColumns("Copy", "Made"));
        var model = _ml.Transforms.CopyColumns("Z", "Latent")
            .Append(inner)
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Copy", TestModels.Features))
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
            {
                OutputColumnName = "Score", InputColumnName = "Copy", ModelFile = TestModels.Features, ModelOutput = "logit",
                Model = new() { BatchSize = 3 },
            }), TransformerScope.Scoring)
            .Fit(samples);
        _ml.Model.Save(model, samples.Schema, Model);

        var stock = Stock(Model, out _).Transform(samples);
        var loaded = (TransformerChain<ITransformer>)_ml.Model.LoadGanPipeline(Model);
        var batched = loaded.Transform(samples);
        foreach (var column in (string[])["Made", "Features", "Score"])
        {
            Reading.AssertClose(model.Transform(samples).Vectors(column), batched.Vectors(column), 1e-5f);
            Reading.AssertClose(stock.Vectors(column), batched.Vectors(column), 1e-5f);
        }
        var generating = Assert.IsType<ImageGeneratingTransformer>(((TransformerChain<ITransformer>)loaded.ElementAt(1)).First());
        Assert.Equal((7, "Made"), (generating.BatchSize, generating.OutputColumnName));
        Assert.Equal(3, Assert.IsType<DiscriminatorFeaturizingTransformer>(loaded.Last()).BatchSize);
        // Scopes are kept: what is for scoring alone is not there for training.
        Assert.Equal(3, loaded.GetModelFor(TransformerScope.Training).Count());
        Assert.Equal(4, loaded.GetModelFor(TransformerScope.Scoring).Count());
    }

    [Fact]
    public void Models_without_our_transforms_are_loaded_as_they_are()
    {
        var model = _ml.Transforms.CopyColumns("image", "Image")
            .Append(_ml.Transforms.ApplyOnnxModel("features", "image", TestModels.Features)).Fit(_data);
        _ml.Model.Save(model, _data.Schema, Model);
        var loaded = (TransformerChain<ITransformer>)_ml.Model.LoadGanPipeline(Model);
        Assert.IsType<OnnxTransformer>(loaded.Last());
        Reading.AssertClose(TestModels.Samples(40).Features, loaded.Transform(_data).Vectors("features"), 1e-5f);
    }

    [Fact]
    public void Weights_travel_in_the_file()
    {
        var path = _folder["features.onnx"];
        File.Copy(TestModels.Features, path);
        var estimator = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", path);
        File.Delete(path);
        var transformer = estimator.Fit(_data);
        _ml.Model.Save(transformer, _data.Schema, Model);
        Reading.AssertClose(TestModels.Samples(40).Features, _ml.Model.LoadGanPipeline(Model).Transform(_data).Vectors("Features"), 1e-5f);
        // The loaded one does not read the zip again, and sizes are checked as before.
        var loaded = _ml.Model.LoadGanPipeline(Model);
        File.Delete(Model);
        Assert.Equal(40, loaded.Transform(_data).Vectors("Features").Length);
        using var latents = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 1);
        var wrong = _ml.Transforms.CopyColumns("Image", "Latent").Fit(latents).Transform(latents);
        Assert.Contains("got a vector of 6 values", Assert.Throws<ArgumentOutOfRangeException>(() => loaded.Transform(wrong)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_conditional_generator_is_saved_with_both_of_its_inputs()
    {
        using var samples = _ml.Data.LoadFromGenerator(TestModels.Conditional, count: 20, seed: 4);
        var transformer = _ml.Transforms.GenerateImages(new ImageGeneratingOptions
        {
            OutputColumnName = "Made", InputColumnName = "Latent", LabelColumnName = "Label", ModelFile = TestModels.Conditional,
            Model = new() { BatchSize = 6 },
        }).Fit(samples);
        _ml.Model.Save(transformer, samples.Schema, Model);
        var stock = Stock(Model, out _).Transform(samples);
        Assert.Equal(samples.Schema["Image"].Type, stock.Schema["Made"].Type);
        Reading.AssertClose(samples.Vectors("Image"), stock.Vectors("Made"), 1e-5f);
        Reading.AssertClose(samples.Vectors("Image"), _ml.Model.LoadGanPipeline(Model).Transform(samples).Vectors("Made"), 1e-5f);
    }

    [Fact]
    public void A_generator_of_bytes_alone_cannot_be_saved()
    {
        using var samples = _ml.Data.LoadFromGenerator(TestModels.GeneratorPixels, count: 2);
        var transformer = _ml.Transforms.GenerateImages("Made", "Latent", TestModels.GeneratorPixels).Fit(samples);
        Assert.Contains("gives no 'image'", Assert.Throws<InvalidOperationException>(() =>
            _ml.Model.Save(transformer, samples.Schema, Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        File.WriteAllText(Model, "no zip");
        Assert.ThrowsAny<Exception>(() => _ml.Model.LoadGanPipeline(Model));
        Assert.Throws<FileNotFoundException>(() => _ml.Model.LoadGanPipeline(_folder["none.zip"]));

        // A model inside that is damaged: its name is the file's, and the place in it.
        using var features = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(_data);
        _ml.Model.Save(features, _data.Schema, _folder["good.zip"]);
        using var zip = ZipFile.OpenRead(_folder["good.zip"]);
        Assert.Contains(zip.Entries, entry => entry.Name == "OnnxModel");
    }
}
