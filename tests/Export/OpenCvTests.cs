using GanPipeline.Training;
using Google.Protobuf;
using Onnx;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>
/// The files in OpenCV 4.13, whose implementation of networks is its own. It takes a part of ONNX: what it refuses, and what it computes in
/// another way than ONNX says, stands here by operator, and is counted. Everything else must be what Torch computes.
/// </summary>
public class OpenCvTests(ITestOutputHelper output)
{
    private const int RandomNetworks = 300;

    // The exporter's own bound, here for the largest number of an output. The largest difference that was seen is a fiftieth of it.
    private const double Bound = 1e-4;

    [OpenCvFact]
    public void Random_networks_compute_the_same()
    {
        using var folder = new TemporaryFolder();
        Compare([.. NetworkCase.Random(folder, seed: 3, RandomNetworks, new() { Opset = 13 })], least: 220);
    }

    [OpenCvFact]
    public void Layers_and_functions_compute_the_same()
    {
        using var folder = new TemporaryFolder();
        Compare(Exported([.. LayerTests.All, .. FunctionTests.All], folder), least: 260);
    }

    [OpenCvFact]
    public void Networks_compute_the_same()
    {
        using var folder = new TemporaryFolder();
        Module<Tensor, Tensor> Gan(string architecture, bool generator)
        {
            var networks = Architectures.Create(
                new() { Name = architecture, Shape = new ImageShape(3, 32, 32), LatentSize = 16, Filters = 8 });
            return generator ? networks.Generator : networks.Discriminator;
        }
        Compare(Exported(
            [
                ("DCGAN's generator", () => Gan("dcgan", true), [16]), ("DCGAN's discriminator", () => Gan("dcgan", false), [3, 32, 32]),
                ("upsampling generator", () => Gan("upsampling", true), [16]),
                ("upsampling discriminator", () => Gan("upsampling", false), [3, 32, 32]),
                ("ResNet-18", () => TorchSharp.torchvision.models.resnet18(), [3, 64, 64]),
                .. RecordingTests.All,
            ], folder), least: 40, "DCGAN's generator", "DCGAN's discriminator", "upsampling generator", "upsampling discriminator",
            "ResNet-18", "U-Net", "CycleGAN's generator", "DenseNet", "super resolution");
    }

    /// <summary>What <see cref="OpenCvLimits"/> says of its numbers: by the definition of each operator, they are others.</summary>
    [OpenCvFact]
    public void What_it_computes_in_another_way_is_its_own_doing()
    {
        using var folder = new TemporaryFolder();
        float[] Count(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];
        var (squares, ones) = (new NodeTensor([1, 1, 4, 4], Count(16)), Enumerable.Repeat(1f, 16).ToArray());
        (NodeProto[] Nodes, NodeTensor Input, NodeTensor Right)[] cases =
        [
            ([Node("Cast", "x", "i", ("to", 7)), Node("Cast", "i", "output", ("to", 1))], new([1, 2], [1.5f, -2.5f]), new([1, 2], [1, -2])),
            ([Node("Tile", "x, repeats", "output")], new([1, 2, 2], Count(4)), new([1, 2, 4], [0, 1, 0, 1, 2, 3, 2, 3])),
            ([Node("ReduceL2", "x", "output", ("axes", (long[])[2]), ("keepdims", 1))], new([1, 2, 1], [-3, 4]), new([1, 2, 1], [3, 4])),
            ([Node("ReduceMean", "x", "output", ("axes", (long[])[1, 2, 3]), ("keepdims", 1))],
                new([2, 3, 4, 4], Count(96)), new([2, 1, 1, 1], [23.5f, 71.5f])),
            // A corner's window has four of its nine numbers in the picture.
            ([Node("AveragePool", "x", "output", ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[3, 3]),
                ("pads", (long[])[1, 1, 1, 1]), ("count_include_pad", 1))], new([1, 1, 4, 4], ones),
                new([1, 1, 2, 2], [4 / 9f, 4 / 9f, 4 / 9f, 4 / 9f])),
            ([Node("MaxPool", "x", "output", ("kernel_shape", (long[])[2, 2]), ("dilations", (long[])[2, 2]))],
                squares, new([1, 1, 2, 2], [10, 11, 14, 15])),
            ([Node("ConvTranspose", "x, kernel", "output", ("dilations", (long[])[2, 2]))],
                new([1, 1, 1, 1], [1]), new([1, 1, 3, 3], [1, 0, 1, 0, 0, 0, 1, 0, 1])),
        ];
        var requests = cases.Select((one, i) =>
        {
            var graph = new GraphProto { Name = "graph" };
            graph.Input.Add(Value("x", one.Input.Dims));
            graph.Output.Add(Value("output", one.Right.Dims));
            graph.Node.AddRange(one.Nodes);
            graph.Initializer.Add(new TensorProto { Name = "repeats", DataType = 7, Dims = { 3 }, Int64Data = { 1, 1, 2 } });
            graph.Initializer.Add(new TensorProto { Name = "kernel", DataType = 1, Dims = { 1, 1, 2, 2 }, FloatData = { 1, 1, 1, 1 } });
            var model = new ModelProto { IrVersion = 7, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
            File.WriteAllBytes(folder[$"{i}.onnx"], model.ToByteArray());
            return new OpenCvRequest(folder[$"{i}.onnx"], new Dictionary<string, NodeTensor> { ["x"] = one.Input }, ["output"]);
        }).ToArray();
        foreach (var (one, request, answer) in cases.Zip(requests, OpenCvRuntime.Run(requests)))
        {
            var name = one.Nodes[0].OpType;
            Assert.NotNull(OpenCvLimits.Mistake(Tests.Exported.Read(request.Model).Graph));
            var right = Runtime.Run(request.Model, "output", ("x", one.Input.Data, [.. one.Input.Dims.Select(size => (long)size)]));
            foreach (var (x, y) in one.Right.Data.Zip(right)) Assert.Equal(x, y, 1e-6f);
            var theirs = answer.Outputs?["output"].Data ?? [];
            Assert.False(theirs.Length == right.Length && right.Zip(theirs).All(pair => Math.Abs(pair.First - pair.Second) < 1e-3),
                $"OpenCV computes {name} as it should: {nameof(OpenCvLimits)} no longer needs it.");
        }
    }

    private static ValueInfoProto Value(string name, int[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var size in dims) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = 1, Shape = shape } } };
    }

    private static NodeProto Node(string type, string inputs, string output, params (string Name, object Value)[] settings)
    {
        var node = new NodeProto { OpType = type, Name = output, Input = { inputs.Split(", ") }, Output = { output } };
        foreach (var (name, value) in settings)
        {
            var attribute = new AttributeProto { Name = name };
            if (value is long[] numbers) attribute.Ints.AddRange(numbers);
            else attribute.I = (int)value;
            attribute.Type = value is long[] ? AttributeProto.Types.AttributeType.Ints : AttributeProto.Types.AttributeType.Int;
            node.Attribute.Add(attribute);
        }
        return node;
    }

    private static NetworkCase[] Exported(
        IReadOnlyList<(string Name, Func<Module> Make, long[] Shape)> networks, TemporaryFolder folder)
    {
        List<NetworkCase> cases = [];
        foreach (var (name, make, shape) in networks)
        {
            manual_seed(cases.Count);
            using var made = make();
            if (made is not Module<Tensor, Tensor> network) continue;
            try
            {
                cases.Add(NetworkCase.Of(name, network, shape, folder[$"network{cases.Count}.onnx"], new() { Opset = 13 }));
            }
            catch (ExportException e) when (e.Message.Contains("from operator set")) { }
        }
        return [.. cases];
    }

    private void Compare(NetworkCase[] cases, int least, params string[] must)
    {
        foreach (var one in cases) FixBatch(one.Path);
        var answers = OpenCvRuntime.Run([.. cases.Select(one =>
            new OpenCvRequest(one.Path, new Dictionary<string, NodeTensor> { ["x"] = one.Input }, ["output"]))]);
        var (agreeing, largest) = (0, 0.0);
        List<string> limits = [], faults = [];
        HashSet<string> operators = [];
        foreach (var (one, answer) in cases.Zip(answers))
        {
            var graph = Tests.Exported.Read(one.Path).Graph;
            var difference = answer.Outputs is { } outputs ? one.Difference(outputs["output"]) : double.NaN;
            if (difference <= Bound)
            {
                (agreeing, largest) = (agreeing + 1, Math.Max(largest, difference));
                operators.UnionWith(graph.Node.Select(node => node.OpType));
            }
            else if (!must.Contains(one.Name) &&
                (answer.Outputs is null ? OpenCvLimits.Refusal(graph) : OpenCvLimits.Mistake(graph)) is { } limit)
                limits.Add(answer.Outputs is null ? $"refused: {limit}" : $"other numbers: {limit}");
            else
                faults.Add($"{one.Name}: {answer.Error ?? $"{difference:g3}"} " +
                    $"({string.Join(", ", graph.Node.Select(node => node.OpType))})");
        }
        output.WriteLine($"{agreeing} of {cases.Length} networks agree within {largest:g2}, with {string.Join(", ", operators.Order())}.");
        foreach (var (limit, count) in limits.CountBy(limit => limit).OrderByDescending(limit => limit.Value))
            output.WriteLine($"{count} {limit}");
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.True(agreeing >= least, $"{agreeing} agree.");
    }

    // The batch's axis, a name of one letter, becomes a 2 in as many bytes: written anew by Google.Protobuf, the file would be another.
    private static void FixBatch(string path)
    {
        byte[] named = [0x0A, 3, 0x12, 1, (byte)'N'], fixedSize = [0x0A, 3, 0x08, 0x82, 0];
        var bytes = File.ReadAllBytes(path);
        for (var rest = bytes.AsSpan(); rest.IndexOf(named) is var at and >= 0; rest = rest[(at + named.Length)..])
            fixedSize.CopyTo(rest[at..]);
        File.WriteAllBytes(path, bytes);
    }
}
