using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Models with odd numbers in them are run or refused; the process lives.</summary>
public class MutationTests
{
    private static readonly long[] _odd =
        [0, 1, -1, 2, 3, 7, 64, 1000, 65_536, 65_537, 1 << 20, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 40, -65_536];

    /// <summary>Latents [N, 6] to images [N, 3, 8, 8] by every layer that a size is written into.</summary>
    private static ModelProto Network() => new TestGraph().Input("latent", DataType.Float, -1, 6)
        .Whole("seed", -1, 6, 1, 1).Whole("padding", 0, 0, 1, 1, 0, 0, 1, 1).Whole("from", 1, 1).Whole("to", 9, 9).Whole("axes", 2, 3)
        .Weights("up", 6, 4, 4, 4).Weights("up more", 4, 6, 4, 4).Weights("last", 12, 2, 3, 3).Floats("scales", [4], [1, 1, 0.5f, 0.5f])
        .Node("Reshape", "latent, seed -> a")
        .Node("ConvTranspose", "a, up -> b", ("kernel_shape", new long[] { 4, 4 }), ("strides", new long[] { 1, 1 }), ("group", 1))
        .Node("ConvTranspose", "b, up more -> c", ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("group", 2))
        .Node("Pad", "c, padding -> d").Node("Slice", "d, from, to, axes -> e")
        .Node("MaxPool", "e -> f", ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1,
            1 }))
        .Node("Resize", "f, , scales -> g").Node("SpaceToDepth", "g -> h", ("blocksize", 2))
            .Node("DepthToSpace", "h -> i", ("blocksize", 2))
        .Node("Transpose", "i -> j", ("perm", new long[] { 0, 1, 3, 2 })).Node("Concat", "j, j -> k", ("axis", 1))
        .Node("Identity", "k -> l")
        .Node("Conv", "l, last -> n", ("dilations", new long[] { 1, 1 }), ("pads", new long[] { 1, 1, 1, 1 }), ("group", 12))
        .Node("Slice", "n, first, three, channel -> o").Whole("first", 0).Whole("three", 3).Whole("channel", 1)
        .Node("Resize", "o, , twice -> p").Floats("twice", [4], [1, 1, 2, 2]).Node("Tanh", "p -> image")
        .Output("image", DataType.Float, -1, 3, 8, 8).Model;

    [Fact]
    public void The_network_itself_runs()
    {
        using var generator = GeneratorModel.Load(Network().ToByteArray());
        Assert.Equal(2, generator.Sample(2).Count);
    }

    [Fact]
    public void Odd_numbers_are_run_or_refused()
    {
        int run = 0, refused = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var model = Network();
            var random = new Random(seed);
            for (var i = 0; i <= seed % 3; i++) Mutate(model, random);
            try
            {
                using var generator = GeneratorModel.Load(model.ToByteArray());
                generator.Sample(2);
                run++;
            }
            catch (ModelException)
            {
                refused++;
            }
        }
        Assert.True(run > 10 && refused > 200, $"{run} were run, {refused} refused");
    }

    private static void Mutate(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var attributes = graph.Node.SelectMany(node => node.Attribute).ToArray();
        var node = graph.Node[random.Next(graph.Node.Count)];
        switch (random.Next(6))
        {
            case 0 or 1:
                var attribute = attributes[random.Next(attributes.Length)];
                if (attribute.Ints.Count == 0) attribute.I = Odd(random);
                else if (random.Next(4) == 0) attribute.Ints.RemoveAt(0);
                else attribute.Ints[random.Next(attribute.Ints.Count)] = Odd(random);
                break;
            case 2:
                var whole = graph.Initializer.Where(tensor => tensor.Int64Data.Count > 0).ToArray();
                var values = whole[random.Next(whole.Length)].Int64Data;
                values[random.Next(values.Count)] = Odd(random);
                break;
            case 3:
                var dimensions = graph.Initializer[random.Next(graph.Initializer.Count)].Dims;
                dimensions[random.Next(dimensions.Count)] = Odd(random);
                break;
            case 4:
                node.Input[random.Next(node.Input.Count)] = random.Next(2) == 0 ? "" : graph.Node[random.Next(graph.Node.Count)].Output[0];
                break;
            default:
                node.OpType = graph.Node[random.Next(graph.Node.Count)].OpType;
                break;
        }
    }

    private static long Odd(Random random) => random.Next(3) == 0 ? random.Next(-4, 20) : _odd[random.Next(_odd.Length)];
}
