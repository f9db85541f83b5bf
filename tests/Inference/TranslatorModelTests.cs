using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Networks from images to images, ours and those of others.</summary>
public class TranslatorModelTests
{
    private const int C = 3, H = 4, W = 8;

    // Sums of three products, of values of at most 1.
    private const float Tolerance = 1e-5f;

    private static readonly ImageTensor _images = Images();

    private static ImageTensor Images()
    {
        var images = new ImageTensor(7, C, H, W);
        var random = new Random(1);
        for (var i = 0; i < images.Values.Length; i++) images.Values[i] = random.Next(256) / 127.5f - 1;
        return images;
    }

    private static TestGraph Negative() =>
        new TestGraph().Input("image", DataType.Float, -1, C, H, W).Node("Neg", "image -> translation")
            .Output("translation", DataType.Float, -1, C, H, W);

    private static void AssertNegative(TestGraph graph, ModelOptions? options = null)
    {
        using var model = TranslatorModel.Load(graph.Bytes, options);
        Assert.Equal((C, H, W, C, H, W),
            (model.Channels, model.Height, model.Width, model.OutputChannels, model.OutputHeight, model.OutputWidth));
        var made = model.Translate(_images);
        Assert.Equal((7, C, H, W), (made.Count, made.Channels, made.Height, made.Width));
        for (var i = 0; i < made.Values.Length; i++) Assert.Equal(-_images.Values[i], made.Values[i], Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Images_become_images_in_batches_of_any_size(int batch) =>
        AssertNegative(Negative(), new ModelOptions { BatchSize = batch });

    /// <summary>Size and channels of what comes out may be others.</summary>
    [Fact]
    public void Sizes_of_the_two_sides_may_differ()
    {
        var graph = new TestGraph().Input("image", DataType.Float, -1, C, H, W).Whole("shape", -1, 1, 12, 8)
            .Node("Reshape", "image, shape -> tall").Node("Tanh", "tall -> translation")
            .Output("translation", DataType.Float, -1, 1, 12, 8);
        using var model = TranslatorModel.Load(graph.Bytes);
        var made = model.Translate(_images);
        Assert.Equal((7, 1, 12, 8), (made.Count, made.Channels, made.Height, made.Width));
        Assert.Equal(MathF.Tanh(_images.Values[5]), made.Values[5], Tolerance);
    }

    [Fact]
    public void Channels_last_names_of_any_kind_and_another_range() => AssertNegative(
        new TestGraph().Floats("one", [], [1]).Input("input_1", DataType.Float, -1, H, W, C).Node("Sub", "one, input_1 -> out")
            .Output("out", DataType.Float, -1, H, W, C).Metadata(ModelMetadata.PixelRange, "Normalized_0_1"));

    [Fact]
    public void A_range_may_be_declared()
    {
        var graph = new TestGraph().Floats("most", [], [255]).Input("image", DataType.Float, -1, C, H, W)
            .Node("Sub", "most, image -> translation").Output("translation", DataType.Float, -1, C, H, W);
        AssertNegative(graph, new ModelOptions { PixelRange = PixelRange.ZeroTo255 });
        using var unknown = TranslatorModel.Load(graph.Bytes);
        var message = Assert.Throws<ModelException>(() => unknown.Translate(_images)).Message;
        Assert.Contains("does not say the range of its images", message, StringComparison.Ordinal);
        Assert.Contains("[0, 255]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void A_fixed_batch_is_run_in_pieces(int batch) => AssertNegative(
        new TestGraph().Input("image", DataType.Float, batch, C, H, W).Node("Neg", "image -> translation")
            .Output("translation", DataType.Float, batch, C, H, W));

    [Fact]
    public void Other_models_are_refused_and_lengths_are_told()
    {
        foreach (var path in new[] { TestModels.Generator, TestModels.Features })
        {
            var message = Assert.Throws<ModelException>(() => TranslatorModel.Load(path)).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
        }
        using var model = TranslatorModel.Load(Negative().Bytes);
        Assert.Throws<ArgumentException>(() => model.Translate(new ImageTensor(1, 1, H, W)));
        Assert.Throws<ArgumentException>(() => model.Translate(new float[model.ImageSize + 1], new float[model.OutputSize]));
        Assert.Throws<ArgumentException>(() => model.Translate(new float[model.ImageSize], new float[1]));
        Assert.Equal(0, model.Translate(new ImageTensor(0, C, H, W)).Count);
    }

    [Fact]
    public void Numbers_that_are_none_are_an_error()
    {
        var graph = new TestGraph().Floats("zero", [], [0]).Input("image", DataType.Float, -1, C, H, W)
            .Node("Sub", "image, image -> nothing").Node("Div", "nothing, zero -> translation")
            .Output("translation", DataType.Float, -1, C, H, W);
        using var model = TranslatorModel.Load(graph.Bytes);
        Assert.Contains("NaN", Assert.Throws<ModelException>(() => model.Translate(_images)).Message, StringComparison.Ordinal);
    }
}
