using GanPipeline.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

public sealed class GanImageLoadingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    /// <summary>Eight pictures of 10 x 7 and, as the fifth, a file that is none.</summary>
    public GanImageLoadingTests()
    {
        var random = new Random(2);
        var images = new ImageTensor(9, 3, 7, 10);
        foreach (ref var value in images.Values.AsSpan()) value = random.NextSingle() * 2 - 1;
        for (var i = 0; i < 9; i++) Inference.Pictures.SavePng(images, i, _folder[$"a/{i}.png"]);
        File.WriteAllText(_folder["a/4.png"], "no picture");
    }

    public void Dispose() => _folder.Dispose();

    private Row[] Rows(params int[] numbers) => [.. numbers.Select(i => new Row { Path = _folder[$"a/{i}.png"], Number = i })];

    /// <summary>A model of gray pictures of 16 x 16.</summary>
    [Fact]
    public void The_model_knows_the_size()
    {
        var path = Path.Combine(Repository.Root, "tests", "ML", "models", "features.onnx");
        var data = _ml.Data.LoadFromEnumerable(Rows(0, 1));
        var loader = _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path", modelFile: path).Fit(data);
        Assert.Equal([1, 16, 16], loader.Transform(data).Dimensions("Image"));
        Assert.Equal((16, 1), (loader.Options.ImageSize, loader.Options.Channels));
        Assert.Equal([3, 64, 64], _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path").Fit(data).Transform(data)
            .Dimensions("Image"));
        Assert.Contains("3 channels are asked for", Assert.Throws<ArgumentException>(
            () => _ml.Transforms.LoadGanImages("Image", modelFile: path, channels: 3)).Message, StringComparison.Ordinal);
        Assert.Contains("of 8 x 4", Assert.Throws<ArgumentException>(
            () => _ml.Transforms.LoadGanImages("Image", modelFile: TestModels.Features)).Message, StringComparison.Ordinal);
        Assert.Throws<Inference.ModelException>(() => _ml.Transforms.LoadGanImages("Image", modelFile: _folder["none.onnx"]));
        Assert.Throws<Inference.ModelException>(() => _ml.Transforms.LoadGanImages("Image", modelFile: TestModels.Generator));
    }

    [Theory]
    [InlineData("crop", 3)]
    [InlineData("pad", 1)]
    [InlineData("stretch", 3)]
    public void Images_are_prepared_as_a_data_sets_are(string fit, int channels)
    {
        File.Delete(_folder["a/4.png"]);
        using var source = DataSets.Open(new DataOptions { Kind = "folder", Path = _folder["a"], Size = 12, Channels = channels, Fit = fit,
            Split = "all" });
        var data = _ml.Data.LoadFromEnumerable(Rows(0, 1, 2, 3, 5, 6, 7, 8));
        var loader = _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path", imageSize: 12, channels: channels, fit: fit).Fit(data);
        Assert.True(loader.IsRowToRowMapper);
        var view = loader.Transform(data);
        Assert.Equal([channels, 12, 12], view.Dimensions("Image"));
        float[][] expected = [.. Enumerable.Range(0, 8).Select(i =>
        {
            var pixels = new byte[source.Shape.Size];
            Assert.True(source.TryRead(i, pixels));
            return ImageTensor.FromBytes(pixels, 1, channels, 12, 12).Values;
        })];
        Assert.Equal(expected, view.Vectors("Image"));
        Assert.Equal(8, view.GetRowCount());
        // Files are not touched for other columns.
        Directory.Delete(_folder["a"], recursive: true);
        Assert.Equal([0, 1, 2, 3, 5, 6, 7, 8], view.Values<int>("Number"));
    }

    [Fact]
    public void Paths_may_begin_at_a_folder_and_files_run_through_a_whole_chain()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Row { Path = "0.png" }, new Row { Path = _folder["a/1.png"] } });
        var chain = _ml.Transforms.LoadGanImages("Image", _folder["a"], "Path", imageSize: 8)
            .Append(_ml.Transforms.CopyColumns("Same", "Image"));
        Assert.Equal(2, chain.Fit(data).Transform(data).Vectors("Same").Length);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Loaded>(
            _ml.Transforms.LoadGanImages("Image", _folder["a"], "Path", imageSize: 8).Fit(data));
        Assert.Equal(3 * 8 * 8, engine.Predict(new Row { Path = "2.png" }).Image.Length);
    }

    [Fact]
    public void A_file_that_is_no_image_is_an_error_that_names_it()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(0, 1, 4, 2));
        var view = _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path").Fit(data).Transform(data);
        var message = Assert.Throws<InvalidOperationException>(() => view.Vectors("Image")).Message;
        Assert.Contains(_folder["a/4.png"], message, StringComparison.Ordinal);
        Assert.Contains("'Path'", message, StringComparison.Ordinal);
        Assert.Contains("Skip", message, StringComparison.Ordinal);
        using var cursor = view.GetRowCursor(view.Schema);
        for (var i = 0; i < 4; i++) Assert.True(cursor.MoveNext());

        var gone = _ml.Data.LoadFromEnumerable(new[] { new Row { Path = _folder["none.png"] } });
        Assert.Contains("none.png", Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path").Fit(gone)
            .Transform(gone).Vectors("Image")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Or_its_row_is_left_out_and_counted()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(0, 1, 4, 2, 4));
        var options = new GanImageLoadingOptions { OutputColumnName = "Image", InputColumnName = "Path", ImageSize = 8,
            Unreadable = UnreadableImages.Skip };
        var loader = _ml.Transforms.LoadGanImages(options).Fit(data);
        Assert.False(loader.IsRowToRowMapper);
        Assert.Throws<InvalidOperationException>(() => loader.GetRowToRowMapper(data.Schema));
        var view = loader.Transform(data);
        Assert.Null(view.GetRowCount());
        Assert.Empty(loader.SkippedImages);

        // All cursors show the same rows, whatever they read.
        Assert.Equal([0, 1, 2], view.Values<int>("Number"));
        Assert.Equal(3, view.Vectors("Image").Length);
        var skipped = Assert.Single(loader.SkippedImages);
        Assert.Equal(_folder["a/4.png"], skipped.File);
        Assert.Contains("format", skipped.Reason, StringComparison.Ordinal);
        using var cursor = view.GetRowCursor([view.Schema["Number"]]);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(i, cursor.Position);
        }
        Assert.False(cursor.MoveNext());

        // Features of what is left.
        var wide = _ml.Transforms.LoadGanImages(options with { ImageSize = 4 }).Fit(data).Transform(data);
        Assert.Contains("got a vector of 3 x 4 x 4 = 48 values", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(wide)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_and_options_are_refused_at_once()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(0));
        Assert.Contains("'File'", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LoadGanImages("Image", inputColumnName: "File").Fit(data)).Message,
            StringComparison.Ordinal);
        Assert.Contains("Int32", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LoadGanImages("Image", inputColumnName: "Number").Fit(data)).Message,
            StringComparison.Ordinal);
        var chain = _ml.Transforms.CopyColumns("N", "Number").Append(_ml.Transforms.LoadGanImages("Image", inputColumnName: "N"));
        Assert.Contains("'N'", Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("size is 3", Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadGanImages("Image", imageSize: 3)).Message,
            StringComparison.Ordinal);
        Assert.Contains("size is 0", Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadGanImages("Image", imageSize: 0)).Message,
            StringComparison.Ordinal);
        Assert.Contains("channels is 2", Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadGanImages("Image", channels: 2)).Message,
            StringComparison.Ordinal);
        Assert.Contains("'zoom'", Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadGanImages("Image", fit: "zoom")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_with_the_loader_is_not_saved_and_the_error_says_what_to_do()
    {
        var data = _ml.Data.LoadFromEnumerable(Rows(0));
        var model = _ml.Transforms.LoadGanImages("Image", inputColumnName: "Path").Append(_ml.Transforms.CopyColumns("Same", "Image"))
            .Fit(data);
        var message = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, data.Schema, _folder["model.zip"])).Message;
        Assert.Contains("LoadGanImages", message, StringComparison.Ordinal);
        Assert.Contains("Leave it out of the chain that is saved", message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";

        public int Number { get; set; }
    }

    private sealed class Loaded
    {
        [VectorType(3, 8, 8)]
        public float[] Image { get; set; } = [];
    }
}
