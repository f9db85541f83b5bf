using GanPipeline.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Cli.Tests;

/// <summary>gan export of a module of an assembly, which is this one; gan inspect of what comes of it.</summary>
public sealed class ModuleExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Outcome Gan(params string[] arguments) => InProcess.Gan(arguments);

    private string[] Request(params string[] more) =>
        ["export", "--assembly", typeof(ModuleExportTests).Assembly.Location, "--out", _folder["net.onnx"], .. more];

    [Fact]
    public void A_module_is_exported_with_its_arguments_and_weights()
    {
        using var network = new Classifier(3, 5, Activation.Tanh);
        using (no_grad()) foreach (var parameter in network.parameters()) init.uniform_(parameter, 1, 2);
        OnnxExporter.Export(network, _folder["weights.onnx"], [3, 8, 8], new() { FoldBatchNormalization = false });

        var outcome = Gan(Request("--type", "Classifier", "--args", "3", "5", "tanh", "--weights", _folder["weights.onnx"], "--input",
            "picture=3x8x8", "--opset", "17", "--report", _folder["report.html"], "--json"));

        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Equal(17, (int)outcome.Json["opset"]!);
        Assert.True((bool)outcome.Json["verification"]!["agrees"]!);
        Assert.Contains("ONNX Runtime and Torch agree", File.ReadAllText(_folder["report.html"]));
        Assert.True(OnnxVerifier.Verify(network, _folder["net.onnx"], [ModelInput.Normal("picture", [3, 8, 8])]).Agrees);

        // The graph, with lines of this file where the program has them.
        outcome = Gan("inspect", _folder["net.onnx"], "--graph");
        Assert.Contains("Conv(picture, _convolution_weight [4, 3, 3, 3], ", outcome.Output);
        Assert.Contains("ModuleExportTests.cs:", outcome.Output);
        Assert.Contains("[N, 4, 8, 8]", outcome.Output);
    }

    [Fact]
    public void A_smaller_form_with_weights_beside_it()
    {
        var request = Request("--type", "Classifier", "--args", "3", "500", "--input", "3x8x8", "--external-data");
        var outcome = Gan([.. request, "--precision", "float16", "--json"]);
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.InRange((double)outcome.Json["losses"]!["output"]!["relativeError"]!, 1e-6, 1e-3);
        Assert.True(File.Exists((string)outcome.Json["data"]!));
        Assert.Contains("its weights", Gan(request).Output);
        Assert.Equal(2, Gan(Request("--type", "Classifier", "--input", "3x8x8", "--precision", "int8")).Code);
    }

    [Fact]
    public void Two_files_are_compared()
    {
        Assert.Equal(0, Gan(Request("--type", "Classifier", "--args", "3", "5", "--input", "3x8x8")).Code);
        File.Copy(_folder["net.onnx"], _folder["first.onnx"]);
        Assert.Contains("are the same model", Gan("inspect", _folder["first.onnx"], _folder["net.onnx"]).Output);
        Assert.Equal(0, Gan(Request("--type", "Classifier", "--args", "3", "5", "tanh", "--input", "3x8x8", "--opset", "17")).Code);

        var outcome = Gan("inspect", _folder["first.onnx"], _folder["net.onnx"], "--json");

        Assert.False((bool)outcome.Json["same"]!);
        var differences = outcome.Json["differences"]!.AsObject();
        Assert.Equal("opset: 18 and 17", (string)differences["format"]![0]!);
        Assert.Equal(["Relu: 1 and 0", "Tanh: 0 and 1"], differences["operators"]!.AsArray().Select(line => (string)line!));
        Assert.Contains(differences["weights"]!.AsArray(), line => ((string)line!).StartsWith("_head_weight: up to "));
        Assert.False(differences.ContainsKey("inputs"));
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        Told("Name a pipeline or a run's folder, or a module", "export");
        Told("--type names the module", Request("--input", "3"));
        Told("--input gives the sizes", Request("--type", "Classifier"));
        Told("is no input: 3x64x64", Request("--type", "Classifier", "--input", "3xx4"));
        Told("It has GanPipeline.Cli.Tests.Classifier", Request("--type", "Other", "--input", "3"));
        Told("It takes (Int64 channels, Int64 classes, Activation activation = Relu)", Request("--type", "Classifier", "--args", "3",
            "--input", "3x8x8"));
        Told("cannot be made from (3, 5, sine)", Request("--type", "Classifier", "--args", "3", "5", "sine", "--input", "3x8x8"));
        Told("The constructor of GanPipeline.Cli.Tests.Classifier fails: no classes", Request("--type", "Classifier", "--args", "3", "0",
            "--input", "3x8x8"));
        Told("must end in .txt, .json or .html", Request("--type", "Classifier", "--args", "3", "5", "--input", "3x8x8", "--report",
            "r.pdf"));
        Told("There is no file none.dll", "export", "--assembly", "none.dll", "--type", "x", "--input", "3");
        File.WriteAllText(_folder["text.dll"], "text");
        Told("is no .NET assembly", "export", "--assembly", _folder["text.dll"], "--type", "x", "--input", "3");
        Told("not both", Request("mnist-gan", "--type", "x", "--input", "3"));
        // The network does not take what it is given: its own error.
        var outcome = Gan(Request("--type", "Classifier", "--args", "3", "5", "--input", "4x8x8"));
        Assert.Equal(1, outcome.Code);
        Assert.Contains("itself fails on", outcome.Error);

        static void Told(string expected, params string[] arguments)
        {
            var outcome = Gan(arguments);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
    }
}

public enum Activation
{
    Relu,
    Tanh,
}

/// <summary>A network as a user writes one.</summary>
public sealed class Classifier : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _convolution, _norm, _head;
    private readonly Activation _activation;

    public Classifier(long channels, long classes, Activation activation = Activation.Relu) : base(nameof(Classifier))
    {
        if (classes < 1) throw new ArgumentException("no classes");
        _activation = activation;
        _convolution = Conv2d(channels, 4, 3, padding: 1);
        _norm = BatchNorm2d(4);
        _head = Linear(4, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _norm.call(_convolution.call(x));
        x = _activation == Activation.Relu ? x.relu() : x.tanh();
        return _head.call(x.mean([2, 3]));
    }
}
