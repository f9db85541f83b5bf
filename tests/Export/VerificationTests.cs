using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>An export that is wrong, or cannot be written, leaves no file and no half of one.</summary>
public class VerificationTests
{
    [Fact]
    public void A_converter_that_is_slightly_wrong_is_found_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(Linear(8, 8), LeakyReLU(0.2)).Trained();
        var options = new ExportOptions {
            Converters = ModuleConverters.Default.With<LeakyReLU>((graph, _, x) => graph.LeakyRelu(x, 0.201)) };

        var message = Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["sub/model.onnx"], [8], options)).Message;

        Assert.Contains("does not agree", message);
        Assert.Contains("'output'", message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_wrong_shape_is_found()
    {
        using var network = Sequential(Flatten());
        var options = new ExportOptions { Converters = ModuleConverters.Default.With<Flatten>((_, _, x) => x) };
        var message = Assert.Throws<ExportException>(() => Exported.From(network, [2, 3], options)).Message;
        Assert.Contains("[1, 2, 3] on ONNX Runtime and [1, 6] on Torch", message);
    }

    [Fact]
    public void An_operator_that_does_not_exist_is_refused()
    {
        using var network = Sequential(ReLU());
        var options = new ExportOptions {
            Converters = ModuleConverters.Default.With<ReLU>((graph, _, x) => graph.Elementwise("Reluu", x)) };
        Assert.Contains("Reluu", Assert.Throws<ExportException>(() => Exported.From(network, [2, 3], options)).Message);
    }

    [Fact]
    public void A_file_that_was_there_stays_when_the_export_fails()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.onnx"], "old");
        using var network = Sequential(ReLU());
        var wrong = new ExportOptions { Converters = ModuleConverters.Default.With<ReLU>((graph, _, x) => x) };

        Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder["model.onnx"], [4], wrong));

        Assert.Equal("old", File.ReadAllText(folder["model.onnx"]));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
        OnnxExporter.Export(network, folder["model.onnx"], [4]);
        Assert.Single(Exported.Read(folder["model.onnx"]).Graph.Node);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        using var network = Sequential(ReLU());
        var below = folder["file/model.onnx"];
        Assert.Contains(below, Assert.Throws<ExportException>(() => OnnxExporter.Export(network, below, [4])).Message);
        Assert.Contains(folder.Path, Assert.Throws<ExportException>(() => OnnxExporter.Export(network, folder.Path, [4])).Message);
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder["disk"], kilobytes: 64);
        var path = folder["disk/model.onnx"];
        using var small = Sequential(ReLU());
        using var large = Sequential(Linear(200, 200));
        OnnxExporter.Export(small, path, [200]);
        var before = File.ReadAllBytes(path);

        Assert.Contains(path, Assert.Throws<ExportException>(() => OnnxExporter.Export(large, path, [200])).Message);

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder["disk"]));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    public void Another_type_than_float32_is_refused_with_what_to_do(ScalarType type)
    {
        using var network = Sequential(("main", Linear(4, 4, dtype: type)));
        var message = Assert.Throws<ExportException>(() => Exported.From(network, [4])).Message;
        Assert.Contains("'main'", message);
        Assert.Contains($"{type}", message);
        Assert.Contains("to(torch.float32)", message);
    }

    [Fact]
    public void Values_that_are_not_finite_are_the_networks_own_fault()
    {
        using var network = Sequential(Linear(4, 4));
        using (no_grad()) network.parameters().First().fill_(float.NaN);
        Assert.Contains(
            "'0.weight' has values that are not finite", Assert.Throws<ExportException>(() => Exported.From(network, [4])).Message);
        // Values that come of the computation alone.
        using var overflowing = Sequential(Linear(4, 4), Linear(4, 4));
        using (no_grad()) foreach (var parameter in overflowing.parameters()) parameter.fill_(1e9f);
        using var network2 = Sequential(overflowing, overflowing, overflowing);
        Assert.Contains("itself gives", Assert.Throws<ExportException>(() => Exported.From(network2, [4])).Message);
    }

    [Fact]
    public void Weights_that_were_never_set_are_refused()
    {
        using var network = Sequential(("norm", GroupNorm(2, 4)));
        using (no_grad()) network.parameters().First().fill_(3.5e13f);
        var message = Assert.Throws<ExportException>(() => Exported.From(network, [4, 3])).Message;
        Assert.Contains("'norm.weight' has values that are as large as 3.5e+13", message);
        Assert.Contains("init.ones_", message);
    }

    [Theory]
    [InlineData("Linear", "takes 5 features and is given [N, 4]")]
    [InlineData("Conv2d", "takes 5 channels and is given [N, 4, 6, 6]")]
    [InlineData("Conv2d on vectors", "takes [N, channels, size, size] and is given [N, 4]")]
    [InlineData("Conv2d too small", "axis of size 0")]
    [InlineData("BatchNorm2d", "takes 5 channels and is given [N, 4, 6, 6]")]
    [InlineData("BatchNorm without statistics", "track_running_stats")]
    [InlineData("Flatten", "start_dim 0")]
    [InlineData("Unflatten", "whose number of elements differs")]
    public void What_does_not_fit_is_said_of_the_layer_by_path(string kind, string expected)
    {
        (var layer, var shape) = kind switch
        {
            "Linear" => ((Module<Tensor, Tensor>)Linear(5, 2), new long[] { 4 }),
            "Conv2d" => (Conv2d(5, 2, 3), [4, 6, 6]),
            "Conv2d on vectors" => (Conv2d(4, 2, 3), [4]),
            "Conv2d too small" => (Conv2d(4, 2, 7), [4, 6, 6]),
            "BatchNorm2d" => (BatchNorm2d(5), [4, 6, 6]),
            "BatchNorm without statistics" => (BatchNorm2d(4, track_running_stats: false), [4, 6, 6]),
            "Flatten" => (Flatten(0), [4]),
            _ => (Unflatten(1, [2, 3]), [4]),
        };
        using var network = Sequential(("a", Identity()), ("b", layer));
        var message = Assert.Throws<ExportException>(() => Exported.From(network, shape)).Message;
        Assert.Contains("'b'", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Rounding_that_a_network_amplifies_is_no_difference_and_leaves_its_weights_alone()
    {
        // A feature that its bias makes, standardised: 300 in float32 is known to 1.5e-5, and here that is 0.0015.
        using var network = new Standardised();
        var before = network.parameters().Select(parameter => parameter.data<float>().ToArray()).ToArray();
        using var folder = new TemporaryFolder();
        // Only many terms are summed otherwise on either side.
        var report = OnnxExporter.Export(network, folder["model.onnx"], [3000], new ExportOptions
        {
            Verification = new VerificationOptions { Batches = [1, 2, 3, 5, 8, 13], Tolerance = 1e-6 },
        }).Verification;

        Assert.True(report.Agrees);
        Assert.Contains(report.Checks, check => check.IsRounding);
        Assert.Contains("by amplified rounding", report.ToString());
        Assert.Equal(before, network.parameters().Select(parameter => parameter.data<float>().ToArray()));
    }

    [Fact]
    public void Small_outputs_are_compared_by_their_own_size()
    {
        using var network = Sequential(new Scaled(), LeakyReLU(0.2));
        var wrong = new ExportOptions {
            Converters = ModuleConverters.Default.With<LeakyReLU>((graph, _, x) => graph.LeakyRelu(x, 0.21)) };
        Assert.Contains("does not agree", Assert.Throws<ExportException>(() => Exported.From(network, [8], wrong)).Message);
        Exported.From(network, [8]);
    }

    [Fact]
    public void The_first_node_that_differs_is_named_with_its_module_and_line()
    {
        using var network = new TwoBranches();
        var wrong = new ExportOptions {
            Converters = ModuleConverters.Default.With<ELU>((graph, _, x) => graph.Elementwise("Elu", x, ("alpha", 0.9f))) };

        var exception = Assert.Throws<ExportException>(() => Exported.From(network, [8], wrong));

        var first = exception.Verification!.FirstDifference!;
        Assert.Equal(("_right_activation_Elu", "Elu", "ELU.forward", "_right.activation"),
            (first.Node, first.OpType, first.Call, first.Module));
        Assert.StartsWith("TwoBranches.forward (VerificationTests.cs:", first.Source);
        Assert.Contains("They part at node '_right_activation_Elu' (Elu), which stands for ELU.forward", exception.Message);

        // The same for a function: the file of a network that has another factor.
        using var folder = new TemporaryFolder();
        using var two = new Functions(2);
        using var three = new Functions(3);
        OnnxExporter.Export(two, folder["model.onnx"], [8]);
        first = OnnxVerifier.Verify(three, folder["model.onnx"], [ModelInput.Normal("input", [8])]).FirstDifference!;
        Assert.Equal(("Mul", "Mul", "Tensor.op_Multiply", ""), (first.Node, first.OpType, first.Call, first.Module));
        Assert.StartsWith("Functions.forward (VerificationTests.cs:", first.Source);
    }

    [Fact]
    public void A_seed_draws_the_same_inputs_and_examples_are_compared_too()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(Linear(8, 8), Tanh()).Trained();
        VerificationReport Verify(int seed, params Tensor[] examples) => OnnxExporter.Export(network, folder["model.onnx"], [8],
            new ExportOptions { Verification = new() { Seed = seed, Batches = [64], Examples = [.. examples.Select(x => (Tensor[])[x])] } })
            .Verification;

        Assert.Equal(Verify(3).ToJson(), Verify(3).ToJson());
        using var two = randn(2, 8);
        var report = Verify(3, two);
        Assert.Equal(["random input [64, 8]", "example 0 input [2, 8]"], report.Checks.Select(check => check.Inputs));
        using var wrong = randn(2, 9);
        Assert.Contains("[2, 9] for 'input', which is [N, 8]", Assert.Throws<ArgumentException>(() => Verify(0, wrong)).Message);
        using var numbers = ones(2, 8, ScalarType.Int64);
        Assert.Contains("Int64 for 'input', which is Float32", Assert.Throws<ArgumentException>(() => Verify(0, numbers)).Message);
        Assert.Throws<ArgumentException>(() => new VerificationOptions { Batches = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerificationOptions { Tolerance = 0 });
    }

    [Fact]
    public void A_file_is_verified_against_any_network()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(("first", Linear(8, 8)), ("second", Linear(8, 2))).Trained();
        OnnxExporter.Export(network, folder["model.onnx"], [8]);
        ModelInput[] inputs = [ModelInput.Normal("input", [8])];

        var same = OnnxVerifier.Verify(network, folder["model.onnx"], inputs);
        Assert.True(same.Agrees);
        Assert.StartsWith("model.onnx: ONNX Runtime and Torch agree within ", same.ToString());

        using (no_grad()) network.get_parameter("second.bias")!.add_(0.5);
        var other = OnnxVerifier.Verify(network, folder["model.onnx"], inputs);
        Assert.False(other.Agrees);
        Assert.Equal("second", other.FirstDifference!.Module);
        var json = System.Text.Json.Nodes.JsonNode.Parse(other.ToJson())!;
        Assert.False((bool)json["agrees"]!);
        Assert.Equal(2, json["checks"]!.AsArray().Count);
        Assert.Equal("second_Gemm", (string)json["firstDifference"]!["node"]!);
        Assert.Contains("do not agree", other.ToHtml());
        Assert.Contains("second_Gemm", other.ToHtml());
        Assert.Contains("They part at node 'second_Gemm'", other.ToString());

        Assert.Contains("has the inputs input; given are x", Assert.Throws<ExportException>(
            () => OnnxVerifier.Verify(network, folder["model.onnx"], [ModelInput.Normal("x", [8])])).Message);
        Assert.Throws<Inference.ModelException>(() => OnnxVerifier.Verify(network, folder["none.onnx"], inputs));
    }

    [Fact]
    public void A_network_that_does_not_take_its_own_input_says_so()
    {
        using var network = new Picky();
        Assert.Contains("fails on input [1, 4]", Assert.Throws<ExportException>(() => Exported.From(network, [4])).Message);
    }

    private sealed class Standardised : Module<Tensor, Tensor>
    {
        private readonly Linear _linear;

        public Standardised() : base(nameof(Standardised))
        {
            _linear = Linear(3000, 4);
            RegisterComponents();
            using var noGradient = no_grad();
            init.uniform_(_linear.weight!, -1e-3, 1e-3);
            init.constant_(_linear.bias!, 300.1);
        }

        public override Tensor forward(Tensor x) => (_linear.call(x) - 300.1f) * 100;
    }

    private sealed class Scaled() : Module<Tensor, Tensor>(nameof(Scaled))
    {
        public override Tensor forward(Tensor x) => x * 1e-3f;
    }

    private sealed class TwoBranches : Module<Tensor, Tensor>
    {
        private readonly Sequential _left, _right;

        public TwoBranches() : base(nameof(TwoBranches))
        {
            _left = Sequential(("linear", Linear(8, 4)), ("activation", ReLU()));
            _right = Sequential(("linear", Linear(8, 4)), ("activation", ELU()));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => cat([_left.call(x), _right.call(x).tanh()], 1);
    }

    private sealed class Functions(float factor) : Module<Tensor, Tensor>(nameof(Functions))
    {
        public override Tensor forward(Tensor x)
        {
            x = x.exp();
            return (x * factor).sqrt();
        }
    }

    private sealed class Picky() : Module<Tensor, Tensor>(nameof(Picky)), IOnnxExportable
    {
        public override Tensor forward(Tensor x) => x.reshape(1, 3);

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs) => inputs;
    }
}
