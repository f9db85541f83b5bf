using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>
/// What ends the process in ONNX Runtime, or takes its memory, is refused before it is there; and nothing else is.
/// </summary>
public class GraphCheckTests
{
    private static readonly long[] _sides = [2, 2];

    // Latents as images of 1 x 2 x 3, then one node from x to y that is under test, then the image.
    private static TestGraph Around(string type, string inputs, params (string, object)[] attributes) =>
        new TestGraph().Input("latent", DataType.Float, -1, 6).Whole("shape", -1, 1, 2, 3).Node("Reshape", "latent, shape -> x")
            .Weights("kernel", 1, 1, 2, 2).Node(type, $"{inputs} -> y", attributes).Node("Tanh", "y -> image")
            .Output("image", DataType.Float, -1, 1, 2, 3);

    private static void AssertRefused(TestGraph graph, params string[] parts)
    {
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(graph.Bytes)).Message;
        Assert.StartsWith("'(a model in memory)' is refused: ", message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
        Assert.Equal(message.Replace("(a model in memory)", "x", StringComparison.Ordinal),
            Assert.Throws<ModelException>(() => ModelCheck.Require(graph.Bytes, "x")).Message);
    }

    [Theory]
    [InlineData("Conv", "group", 0)]
    [InlineData("ConvTranspose", "group", 0)]
    [InlineData("ConvTranspose", "group", -1)]
    [InlineData("ConvTranspose", "group", long.MaxValue)]
    [InlineData("Conv", "strides", 0)]
    [InlineData("Conv", "strides", -2)]
    [InlineData("ConvTranspose", "strides", 1_000_000)]
    [InlineData("Conv", "dilations", 0)]
    [InlineData("Conv", "kernel_shape", 0)]
    [InlineData("ConvTranspose", "kernel_shape", -1)]
    [InlineData("MaxPool", "kernel_shape", 0)]
    [InlineData("Conv", "pads", -1)]
    [InlineData("Conv", "pads", int.MaxValue)]
    [InlineData("ConvTranspose", "output_padding", -1)]
    [InlineData("ConvTranspose", "output_shape", 0)]
    [InlineData("DepthToSpace", "blocksize", 0)]
    [InlineData("SpaceToDepth", "blocksize", -2)]
    [InlineData("LRN", "size", 0)]
    [InlineData("LpPool", "p", 0)]
    [InlineData("Split", "num_outputs", 0)]
    [InlineData("Softmax", "axis", long.MinValue)]
    public void Attributes_outside_their_limits(string type, string attribute, long value)
    {
        object given = attribute is "group" or "blocksize" or "size" or "p" or "num_outputs" or "axis" ? value
            : Enumerable.Repeat(value, attribute == "pads" ? 4 : 2).ToArray();
        AssertRefused(Around(type, type.StartsWith("Conv", StringComparison.Ordinal) ? "x, kernel" : "x", (attribute, given)),
            $"the {type} '{type}_1' has {attribute} {value}; right is ");
    }

    [Fact]
    public void Loops_that_might_not_end()
    {
        var body = new TestGraph().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("carried", DataType.Float, -1, 1, 2, 3)
            .Node("Identity", "go -> on").Node("Tanh", "carried -> next")
            .Output("on", DataType.Bool).Output("next", DataType.Float, -1, 1, 2, 3).Model.Graph;
        using (GeneratorModel.Load(Around("Loop", "rounds, , x", ("body", body)).Whole("rounds", 3).Bytes)) { }
        AssertRefused(Around("Loop", ", , x", ("body", body)), "the Loop 'Loop_1' has no fixed number of rounds", "written out");
        AssertRefused(Around("Loop", "rounds, , x", ("body", body)).Whole("rounds", 2_000_000), "more than 1,000,000");
        AssertRefused(Around("Loop", "computed, , x", ("body", body)).Node("Size", "latent -> computed"), "no fixed number of rounds");
    }

    /// <summary>Each value is within its limits, and what follows is not.</summary>
    [Fact]
    public void Sizes_that_follow_from_the_attributes()
    {
        AssertRefused(Around("Conv", "x, kernel", ("pads", new long[] { 30_000, 30_000, 30_000, 30_000 })), "makes [1, 1, 60001, 60002]",
            "GB");
        AssertRefused(Around("ConvTranspose", "x, kernel", ("strides", new long[] { 30_000, 30_000 })),
            "GB for one image; 2.1 GB are allowed");
        AssertRefused(Around("ConvTranspose", "x, kernel", ("output_shape", new long[] { 60_000, 60_000 })), "makes [1, 1, 60000, 60000]");
        AssertRefused(Around("Conv", "x, kernel", ("strides", new long[] { 1, 1, 1 })), "where 2 are needed");
        AssertRefused(Around("Conv", "x, kernel", ("dilations", new long[] { 9, 9 })), "a window of 10, but 2");
        AssertRefused(Around("MaxPool", "x", ("kernel_shape", new long[] { 7, 7 })), "a window of 7, but 2");
        AssertRefused(Around("Conv", "x, kernel", ("pads", new long[] { 1, 1 })), "has 2 pads, where 4 are needed");
        AssertRefused(Around("Transpose", "x", ("perm", new long[] { 0, 1, 2, 2 })), "orders the 4 axes");
    }

    [Theory]
    [InlineData("Pad", new long[] { 0, 0, 30_000, 30_000, 0, 0, 1_000, 1_000 })]
    [InlineData("Pad", new long[] { 0, 0, -5, 0, 0, 0, 0, 0 })]
    [InlineData("Pad", new long[] { 0, 0 })]
    [InlineData("Expand", new long[] { 100_000, 100_000, 2, 3 })]
    [InlineData("Expand", new long[] { 1, -7, 2, 3 })]
    [InlineData("Tile", new long[] { 1, 100_000, 100_000, 1 })]
    [InlineData("Tile", new long[] { 1, 1 })]
    [InlineData("Tile", new long[] { 1, -1, 1, 1 })]
    [InlineData("Reshape", new long[] { 1, -2, 3 })]
    [InlineData("Reshape", new long[] { -1, -1 })]
    [InlineData("Reshape", new long[] { long.MaxValue, 2 })]
    public void Shapes_that_a_graph_names(string type, long[] values) =>
        AssertRefused(Around(type, "x, values").Whole("values", values), $"the {type} '{type}_1'");

    [Fact]
    public void Shapes_that_a_graph_computes()
    {
        AssertRefused(Around("ConstantOfShape", "values").Whole("values", 1, 1, 1 << 20, 1 << 20), "makes [1, 1, 1048576, 1048576]");
        // The shape of the picture, times a thousand thrice.
        AssertRefused(Around("Tile", "x, large").Whole("factor", 1, 1, 30_000, 30_000).Node("Shape", "x -> own")
            .Node("Mul", "own, factor -> large"),
            "makes [1, 1, 120000, 270000]");
        AssertRefused(Around("RandomNormal", "", ("shape", new long[] { 100_000, 100_000 })), "makes [100000, 100000]");
        AssertRefused(Around("Range", "from, to, step").Floats("from", [], [0]).Floats("to", [], [1e12f]).Floats("step", [], [1]), "GB");
        AssertRefused(Around("Range", "from, to, step").Floats("from", [], [0]).Floats("to", [], [1])
            .Floats("step", [], [0]), "steps of 0");
        AssertRefused(Around("OneHot", "x, depth, pair").Whole("depth", 1L << 40)
            .Floats("pair", [2], [0, 1]), "makes [1, 1, 2, 3, 1099511627776]");
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(1e9f)]
    [InlineData(40_000f)]
    public void Scales_of_a_resizing(float scale) =>
        AssertRefused(Around("Resize", "x, , scales").Floats("scales", [4], [1, 1, scale, scale]), "the Resize 'Resize_1'");

    [Fact]
    public void Many_tensors_that_are_alive_at_once()
    {
        var graph = new TestGraph().Input("latent", DataType.Float, -1, 6).Whole("shape", -1, 1, 2, 3).Node("Reshape", "latent, shape -> x")
            .Whole("large", 1, 64, 1024, 1024);
        // 268 MB each, and all wait for the last.
        string[] parts = [.. Enumerable.Range(0, 10).Select(i => $"part{i}")];
        foreach (var part in parts) graph.Node("ConstantOfShape", $"large -> {part}");
        graph.Node("Sum", $"{string.Join(",", parts)} -> sum").Node("ReduceMean", "sum -> mean").Node("Add", "x, mean -> y")
            .Node("Tanh", "y -> image").Output("image", DataType.Float, -1, 1, 2, 3);
        AssertRefused(graph, "and what others made before it, 2.1 GB for one image");
        // The limit is the user's.
        Assert.InRange(ModelCheck.Require(graph.Bytes, "x", memoryLimit: 4L << 30), 2L << 30, 4L << 30);
    }

    [Fact]
    public void Batches_are_as_large_as_memory_allows()
    {
        var graph = Around("Identity", "x");
        var peak = ModelCheck.Require(graph.Bytes, "x");
        using var model = GeneratorModel.Load(graph.Bytes, new ModelOptions { MemoryLimit = 5 * peak + 1, BatchSize = 64 });
        Assert.Equal(5, model.BatchSize);
        Assert.Equal(64, model.Sample(64).Count);
    }

    [Fact]
    public void A_fixed_batch_that_memory_does_not_allow()
    {
        var graph = Around("Tile", "x, factor").Whole("factor", 1, 1, 200, 200);
        graph.Model.Graph.Output[0] = new TestGraph().Output("image", DataType.Float, 1 << 12, 1, 400, 600).Model.Graph.Output[0];
        Assert.Contains("it is made for 4096 images at once; at most ", Assert.Throws<ModelException>(() =>
            GeneratorModel.Load(graph.Bytes))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_without_inputs_that_they_need()
    {
        AssertRefused(Around("Conv", ", kernel"), "the Conv 'Conv_1' lacks its input 1");
        AssertRefused(Around("Conv", "x, "), "the Conv 'Conv_1' lacks its input 2");
    }

    [Fact]
    public void Tensors_that_hold_less_than_they_say()
    {
        var empty = Around("Add", "x, values").Floats("values", [1], [1]);
        empty.Model.Graph.Initializer[^1].Dims[0] = 1 << 30;
        AssertRefused(empty, "the weights 'values' are [1073741824], which needs 4,294,967,296 bytes, not 4");
        empty.Model.Graph.Initializer[^1].RawData = Google.Protobuf.ByteString.Empty;
        AssertRefused(empty, "the weights 'values' are [1073741824], but hold 0 numbers");
        empty.Model.Graph.Initializer[^1].Dims[0] = -4;
        AssertRefused(empty, "the weights 'values' would be [-4]");
    }

    [Fact]
    public void Circles()
    {
        AssertRefused(Around("Add", "x, z").Node("Relu", "y -> z"), "depend on each other in a circle");
        var graph = Around("Mine", "x");
        graph.Model.Graph.Node.Single(node => node.OpType == "Mine").Domain = "own";
        graph.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        graph.Model.Functions.Add(new FunctionProto
        {
            Name = "Mine", Domain = "own", Input = { "a" }, Output = { "b" },
            Node = { new NodeProto { OpType = "Mine", Domain = "own", Input = { "a" }, Output = { "b" } } },
        });
        AssertRefused(graph, "its function 'Mine' calls itself");

        // Each calls the next, too many for a stack.
        graph.Model.Functions.Clear();
        for (var i = 0; i < 50_000; i++)
        {
            graph.Model.Functions.Add(new FunctionProto
            {
                Name = i == 0 ? "Mine" : $"F{i}", Domain = "own", Input = { "a" }, Output = { "b" },
                Node = { new NodeProto { OpType = $"F{i + 1}", Domain = "own", Input = { "a" }, Output = { "b" } } },
            });
        }
        AssertRefused(graph, "its functions call each other 256 deep");
    }

    /// <summary>A group of 0 hides in a branch, and in a function.</summary>
    [Fact]
    public void Graphs_within_graphs()
    {
        var bad = new NodeProto { OpType = "Conv", Name = "inner", Input = { "x", "kernel" }, Output = { "b" },
            Attribute = { TestGraph.Attribute("group", 0) } };
        AssertRefused(Around("If", "x", ("then_branch", new GraphProto { Node = { bad } })), "the Conv 'inner' has group 0");
        var graph = Around("Identity", "x");
        graph.Model.Functions.Add(new FunctionProto { Name = "F", Domain = "own", Node = { bad } });
        AssertRefused(graph, "the Conv 'inner' has group 0");
    }

    [Fact]
    public void Models_that_are_right_are_not_refused()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models"), "*.onnx", SearchOption.AllDirectories))
            Assert.InRange(ModelCheck.Require(file), 1, 100_000_000);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Inference", "models"), "*.onnx"))
            Assert.InRange(ModelCheck.Require(file), 1, 1_000_000);
        // Nodes in any order, a kernel that just fits, a resizing by sides, a shape that is computed.
        var graph = Around("Slice", "larger, from, to").Whole("from", 0, 0, 0, 0).Whole("to", long.MaxValue, 1, 2, 3)
            .Node("Resize", "doubled, , , sides -> larger").Whole("sides", 1, 1, 8, 9)
            .Node("ConvTranspose", "x, kernel -> doubled", ("strides", _sides), ("kernel_shape", _sides));
        using var model = GeneratorModel.Load(graph.Bytes);
        Assert.Equal(1, model.Sample(1).Count);
    }
}
