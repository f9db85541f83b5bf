using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace GanPipeline.ML.Tests;

/// <summary>ML.NET's own image transforms in front of the features: files, sizes, pixels; saved in one file, and fed from memory.</summary>
public sealed class MlNetImageTests : IDisposable
{
    private const int Height = 4, Width = 8;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    /// <summary>Samples as files, twice as large as the model takes them: each pixel four times.</summary>
    public MlNetImageTests()
    {
        var (images, _) = TestModels.Samples(30);
        for (var i = 0; i < images.Length; i++)
        {
            var small = images[i];
            var large = new float[3 * 2 * Height * 2 * Width];
            for (var k = 0; k < large.Length; k++)
            {
                var (c, y, x) = (k / (4 * Height * Width), k / (2 * Width) % (2 * Height), k % (2 * Width));
                large[k] = small[(c * Height + y / 2) * Width + x / 2];
            }
            Inference.Pictures.SavePng(new ImageTensor(large, 1, 3, 2 * Height, 2 * Width), 0, _folder[$"{i}.png"]);
        }
    }

    public void Dispose() => _folder.Dispose();

    private sealed class File
    {
        public string Path { get; set; } = "";

        public uint Number { get; set; }
    }

    private sealed class InMemory
    {
        [ImageType(2 * Height, 2 * Width)]
        public MLImage? Picture { get; set; }
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }

    private IDataView Files => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new File
    {
        Path = $"{i}.png", Number = (uint)(i % 3),
    }));

    private EstimatorChain<DiscriminatorFeaturizingTransformer> Features() => _ml.Transforms.ResizeImages("Picture", Width, Height)
        .Append(_ml.Transforms.ExtractPixels("Image", "Picture", offsetImage: 127.5f, scaleImage: 1 / 127.5f))
        .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features));

    [Fact]
    public void Files_become_the_images_that_the_model_takes()
    {
        var view = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Append(Features()).Fit(Files).Transform(Files);
        Assert.Equal([3, Height, Width], view.Dimensions("Image"));
        // Rounded to a 255th of the range.
        Reading.AssertClose(TestModels.Samples(30).Images, view.Vectors("Image"), 1 / 255f + 1e-5f);
        Assert.Equal(TestModels.FeatureCount, view.Vectors("Features")[0].Length);

        // One channel, as a model of gray images takes it.
        var gray = _ml.Transforms.ExtractPixels("Gray", "Picture", ImagePixelExtractingEstimator.ColorBits.Red, offsetImage: 127.5f,
            scaleImage: 1 / 127.5f).Fit(view).Transform(view);
        Assert.Equal([1, Height, Width], gray.Dimensions("Gray"));
        Assert.Equal(view.Vectors("Image").Select(image => image[..(Height * Width)]), gray.Vectors("Gray"));
    }

    [Fact]
    public void A_chain_from_pictures_in_memory_to_scores_is_one_file()
    {
        var loaded = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Fit(Files).Transform(Files);
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label", "Number").Append(Features())
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(loaded);
        var expected = chain.Transform(loaded).Vectors("Score");
        // What is saved needs no labels.
        _ml.Model.Save(new TransformerChain<ITransformer>([.. chain.Skip(1)]), loaded.Schema, _folder["model.zip"]);
        foreach (var model in new[] { _ml.Model.LoadGanPipeline(_folder["model.zip"]), _ml.Model.Load(_folder["model.zip"], out _) })
        {
            Reading.AssertClose(expected, model.Transform(loaded).Vectors("Score"), 1e-4f);
            using var engine = _ml.Model.CreatePredictionEngine<InMemory, Prediction>(model);
            using var picture = MLImage.CreateFromFile(_folder["7.png"]);
            Reading.AssertClose([expected[7]], [engine.Predict(new InMemory { Picture = picture }).Score], 1e-4f);
            (model as IDisposable)?.Dispose();
        }
    }

    /// <summary>The column of pictures itself: the same as with ML.NET's transforms before the features, saved or not.</summary>
    [Theory]
    [InlineData("Features", "Picture")]
    [InlineData("Picture", null)]
    public void A_column_of_pictures_is_taken_as_it_is(string output, string? input)
    {
        var loaded = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Fit(Files).Transform(Files);
        var expected = Features().Fit(loaded).Transform(loaded).Vectors("Features");
        var estimator = _ml.Transforms.ExtractDiscriminatorFeatures(output, input, TestModels.Features);
        using var transformer = estimator.Fit(loaded);
        Assert.Equal("Picture", transformer.InputColumnName);
        var view = transformer.Transform(loaded);
        Assert.Equal(expected, view.Vectors(output));
        // Nothing is left of the way there.
        string[] columns = [.. loaded.Schema.Select(column => column.Name).Append(output)];
        Assert.Equal(columns.Distinct().Order(), view.Schema.Select(column => column.Name).Distinct().Order());
        _ml.Model.Save(transformer, loaded.Schema, _folder["model.zip"]);
        foreach (var model in new[] { _ml.Model.LoadGanPipeline(_folder["model.zip"]), _ml.Model.Load(_folder["model.zip"], out _) })
        {
            Reading.AssertClose(expected, model.Transform(loaded).Vectors(output), TestModels.Tolerance);
            (model as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void A_chain_on_pictures_predicts_from_memory_and_is_one_ONNX_file()
    {
        var loaded = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Fit(Files).Transform(Files);
        var data = _ml.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(loaded).Transform(loaded);
        var chain = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Picture", TestModels.Features)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(data);
        var expected = chain.Transform(data).Vectors("Score");
        _ml.Model.Save(chain, loaded.Schema, _folder["model.zip"]);
        using var saved = (IDisposable)_ml.Model.LoadGanPipeline(_folder["model.zip"]);
        using var engine = _ml.Model.CreatePredictionEngine<InMemory, Prediction>((ITransformer)saved);
        using var picture = MLImage.CreateFromFile(_folder["7.png"]);
        Reading.AssertClose([expected[7]], [engine.Predict(new InMemory { Picture = picture }).Score], 1e-4f);
        // Fitted or loaded, its ONNX form begins at the images.
        foreach (var model in new[] { chain, (ITransformer)saved })
            Assert.Equal(30, _ml.Model.SaveClassifier(model, data, _folder["model.onnx"]).ImagesCompared);
    }

    [Fact]
    public void Pictures_become_gray_for_a_model_of_gray_images()
    {
        var loaded = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Fit(Files).Transform(Files);
        var form = new VectorForm(1, Height, Width);
        var gray = new PictureSteps(_ml.Transforms, "Picture", "Image", form).Before().Fit(loaded).Transform(loaded);
        Assert.Equal([1, Height, Width], gray.Dimensions("Image"));
        foreach (var (image, colour) in gray.Vectors("Image").Zip(TestModels.Samples(30).Images))
        {
            // ML.NET's weights. Each of the four numbers is rounded to a 255th of the range, 2.
            float Luma(int i) => 0.3f * colour[i] + 0.59f * colour[image.Length + i] + 0.11f * colour[2 * image.Length + i];
            for (var i = 0; i < image.Length; i++) Assert.Equal(Luma(i), image[i], 2 * 2 / 255f);
        }
    }

    /// <summary>The usual slip: without offset and scale pixels are from 0 to 255.</summary>
    [Fact]
    public void Pixels_that_were_not_scaled_are_told()
    {
        var view = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path")
            .Append(_ml.Transforms.ResizeImages("Picture", Width, Height))
            .Append(_ml.Transforms.ExtractPixels("Image", "Picture"))
            .Append(_ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)).Fit(Files).Transform(Files);
        var error = Assert.Throws<InvalidOperationException>(() => view.Vectors("Features"));
        Assert.Contains("offsetImage: 127.5f, scaleImage: 1 / 127.5f", error.Message, StringComparison.Ordinal);
    }
}
