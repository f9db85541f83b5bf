using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GanPipeline.Cli;
using GanPipeline.Export;
using GanPipeline.Pipelines;
using Google.Protobuf;
using Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Fuzzing;

/// <summary><c>gan inspect</c> of an ONNX file: what it prints of the file, of its graph, and of what differs from another one.</summary>
/// <remarks>
/// What stands in a file is not trusted: what is printed is as long as the file allows for and has no control characters, which a terminal
/// would obey. A pipe outside the model's folder, to which files point, stops whoever opens it.
/// </remarks>
internal sealed class InspectTarget : FuzzTarget
{
    private const string Pipe = "outside", Beside = "beside.bin";

    // The longest that a line for a node is: its own text, and columns as wide as the widest. The JSON has names of fields, too.
    private const int LengthOfNode = 3_000;

    private const int OwnerReads = 0x180;

    public override string Name => "inspect";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\u001b[2J", "\u009b", "\r\n", "\0", "[red]", "[/]", "]]", "{0}", "../" + Pipe, "/dev/zero", "..\\", Beside, "location",
            "offset", "length", "\u202e", "gan.labels",
        }.Select(Utf8),
        .. new TensorProto[]
        {
            new() { Name = "w", DataType = 1, Dims = { long.MaxValue, long.MaxValue } },
            new() { Name = "w", DataType = 1, Dims = { -1, -4 }, RawData = ByteString.CopyFrom(1, 2, 3) },
            External("w", "../" + Pipe),
        }.Select(tensor => new GraphProto { Initializer = { tensor } }.ToByteArray()),
    ];

    public override bool IsAnswer(Exception e) => e is RequestException && IsLine(e.Message);

    public override void Read(string folder, string name, byte[] bytes)
    {
        var models = Directory.CreateDirectory(Path.Combine(folder, "models")).FullName;
        File.WriteAllBytes(Path.Combine(models, Beside), new byte[64]);
        if (!OperatingSystem.IsWindows() && mkfifo(Path.Combine(folder, Pipe), OwnerReads) != 0)
            throw new InvalidOperationException("No pipe was made.");
        var (model, other) = (Path.Combine(models, "model.onnx"), Path.Combine(models, "other.onnx"));
        File.WriteAllBytes(model, bytes);
        var original = Files.First(file => file.Name == name).Bytes;
        // The other of the two is mutated by itself, or as it was.
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(bytes)));
        File.WriteAllBytes(other, random.Next(3) == 0 ? original : Mutated(original, bytes, random));
        Exception? answer = null;
        foreach (var arguments in new string[][] { [model], [model, "--graph"], [model, "--graph", "--json"], [model, other],
            [other, model, "--json"] })
        {
            answer ??= Inspect(arguments, bytes.Length);
        }
        if (answer is not null) throw answer;
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid()
    {
        using var folder = new TemporaryFolder();
        manual_seed(1);
        using var generator = Sequential(
            Linear(4, 16), ReLU(), Unflatten(1, [4, 2, 2]), ConvTranspose2d(4, 1, 4, 2, 1), BatchNorm2d(1), Tanh());
        generator.eval();
        GanExporter.ExportGenerator(generator, 4, folder["generator.onnx"]);
        using var attention = new Recurrent();
        OnnxExporter.Export(attention, folder["recurrent.onnx"], [5, 4], new ExportOptions { Opset = 14 });
        return
        [
            ("generator.onnx", File.ReadAllBytes(folder["generator.onnx"])),
            ("recurrent.onnx", File.ReadAllBytes(folder["recurrent.onnx"])),
            ("foreign.onnx", Foreign().ToByteArray()),
        ];
    }

    // One in four as bytes, of which few can be parsed; of the others all can.
    protected override byte[] Mutated(byte[] file, byte[] other, Random random) =>
        (random.Next(4) == 0 ? null : OnnxMutations.Of(file, Tokens, random)) ?? base.Mutated(file, other, random);

    private static Exception? Inspect(string[] arguments, long size)
    {
        Exception? answer = null;
        var (output, error) = (new StringWriter(), new StringWriter());
        var shell = new Shell(output, error, CancellationToken.None) { Failing = e => { answer = e; return 1; } };
        GanCommand.Invoke(["inspect", .. arguments], shell);
        var text = output.ToString() + error;
        var nodes = answer is null ? InspectCommand.Read(arguments[0]).Graph.Node.Count + 1 : 0;
        if (text.Length > 10 * size + (long)LengthOfNode * nodes)
            throw new InvalidOperationException($"{text.Length} characters of a file of {size} bytes.");
        if (text.Split(Environment.NewLine).FirstOrDefault(line => !IsLine(line)) is { } line)
            throw new InvalidOperationException($"A control character in {Uri.EscapeDataString(line)}.");
        return answer;
    }

    private static bool IsLine(string text) => !text.Any(char.IsControl);

    /// <summary>What other exporters write: a branch, values in other fields, weights in another file, other domains.</summary>
    private static ModelProto Foreign()
    {
        var shape = new TensorShapeProto
        {
            Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" }, new TensorShapeProto.Types.Dimension { DimValue = 3 } },
        };
        ValueInfoProto Value(string name) => new()
        {
            Name = name,
            Type = new() { TensorType = new() { ElemType = 1, Shape = shape } },
        };
        var branch = new GraphProto { Name = "then", Node = { new NodeProto { OpType = "Identity", Input = { "x" }, Output = { "y" } } } };
        return new()
        {
            IrVersion = 8, ProducerName = "other", ProducerVersion = "1", OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            MetadataProps = { new StringStringEntryProto { Key = "key", Value = "value" } },
            Graph = new()
            {
                Name = "graph", Input = { Value("x") }, Output = { Value("z") }, ValueInfo = { Value("y") },
                Initializer =
                {
                    new TensorProto { Name = "axes", DataType = 7, Dims = { 1 }, Int64Data = { 1 } },
                    new TensorProto { Name = "slope", DataType = 1, FloatData = { 0.5f } },
                    new TensorProto { Name = "shape", DataType = 7, Dims = { 2 }, RawData = ByteString.CopyFrom(new byte[16]) },
                    External("weight", Beside),
                },
                Node =
                {
                    new NodeProto
                    {
                        OpType = "If", Input = { "x" }, Output = { "y" },
                        Attribute =
                        {
                            new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch },
                            new AttributeProto
                            {
                                Name = "words", Type = AttributeProto.Types.AttributeType.Strings,
                                Strings = { ByteString.CopyFromUtf8("a") },
                            },
                            new AttributeProto { Name = "sizes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1, 2 } },
                            new AttributeProto { Name = "scales", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, 2 } },
                        },
                    },
                    new NodeProto
                    {
                        OpType = "Own", Domain = "other.domain", DocString = "layer.0",
                        Input = { "y", "", "weight", "axes", "slope", "shape" }, Output = { "z", "" },
                    },
                },
            },
        };
    }

    private static TensorProto External(string name, string file) => new()
    {
        Name = name, DataType = 1, Dims = { 4, 4 }, DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = file }, new StringStringEntryProto { Key = "length", Value = "64" },
        },
    };

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    private sealed class Recurrent : Module<Tensor, Tensor>
    {
        private readonly GRU _recurrent = GRU(4, 2, batchFirst: true);

        public Recurrent() : base(nameof(Recurrent)) => RegisterComponents();

        public override Tensor forward(Tensor x) => _recurrent.call(x).Item1.softmax(-1) * 2;
    }
}
