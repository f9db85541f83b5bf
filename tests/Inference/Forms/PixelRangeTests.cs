using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

public class PixelRangeTests
{
    private const float Tolerance = 2e-6f;

    // Images that are latents as they are, [N, 1, 2, 3].
    private static TestGraph Network(float scale, float shift, string? range)
    {
        var graph = new TestGraph().Whole("shape", -1, 1, 2, 3).Floats("scale", [], [scale]).Floats("shift", [], [shift])
            .Input("latent", DataType.Float, -1, 6).Node("Reshape", "latent, shape -> shaped")
            .Node("Sigmoid", "shaped -> squashed").Node("Mul", "squashed, scale -> scaled").Node("Add", "scaled, shift -> image")
            .Output("image", DataType.Float, -1, 1, 2, 3);
        return range is null ? graph : graph.Metadata("Image.NominalPixelRange", range);
    }

    private static float[] Expected => [.. Latents.Normal(1, 0, 20, 6).Select(z => 2 / (1 + MathF.Exp(-z)) - 1)];

    private static void AssertRight(GeneratorModel generator)
    {
        using (generator)
        {
            Assert.All(Expected.Zip(generator.Sample(20, seed: 1).Values), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
            Assert.Equal("Normalized_1_1", generator.Metadata["Image.NominalPixelRange"]);
        }
    }

    [Theory]
    [InlineData("Normalized_1_1", 2, -1)]
    [InlineData("Normalized_0_1", 1, 0)]
    [InlineData("NominalRange_0_255", 255, 0)]
    [InlineData("NominalRange_16_235", 219, 16)]
    public void The_range_that_a_generator_states_is_converted(string range, float scale, float shift) =>
        AssertRight(GeneratorModel.Load(Network(scale, shift, range).Bytes));

    [Theory]
    [InlineData(PixelRange.MinusOneToOne, 2, -1)]
    [InlineData(PixelRange.ZeroToOne, 1, 0)]
    [InlineData(PixelRange.ZeroTo255, 255, 0)]
    [InlineData(PixelRange.SixteenTo235, 219, 16)]
    public void A_declared_range_goes_before_what_is_stated(PixelRange range, float scale, float shift)
    {
        var options = new ModelOptions { PixelRange = range };
        AssertRight(GeneratorModel.Load(Network(scale, shift, null).Bytes, options));
        AssertRight(GeneratorModel.Load(Network(scale, shift, "Normalized_0_1").Bytes, options));
    }

    [Fact]
    public void An_unknown_range_is_refused()
    {
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(Network(1, 0, "Normalized_0_2").Bytes)).Message;
        Assert.Contains("the range 'Normalized_0_2' (Image.NominalPixelRange); known are Normalized_1_1, Normalized_0_1", message,
            StringComparison.Ordinal);
    }

    /// <summary>Nothing in such a file says how dark 0 is, so nothing is guessed.</summary>
    [Theory]
    [InlineData(1, 0, "[0, 1]")]
    [InlineData(255, 0, "[0, 255]")]
    [InlineData(20, -10, "none that is known")]
    public void Another_range_that_is_not_stated_is_noticed_on_the_first_images(float scale, float shift, string guess)
    {
        using var generator = GeneratorModel.Load(Network(scale, shift, null).Bytes);
        AssertNoticed(() => generator.Sample(20, seed: 1));
        AssertNoticed(() => generator.SamplePixels(20, seed: 1));
        AssertNoticed(() => Assert.Empty(generator.SampleBatches(20, seed: 1)));

        void AssertNoticed(Action action)
        {
            var message = Assert.Throws<ModelException>(action).Message;
            Assert.Contains($"as of {guess}; declare it: ModelOptions.PixelRange", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_range_of_minus_one_to_one_needs_no_word_even_where_the_first_image_is_bright()
    {
        using (var linear = GeneratorModel.Load(Network(2.4f, -1.2f, null).Bytes)) Assert.Equal(20, linear.Sample(20, seed: 1).Count);
        var graph = new TestGraph().Whole("shape", -1, 1, 2, 3).Input("latent", DataType.Float, -1, 6).Node("Abs", "latent -> bright")
            .Node("Tanh", "bright -> squashed").Node("Reshape", "squashed, shape -> image").Output("image", DataType.Float, -1, 1, 2, 3);
        using var bright = GeneratorModel.Load(graph.Bytes);
        Assert.All(bright.Sample(5).Values, value => Assert.InRange(value, 0, 1));
    }

    [Theory]
    [InlineData("Normalized_1_1", -1, 1)]
    [InlineData("Normalized_0_1", 0, 1)]
    [InlineData("NominalRange_0_255", 0, 255)]
    [InlineData("NominalRange_16_235", 16, 235)]
    public void Images_enter_a_feature_model_in_the_range_that_it_states(string range, float black, float white)
    {
        var graph = new TestGraph().Input("image", DataType.Float, -1, 1, 1, 2).Node("Flatten", "image -> features")
            .Output("features", DataType.Float, -1, 2).Metadata("Image.NominalPixelRange", range);
        using var model = FeatureModel.Load(graph.Bytes);
        var images = new ImageTensor(1, 1, 1, 2);
        (images.Values[0], images.Values[1]) = (-1, 1);
        var features = model.Extract(images);
        Assert.Equal(black, features[0], 1e-4f);
        Assert.Equal(white, features[1], 1e-4f);
    }
}
