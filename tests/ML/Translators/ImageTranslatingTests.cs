using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Transforms.Onnx;

namespace GanPipeline.ML.Tests;

/// <summary>Images made of images, in batches, saved and loaded. The model makes negatives, which are exact.</summary>
public sealed class ImageTranslatingTests : IDisposable
{
    private const int Height = 4, Width = 8;

    private static readonly Picture[] _pictures = Picture.Samples(20);
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _data;

    public ImageTranslatingTests()
    {
        _data = _ml.Data.LoadFromEnumerable(_pictures);
        NegativeModel.Write(Model, 3, Height, Width);
        NegativeModel.Write(Free, 3, -1, -1);
    }

    public void Dispose() => _folder.Dispose();

    private string Model => _folder["translator.onnx"];

    private string Free => _folder["free.onnx"];

    private static float[][] Negatives => [.. _pictures.Select(picture => Array.ConvertAll(picture.Image, value => -value))];

    private ImageTranslatingOptions OfFree(int? height = Height, int? width = Width) =>
        new() { OutputColumnName = "Made", InputColumnName = "Image", ModelFile = Free, Height = height, Width = width };

    /// <summary>In batches, row by row, and in programs that have ML.NET alone; of one size and of free size.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_become_images_and_the_chain_is_one_file(bool free)
    {
        var estimator = free ? _ml.Transforms.TranslateImages(OfFree()) : _ml.Transforms.TranslateImages("Made", "Image", Model);
        using var transformer = estimator.Fit(_data);
        File.Delete(Model);
        File.Delete(Free);
        Assert.Equal(("Made", "Image", TestModels.ImageSize), (transformer.OutputColumnName, transformer.InputColumnName,
            transformer.ImageSize));
        Assert.Equal([3, Height, Width], transformer.Transform(_data).Dimensions("Made"));
        Assert.Equal(Negatives, transformer.Transform(_data).Vectors("Made"));

        _ml.Model.Save(transformer, _data.Schema, _folder["model.zip"]);
        var stock = new MLContext().Model.Load(_folder["model.zip"], out var schema);
        Assert.IsType<OnnxTransformer>(stock);
        Assert.Equal("Image", schema["Image"].Name);
        var batched = _ml.Model.LoadGanPipeline(_folder["model.zip"]);
        Assert.IsType<ImageTranslatingTransformer>(batched);
        foreach (var loaded in (ITransformer[])[stock, batched])
        {
            Assert.Equal(transformer.Transform(_data).Schema["Made"].Type, loaded.Transform(_data).Schema["Made"].Type);
            Assert.Equal(Negatives, loaded.Transform(_data).Vectors("Made"));
            using var engine = _ml.Model.CreatePredictionEngine<Picture, Translated>(loaded,
                new PredictionEngineOptions { OwnsTransformer = false });
            Assert.Equal(Negatives[3], engine.Predict(_pictures[3]).Made);
            (loaded as IDisposable)?.Dispose();
        }
    }

    private sealed class Translated
    {
        public float[] Made { get; set; } = [];
    }

    /// <summary>Pictures of twice the size, each pixel four times, are brought to the model's.</summary>
    [Fact]
    public void A_column_of_pictures_is_taken_as_it_is()
    {
        for (var i = 0; i < _pictures.Length; i++)
        {
            var large = new float[4 * TestModels.ImageSize];
            for (var k = 0; k < large.Length; k++)
            {
                var (c, y, x) = (k / (4 * Height * Width), k / (2 * Width) % (2 * Height), k % (2 * Width));
                large[k] = _pictures[i].Image[(c * Height + y / 2) * Width + x / 2];
            }
            Pictures.SavePng(new ImageTensor(large, 1, 3, 2 * Height, 2 * Width), 0, _folder[$"picture {i}.png"]);
        }
        var paths = _ml.Transforms.CopyColumns("Path", "Name").Append(_ml.Transforms.CustomMapping<Named, Named>(
            (from, to) => to.Path = $"{from.Path}.png", null)).Fit(_data).Transform(_data);
        var loaded = _ml.Transforms.LoadImages("Picture", _folder.Path, "Path").Fit(paths).Transform(paths);
        using var transformer = _ml.Transforms.TranslateImages("Made", "Picture", Model).Fit(loaded);
        // Rounded to bytes, a 255th of the range, half of that either way.
        Reading.AssertClose(Negatives, transformer.Transform(loaded).Vectors("Made"), 1 / 255f + 1e-5f);
        Assert.DoesNotContain(transformer.Transform(loaded).Schema, column => column.Name.StartsWith("Made.", StringComparison.Ordinal));
        _ml.Model.Save(transformer, loaded.Schema, _folder["model.zip"]);
        var stock = new MLContext().Model.Load(_folder["model.zip"], out _);
        Assert.Equal(transformer.Transform(loaded).Vectors("Made"), stock.Transform(loaded).Vectors("Made"));
        (stock as IDisposable)?.Dispose();
    }

    private sealed class Named
    {
        public string Path { get; set; } = "";
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Told<ArgumentException>(() => _ml.Transforms.TranslateImages("Made", "Image", Free), "names none");
        Told<ArgumentException>(() => _ml.Transforms.TranslateImages(OfFree() with { ModelFile = Model, Height = 5 }), "[3, 4, 8]");
        Told<ModelException>(() => _ml.Transforms.TranslateImages("Made", "Image", TestModels.Features), "makes no images");
        Told<ModelException>(() => _ml.Transforms.TranslateImages("Made", "Image", _folder["none.onnx"]), "none.onnx");
        Told<ArgumentOutOfRangeException>(() => _ml.Transforms.TranslateImages(OfFree(8, 8)).Fit(_data), "3 x 8 x 8 = 192 values",
            "the translator", "3 x 4 x 8 = 96 values");
        Told<ArgumentOutOfRangeException>(() => _ml.Transforms.TranslateImages("Made", "Nothing", Model).Fit(_data), "Nothing");
        var bytes = _ml.Data.LoadFromEnumerable([new Picture { Image = [.. Enumerable.Range(0, 96).Select(i => (float)i)] }]);
        using var transformer = _ml.Transforms.TranslateImages("Made", "Image", Model).Fit(bytes);
        Told<InvalidOperationException>(() => transformer.Transform(bytes).Vectors("Made"), "from 0 to 95");

        static void Told<T>(Action act, params string[] parts) where T : Exception
        {
            var message = Assert.Throws<T>(act).Message;
            Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_translator_says_what_images_it_takes()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        Pictures.SavePng(new ImageTensor(1, 3, 9, 9), 0, _folder["pictures/a.png"]);
        NegativeModel.Write(_folder["square.onnx"], 3, 8, 8);
        using var square = _ml.Data.LoadFromImages(_folder["pictures"], modelFile: _folder["square.onnx"]);
        Assert.Equal([3, 8, 8], square.Dimensions("Image"));
        using var any = _ml.Data.LoadFromImages(_folder["pictures"], imageSize: 12, modelFile: Free);
        Assert.Equal([3, 12, 12], any.Dimensions("Image"));
        Assert.Contains("say which", Assert.Throws<ArgumentException>(() =>
            _ml.Data.LoadFromImages(_folder["pictures"], modelFile: Free)).Message, StringComparison.Ordinal);
    }

    /// <summary>Two halves of a file, of one colour each.</summary>
    [Theory]
    [InlineData("a-to-b", -1f, 1f)]
    [InlineData("b-to-a", 1f, -1f)]
    public void Pairs_are_columns_of_inputs_and_targets(string direction, float input, float target)
    {
        Directory.CreateDirectory(_folder["pairs"]);
        var pair = new ImageTensor(1, 3, 8, 16);
        for (var i = 0; i < pair.Values.Length; i++) pair.Values[i] = i % 16 < 8 ? -1 : 1;
        for (var i = 0; i < 5; i++) Pictures.SavePng(pair, 0, _folder[$"pairs/{i}.png"]);
        var options = new DataOptions
        {
            Kind = "folder", Path = _folder["pairs"], Size = 8, Pair = "side-by-side", Direction = direction, ConditionChannels = 1,
            Split = "all",
        };
        using var view = _ml.Data.LoadFromImages(options);
        Assert.Equal(["Image", "Target", "File"], view.Schema.Select(column => column.Name));
        Assert.Equal([1, 8, 8], view.Dimensions("Image"));
        Assert.Equal([3, 8, 8], view.Dimensions("Target"));
        Assert.All(view.Vectors("Image"), row => Assert.Equal(Enumerable.Repeat(input, 64), row));
        Assert.All(view.Vectors("Target"), row => Assert.Equal(Enumerable.Repeat(target, 192), row));
        Assert.Equal(5, view.Values<ReadOnlyMemory<char>>("File").Length);
    }
}
