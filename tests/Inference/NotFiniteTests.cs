using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>NaN and infinity are an error that names the model, wherever they come from and whatever the output.</summary>
public class NotFiniteTests
{
    // The logarithm of a latent: NaN where it is negative.
    private static TestGraph Network() => new TestGraph().Whole("shape", -1, 1, 2, 3).Input("latent", DataType.Float, -1, 6)
        .Node("Log", "latent -> log").Node("Reshape", "log, shape -> image");

    [Fact]
    public void Weights_are_looked_at_before_a_ReLU_can_hide_them()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var graph = new TestGraph().Whole("shape", -1, 1, 2, 3).Floats("weights", [6, 6], [.. Enumerable.Repeat(1f, 35), bad])
                .Input("latent", DataType.Float, -1, 6).Node("MatMul", "latent, weights -> dense").Node("Relu", "dense -> up")
                .Node("Reshape", "up, shape -> image").Output("image", DataType.Float, -1, 1, 2, 3);
            var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(graph.Bytes)).Message;
            Assert.Contains("its weights 'weights' are NaN or infinite", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Infinity_where_it_is_no_weight_is_none_of_our_business()
    {
        var graph = new TestGraph().Whole("shape", -1, 1, 2, 3).Floats("most", [], [float.PositiveInfinity])
            .Input("latent", DataType.Float, -1, 6).Node("Min", "latent, most -> limited").Node("Tanh", "limited -> up")
            .Node("Reshape", "up, shape -> image").Output("image", DataType.Float, -1, 1, 2, 3);
        using var generator = GeneratorModel.Load(graph.Bytes);
        Assert.Equal(3, generator.Sample(3).Count);
    }

    [Fact]
    public void Images_that_are_not_finite()
    {
        using var generator = GeneratorModel.Load(Network().Output("image", DataType.Float, -1, 1, 2, 3).Bytes);
        AssertTold(() => generator.Sample(20));
        AssertTold(() => generator.SamplePixels(20));
        AssertTold(() => Assert.Empty(generator.SampleBatches(20)));
    }

    /// <summary>As bytes they would be black, and success.</summary>
    [Fact]
    public void Bytes_of_what_was_not_finite()
    {
        var graph = Network().Floats("low", [], [0]).Floats("high", [], [255]).Node("Round", "image -> rounded")
            .Node("Clip", "rounded, low, high -> clipped").Node("Transpose", "clipped -> last", ("perm", new long[] { 0, 2, 3, 1 }))
            .Node("Cast", "last -> pixels", ("to", (int)DataType.Uint8)).Output("pixels", DataType.Uint8, -1, 2, 3, 1);
        using var generator = GeneratorModel.Load(graph.Bytes);
        AssertTold(() => generator.SamplePixels(20));
        AssertTold(() => generator.Sample(20));
        Assert.Equal(6, generator.Generate(new float[] { 1, 2, 3, 4, 5, 6 }).Values.Length);
    }

    [Fact]
    public void Features_that_are_not_finite()
    {
        var graph = new TestGraph().Input("image", DataType.Float, -1, 1, 2, 3).Node("Log", "image -> log")
            .Node("Flatten", "log -> features")
            .Output("features", DataType.Float, -1, 6);
        using var model = FeatureModel.Load(graph.Bytes);
        var images = new ImageTensor(2, 1, 2, 3);
        images.Values.AsSpan().Fill(1);
        Assert.All(model.Extract(images), value => Assert.Equal(0, value));
        images.Values[7] = -1;
        AssertTold(() => model.Extract(images));
        images.Values[7] = float.NaN;
        Assert.Contains("was given numbers that are NaN or infinite", Assert.Throws<ModelException>(() => model.Extract(images)).Message,
            StringComparison.Ordinal);
    }

    private static void AssertTold(Action action)
    {
        var message = Assert.Throws<ModelException>(action).Message;
        Assert.Contains("'(a model in memory)' makes numbers that are NaN or infinite", message, StringComparison.Ordinal);
    }
}
