using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace GanPipeline.ML.Tests.Saving;

public sealed class SavingTests : IDisposable
{
    private static readonly Picture[] Pictures = Picture.Samples(40);
    private readonly MLContext ml = new(seed: 1);
    private readonly TemporaryFolder folder = new();
    private readonly IDataView data;

    public SavingTests() => data = ml.Data.LoadFromEnumerable(Pictures);

    public void Dispose() => folder.Dispose();

    private string Model => folder["model.zip"];

    [Fact]
    public void A_saved_chain_is_loaded_by_ML_NET_alone_and_in_batches()
    {
        var model = ml.Transforms.CopyColumns("Picture", "Image")
            .Append(ml.Transforms.ExtractDiscriminatorFeatures("What it sees", "Picture", TestModels.Features))
            .Append(ml.Transforms.NormalizeMeanVariance("Normalized", "What it sees"))
            .Fit(data);
        float[][] expected = model.Transform(data).Vectors("Normalized");
        ml.Model.Save(model, data.Schema, Model);

        ITransformer stock = new MLContext().Model.Load(Model, out DataViewSchema schema);
        Assert.Equal(96, ((VectorDataViewType)schema["Image"].Type).Size);
        Assert.IsType<OnnxTransformer>(((TransformerChain<ITransformer>)stock).ElementAt(1));
        Reading.AssertClose(expected, stock.Transform(data).Vectors("Normalized"), 1e-5f);
        Reading.AssertClose(model.Transform(data).Vectors("What it sees"), stock.Transform(data).Vectors("What it sees"), 1e-5f);

        ITransformer batched = ml.Model.LoadGanPipeline(Model, out schema);
        Assert.Equal("Image", schema[0].Name);
        var restored = Assert.IsType<DiscriminatorFeaturizingTransformer>(((TransformerChain<ITransformer>)batched).ElementAt(1));
        Assert.Equal(("What it sees", "Picture", 64), (restored.OutputColumnName, restored.InputColumnName, restored.BatchSize));
        Assert.Equal(expected, batched.Transform(data).Vectors("Normalized"));

        // What was loaded can be saved and loaded again.
        ml.Model.Save(batched, data.Schema, folder["again.zip"]);
        Assert.Equal(expected, ml.Model.LoadGanPipeline(folder["again.zip"]).Transform(data).Vectors("Normalized"));
        Reading.AssertClose(expected, new MLContext().Model.Load(folder["again.zip"], out _).Transform(data).Vectors("Normalized"), 1e-5f);
    }

    [Fact]
    public void A_program_without_this_project_loads_and_runs_a_saved_classifier()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "..", "..", "GanPipeline.PlainML", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        Assert.Equal(["GanPipeline.PlainML.dll"], Directory.EnumerateFiles(program, "GanPipeline.*.dll").Select(Path.GetFileName));

        IDataView labelled = ml.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(data).Transform(ml.Data.TakeRows(data, 6));
        var model = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(labelled);
        ml.Model.Save(model, data.Schema, Model);
        var (code, output, error) = Peers.Run("dotnet", Path.Combine(program, "GanPipeline.PlainML.dll"), Model);
        Assert.True(code == 0, error);

        IDataView same = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Picture
        {
            Image = [.. Enumerable.Range(0, 96).Select(k => (i * 31 + k * 7) % 17 / 8f - 1f)],
        }));
        float[][] scores = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ').Select(value => float.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        Reading.AssertClose(model.Transform(same).Vectors("Score"), scores, 1e-5f);
        Reading.AssertClose(ml.Model.LoadGanPipeline(Model).Transform(same).Vectors("Score"), scores, 1e-5f);
    }

    [Fact]
    public void Several_models_of_nested_chains_find_their_places()
    {
        using GeneratorView samples = ml.Data.LoadFromGenerator(TestModels.Generator, count: 30, seed: 4);
        var inner = ml.Transforms.GenerateImages(new ImageGeneratingOptions
        {
            OutputColumnName = "Made", InputColumnName = "Latent", ModelFile = TestModels.Generator, BatchSize = 7,
        }).Append(ml.Transforms.CopyColumns("Copy", "Made"));
        var model = ml.Transforms.CopyColumns("Z", "Latent")
            .Append(inner)
            .Append(ml.Transforms.ExtractDiscriminatorFeatures("Features", "Copy", TestModels.Features))
            .Append(ml.Transforms.ExtractDiscriminatorFeatures(new DiscriminatorFeaturizingOptions
            {
                OutputColumnName = "Score", InputColumnName = "Copy", ModelFile = TestModels.Features, ModelOutput = "logit", BatchSize = 3,
            }), TransformerScope.Scoring)
            .Fit(samples);
        ml.Model.Save(model, samples.Schema, Model);

        var stock = ml.Model.Load(Model, out _).Transform(samples);
        var loaded = (TransformerChain<ITransformer>)ml.Model.LoadGanPipeline(Model);
        var batched = loaded.Transform(samples);
        foreach (string column in (string[])["Made", "Features", "Score"])
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
    public void A_transformer_by_itself_is_saved_and_its_columns_may_have_each_others_names()
    {
        // The input is called as the model's output, and the output as the model's input.
        var copy = ml.Transforms.CopyColumns("features", "Image").Fit(data).Transform(data);
        using var transformer = ml.Transforms.ExtractDiscriminatorFeatures("image", "features", TestModels.Features).Fit(copy);
        ml.Model.Save(transformer, copy.Schema, Model);
        Reading.AssertClose(TestModels.Samples(40).Features, ml.Model.Load(Model, out _).Transform(copy).Vectors("image"), 1e-5f);
        var batched = Assert.IsType<DiscriminatorFeaturizingTransformer>(Unwrap(ml.Model.LoadGanPipeline(Model)));
        Reading.AssertClose(TestModels.Samples(40).Features, batched.Transform(copy).Vectors("image"), 1e-5f);

        static ITransformer Unwrap(ITransformer loaded) => loaded is TransformerChain<ITransformer> chain ? chain.Single() : loaded;
    }

    [Fact]
    public void Models_without_our_transforms_are_loaded_as_they_are()
    {
        var model = ml.Transforms.CopyColumns("image", "Image").Append(ml.Transforms.ApplyOnnxModel("features", "image", TestModels.Features)).Fit(data);
        ml.Model.Save(model, data.Schema, Model);
        var loaded = (TransformerChain<ITransformer>)ml.Model.LoadGanPipeline(Model);
        Assert.IsType<OnnxTransformer>(loaded.Last());
        Reading.AssertClose(TestModels.Samples(40).Features, loaded.Transform(data).Vectors("features"), 1e-5f);
    }

    [Fact]
    public void Weights_travel_in_the_file()
    {
        string path = folder["features.onnx"];
        File.Copy(TestModels.Features, path);
        var estimator = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", path);
        File.Delete(path);
        var transformer = estimator.Fit(data);
        ml.Model.Save(transformer, data.Schema, Model);
        Reading.AssertClose(TestModels.Samples(40).Features, ml.Model.LoadGanPipeline(Model).Transform(data).Vectors("Features"), 1e-5f);
        // The loaded one does not read the zip again, and sizes are checked as before.
        ITransformer loaded = ml.Model.LoadGanPipeline(Model);
        File.Delete(Model);
        Assert.Equal(40, loaded.Transform(data).Vectors("Features").Length);
        using GeneratorView latents = ml.Data.LoadFromGenerator(TestModels.Generator, count: 1);
        var wrong = ml.Transforms.CopyColumns("Image", "Latent").Fit(latents).Transform(latents);
        Assert.Contains("got a vector of 6 values", Assert.Throws<ArgumentOutOfRangeException>(() => loaded.Transform(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conditional_generator_is_saved_with_both_of_its_inputs()
    {
        using GeneratorView samples = ml.Data.LoadFromGenerator(TestModels.Conditional, count: 20, seed: 4);
        var transformer = ml.Transforms.GenerateImages(new ImageGeneratingOptions
        {
            OutputColumnName = "Made", InputColumnName = "Latent", LabelColumnName = "Label", ModelFile = TestModels.Conditional, BatchSize = 6,
        }).Fit(samples);
        ml.Model.Save(transformer, samples.Schema, Model);
        Reading.AssertClose(samples.Vectors("Image"), ml.Model.Load(Model, out _).Transform(samples).Vectors("Made"), 1e-5f);
        Reading.AssertClose(samples.Vectors("Image"), ml.Model.LoadGanPipeline(Model).Transform(samples).Vectors("Made"), 1e-5f);
    }

    [Fact]
    public void A_generator_of_bytes_alone_cannot_be_saved()
    {
        using GeneratorView samples = ml.Data.LoadFromGenerator(TestModels.GeneratorPixels, count: 2);
        var transformer = ml.Transforms.GenerateImages("Made", "Latent", TestModels.GeneratorPixels).Fit(samples);
        Assert.Contains("gives no 'image'", Assert.Throws<InvalidOperationException>(() => ml.Model.Save(transformer, samples.Schema, Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        File.WriteAllText(Model, "no zip");
        Assert.ThrowsAny<Exception>(() => ml.Model.LoadGanPipeline(Model));
        Assert.Throws<FileNotFoundException>(() => ml.Model.LoadGanPipeline(folder["none.zip"]));

        // A model inside that is damaged: its name is the file's, and the place in it.
        ml.Model.Save(ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data), data.Schema, folder["good.zip"]);
        using ZipArchive zip = ZipFile.OpenRead(folder["good.zip"]);
        Assert.Contains(zip.Entries, entry => entry.Name == "OnnxModel");
    }
}
