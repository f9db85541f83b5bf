using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Generators as other projects export them give what the same network gives in this project's form.</summary>
public class ForeignGeneratorTests
{
    private const int Z = 6, C = 3, H = 4, W = 8;

    /// <summary>Sums of six products in another order, and rounded to half precision where that is asked for.</summary>
    private const float Tolerance = 1e-5f, HalfTolerance = 4e-3f;

    private static readonly float[] _expected = Sample(Network().Output("image", DataType.Float, -1, C, H, W), 10);

    /// <summary>The network: latents [N, 6], here called flat, to images [N, 3, 4, 8], called image.</summary>
    private static TestGraph Network(string latent = "latent", long batch = -1, params long[] latentShape)
    {
        var graph = new TestGraph().Weights("weights", Z, C * H * W).Whole("image shape", batch, C, H, W).Whole("flat shape", batch, Z);
        graph.Input(latent, DataType.Float, [batch, .. latentShape is [] ? [Z] : latentShape]);
        return graph.Node("Reshape", $"{latent}, flat shape -> flat").Node("MatMul", "flat, weights -> dense")
            .Node("Tanh", "dense -> tanh").Node("Reshape", "tanh, image shape -> image");
    }

    private static float[] Sample(TestGraph graph, int count, ModelOptions? options = null)
    {
        using var generator = GeneratorModel.Load(graph.Bytes, options);
        Assert.Equal((Z, C, H, W), (generator.LatentSize, generator.Channels, generator.Height, generator.Width));
        return generator.Sample(count, seed: 3).Values;
    }

    private static void AssertSame(TestGraph graph, float tolerance = Tolerance, ModelOptions? options = null)
    {
        var actual = Sample(graph, 10, options);
        Assert.All(_expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Theory]
    [InlineData(new long[] { Z, 1, 1 })]
    [InlineData(new long[] { 1, 1, Z })]
    [InlineData(new long[] { Z, 1 })]
    [InlineData(new long[] { Z })]
    public void Latents_along_any_axis_and_a_sole_input_and_output_of_any_name(long[] latentShape) => AssertSame(
        Network("input", -1, latentShape).Node("Identity", "image -> generated/output:0")
            .Output("generated/output:0", DataType.Float, -1, C, H, W));

    /// <summary>Names inside that are those of the form that the ends get.</summary>
    [Fact]
    public void Names_that_are_taken_inside()
    {
        var graph = Network("input").Node("Identity", "image -> output").Output("output", DataType.Float, -1, C, H, W);
        foreach (var node in graph.Model.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++) node.Input[i] = node.Input[i].Replace("dense", "latent", StringComparison.Ordinal);
            for (var i = 0; i < node.Output.Count; i++) node.Output[i] = node.Output[i].Replace("dense", "latent",
                StringComparison.Ordinal);
        }
        AssertSame(graph);
    }

    [Fact]
    public void Channels_last() => AssertSame(Network().Node("Transpose", "image -> last", ("perm", new long[] { 0, 2, 3, 1 }))
        .Output("last", DataType.Float, -1, H, W, C));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void A_fixed_batch_is_run_in_pieces(int batch) =>
        AssertSame(Network(batch: batch).Output("image", DataType.Float, batch, C, H, W), options: new ModelOptions { BatchSize = 3 });

    [Theory]
    [InlineData(DataType.Double, Tolerance)]
    [InlineData(DataType.Float16, HalfTolerance)]
    public void Other_real_types(DataType type, float tolerance) => AssertSame(
        Network().Node("Cast", "image -> other", ("to", (int)type)).Output("other", type, -1, C, H, W), tolerance);

    [Fact]
    public void Gray_images_without_an_axis_of_channels()
    {
        var graph = Network().Whole("gray shape", -1, C * H, W).Node("Reshape", "image, gray shape -> gray")
            .Output("gray", DataType.Float, -1, C * H, W);
        using var generator = GeneratorModel.Load(graph.Bytes);
        Assert.Equal((1, C * H, W), (generator.Channels, generator.Height, generator.Width));
        Assert.Equal(_expected, generator.Sample(10, seed: 3).Values);
    }

    [Theory]
    [InlineData(DataType.Int64, 1)]
    [InlineData(DataType.Int64, 2)]
    [InlineData(DataType.Int32, 1)]
    [InlineData(DataType.Int32, 2)]
    public void A_label_that_is_a_whole_number(DataType type, int rank)
    {
        var graph = new TestGraph().Weights("table", 5, Z).Weights("weights", Z, C * H * W).Whole("image shape", -1, C, H, W)
            .Whole("all", -1)
            .Input("z", DataType.Float, -1, Z).Input("class_id", type, rank == 1 ? [-1] : [-1, 1])
            .Node("Reshape", "class_id, all -> id").Node("Gather", "table, id -> row").Node("Mul", "z, row -> both")
            .Node("MatMul", "both, weights -> dense").Node("Tanh", "dense -> tanh").Node("Reshape", "tanh, image shape -> x")
            .Output("x", DataType.Float, -1, C, H, W);
        using var generator = GeneratorModel.Load(graph.Bytes);
        Assert.Equal(["0", "1", "2", "3", "4"], Assert.Single(generator.Labels!.Fields).Values);
        // A latent times a row of the table makes the image.
        var table = Read(graph, "table");
        var latents = Latents.Normal(3, 0, 4, Z);
        float[] shifted = [.. latents.Select((z, i) => z * table[3 * Z + i % Z])];
        using var plain = GeneratorModel.Load(Network().Output("image", DataType.Float, -1, C, H, W).Bytes);
        var expected = plain.Generate(shifted).Values;
        Assert.All(expected.Zip(generator.Sample(4, seed: 3, labels: ["3"]).Values),
            pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void A_label_that_is_one_hot_and_not_described_has_classes_by_number()
    {
        var graph = new TestGraph().Weights("table", 5, Z).Weights("weights", Z, C * H * W).Whole("image shape", -1, C, H, W)
            .Input("noise", DataType.Float, -1, Z).Input("y", DataType.Float, -1, 5)
            .Node("MatMul", "y, table -> row").Node("Mul", "noise, row -> both")
            .Node("MatMul", "both, weights -> dense").Node("Tanh", "dense -> tanh").Node("Reshape", "tanh, image shape -> x")
            .Output("x", DataType.Float, -1, C, H, W);
        using var generator = GeneratorModel.Load(graph.Bytes);
        Assert.Equal(["0", "1", "2", "3", "4"], Assert.Single(generator.Labels!.Fields).Values);
        Assert.NotEqual(generator.Sample(1, labels: ["1"]).Values, generator.Sample(1, labels: ["4"]).Values);
    }

    [Fact]
    public void Bytes_with_channels_first()
    {
        var graph = Network().Floats("one", [], [1]).Floats("half", [], [127.5f]).Node("Add", "image, one -> raised")
            .Node("Mul", "raised, half -> scaled").Node("Round", "scaled -> rounded")
                .Node("Cast", "rounded -> bytes", ("to", (int)DataType.Uint8))
            .Output("bytes", DataType.Uint8, -1, C, H, W);
        using var ours = GeneratorModel.Load(Network().Output("image", DataType.Float, -1, C, H, W).Bytes);
        using var theirs = GeneratorModel.Load(graph.Bytes);
        // A value halfway between two bytes may be rounded to either.
        Assert.All(ours.SamplePixels(10, seed: 3).Zip(theirs.SamplePixels(10, seed: 3)), pair =>
            Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void What_no_form_fits_is_refused_with_what_there_is()
    {
        AssertRefused(Network("picture", -1, 3, 1, 2).Node("Identity", "image -> x")
            .Output("x", DataType.Float, -1, C, H, W), "picture float32 [N, 3, 1, 2]");
        AssertRefused(Network().Whole("two", -1, 96).Node("Reshape", "image, two -> x")
            .Output("x", DataType.Float, -1, 96), "x float32 [N, 96]");
        AssertRefused(Network("a").Input("b", DataType.Float, -1, 3)
            .Output("image", DataType.Float, -1, C, H, W), "a float32 [N, 6], b float32 [N, 3]");

        static void AssertRefused(TestGraph graph, string part) =>
            Assert.Contains(part, Assert.Throws<ModelException>(() => GeneratorModel.Load(graph.Bytes)).Message, StringComparison.Ordinal);
    }

    private static float[] Read(TestGraph graph, string name) => System.Runtime.InteropServices.MemoryMarshal
        .Cast<byte, float>(graph.Model.Graph.Initializer.Single(t => t.Name == name).RawData.Span).ToArray();
}
