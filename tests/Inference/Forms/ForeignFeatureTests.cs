using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Networks that turn images into vectors, as other projects export them, give what the same network gives in our form.</summary>
public class ForeignFeatureTests
{
    private const int C = 3, H = 4, W = 8, F = 5;

    private const float Tolerance = 1e-5f;

    private static readonly ImageTensor _images = Images();

    private static readonly float[] _expected = Extract(Network().Output("features", DataType.Float, -1, F));

    /// <summary>The network: images [N, 3, 4, 8], here called planes, to vectors [N, 5], called features.</summary>
    private static TestGraph Network(bool makePlanes = true)
    {
        var graph = new TestGraph().Weights("weights", C * H * W, F).Whole("flat", -1, C * H * W);
        if (makePlanes) graph.Input("image", DataType.Float, -1, C, H, W).Node("Identity", "image -> planes");
        return graph;
    }

    private static TestGraph End(TestGraph graph) => graph.Node("Reshape", "planes, flat -> row")
        .Node("MatMul", "row, weights -> features");

    private static ImageTensor Images()
    {
        // Each value is that of a byte.
        var images = new ImageTensor(7, C, H, W);
        var random = new Random(1);
        for (var i = 0; i < images.Values.Length; i++) images.Values[i] = random.Next(256) / 127.5f - 1;
        return images;
    }

    private static float[] Extract(TestGraph graph)
    {
        if (graph.Model.Graph.Node.All(node => node.OpType != "MatMul")) graph = End(graph);
        using var model = FeatureModel.Load(graph.Bytes);
        Assert.Equal((C, H, W, F), (model.Channels, model.Height, model.Width, model.FeatureCount));
        return model.Extract(_images);
    }

    private static void AssertSame(TestGraph graph) =>
        Assert.All(_expected.Zip(Extract(graph)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));

    [Theory]
    [InlineData(new long[] { F, 1, 1 })]
    [InlineData(new long[] { 1, 1, F })]
    [InlineData(new long[] { F, 1 })]
    [InlineData(new long[] { F })]
    public void Vectors_along_any_axis_and_a_sole_output_of_any_name(long[] shape) => AssertSame(End(Network())
        .Whole("shape", [-1, .. shape]).Node("Reshape", "features, shape -> embedding")
            .Output("embedding", DataType.Float, [-1, .. shape]));

    [Fact]
    public void Channels_last_and_an_input_of_any_name() => AssertSame(Network(makePlanes: false)
        .Input("input:0", DataType.Float, -1, H, W, C).Node("Transpose", "input:0 -> planes", ("perm", new long[] { 0, 3, 1, 2 }))
        .Output("features", DataType.Float, -1, F));

    [Fact]
    public void Bytes_as_input() => AssertSame(Network(makePlanes: false).Floats("half", [], [127.5f]).Floats("one", [], [1])
        .Input("bytes", DataType.Uint8, -1, H, W, C).Node("Cast", "bytes -> numbers", ("to", (int)DataType.Float))
        .Node("Div", "numbers, half -> scaled").Node("Sub", "scaled, one -> shifted")
        .Node("Transpose", "shifted -> planes", ("perm", new long[] { 0, 3, 1, 2 })).Output("features", DataType.Float, -1, F));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void A_fixed_batch_is_run_in_pieces(int batch) => AssertSame(Network(makePlanes: false)
        .Input("image", DataType.Float, batch, C, H, W).Node("Identity", "image -> planes").Output("features", DataType.Float, batch, F));

    [Fact]
    public void A_score_that_is_one_number_an_image()
    {
        var graph = new TestGraph().Input("image", DataType.Float, -1, C, H, W)
            .Node("ReduceMean", "image -> score", ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0)).Output("score", DataType.Float, -1);
        using var model = FeatureModel.Load(graph.Bytes, "score");
        Assert.Equal(1, model.FeatureCount);
        Assert.Equal(_images.Image(2).ToArray().Average(), model.Extract(_images)[2], Tolerance);
    }
}
