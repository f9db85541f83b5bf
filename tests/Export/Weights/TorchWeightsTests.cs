using System.Runtime.InteropServices;
using GanPipeline.Export.Tests.Networks;
using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Networks that PyTorch saved, once for all tests: torch-files.py says which.</summary>
public sealed class TorchFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _made;

    public TorchFiles() => _made = new(() =>
    {
        var script = Path.Combine(Repository.Root, "tests", "Support", "peers", "torch-files.py");
        var (exitCode, _, error) = Peers.Run(Peers.Python, [script, _folder.Path]);
        Assert.True(exitCode == 0, error);
        return _folder.Path;
    });

    public string this[string name] => Path.Combine(_made.Value, name);

    public void Dispose() => _folder.Dispose();
}

/// <summary>
/// PyTorch's networks in TorchSharp: their files are loaded, the outputs are those of PyTorch, and the networks go out again as ONNX.
/// </summary>
public sealed class TorchWeightsTests(TorchFiles files) : IClassFixture<TorchFiles>, IDisposable
{
    private static readonly (string Name, Func<Module<Tensor, Tensor>> Make, ModelInput Input)[] _networks =
    [
        ("generator", () => new DcganGenerator(), ModelInput.Normal("x", [100, 1, 1])),
        ("resnet", () => new SmallResNet(), ModelInput.Normal("x", [3, 64, 64])),
        ("unet", () => new UNet(), ModelInput.Normal("x", [3, 32, 32])),
        ("transformer", () => new CausalTransformer(), ModelInput.Integers("x", [12], 50)),
        ("lstm", () => new LstmTextEncoder(), ModelInput.Integers("x", [12], 100)),
        ("gru", () => new GruEncoder(), ModelInput.Normal("x", [5, 16])),
        ("heads", () => new AttentionBlock(), ModelInput.Normal("x", [6, 16])),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void A_state_dict_gives_PyTorchs_outputs_and_is_exported()
    {
        foreach (var (name, make, input) in _networks)
        {
            using var network = make();
            var report = ModuleWeights.Load(network, files[$"{name}.pt"]);
            Assert.Equal("PyTorch", report.Format);
            Assert.Equal(network.state_dict().Count, report.Loaded.Count);
            Assert.Empty(report.Unused);
            RequireOutputs(network, name, input);
            OnnxExporter.Export(network, _folder[$"{name}.onnx"], [input]);
        }
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Every_form_of_a_state_dict_holds_the_same()
    {
        foreach (var (name, make, _) in _networks)
        {
            using var expected = make();
            ModuleWeights.Load(expected, files[$"{name}.pt"]);
            foreach (var form in (string[])["old", "checkpoint", "shared", "float64"])
            {
                using var network = make();
                var report = ModuleWeights.Load(network, files[$"{name}.{form}.pt"]);
                Assert.True(report.Unused.Count == 0, report.ToString());
                RequireSame(expected, network, form);
            }
            using var two = make();
            ModuleWeights.Load(two, files[$"{name}.two.pt"], new WeightOptions { Section = "netG" });
            RequireSame(expected, two, "section");
        }
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Half_precision_becomes_the_parameters_type()
    {
        foreach (var (name, make, _) in _networks)
            foreach (var (form, bound) in (ReadOnlySpan<(string, double)>)[("float16", 1 / 2048.0), ("bfloat16", 1 / 256.0)])
            {
                using var scope = NewDisposeScope();
                using var expected = make();
                using var network = make();
                ModuleWeights.Load(expected, files[$"{name}.pt"]);
                ModuleWeights.Load(network, files[$"{name}.{form}.pt"]);
                foreach (var (key, value) in network.state_dict().Where(entry => entry.Value.is_floating_point()))
                {
                    Assert.Equal(ScalarType.Float32, value.dtype);
                    var (before, after) = (expected.state_dict()[key], value);
                    Assert.True((before - after).abs().less_equal(before.abs() * bound + 1e-7).all().item<bool>(), key);
                }
            }
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch, onnx")]
    public void PyTorchs_ONNX_files_are_loaded_by_names_and_layers()
    {
        using var untracked = no_grad();
        foreach (var (name, make, input) in _networks)
        {
            using var expected = make();
            ModuleWeights.Load(expected, files[$"{name}.pt"]);
            var hasNorms = name is "generator" or "resnet" or "unet";
            foreach (var form in hasNorms ? (string[])["plain.onnx", "onnx"] : ["plain.onnx", "onnx", "folded.onnx"])
            {
                using var network = make();
                var isComputed = name == "transformer" && form != "plain.onnx";
                var report = ModuleWeights.Load(network, files[$"{name}.{form}"], new WeightOptions { Strict = !isComputed });
                Assert.Equal("ONNX", report.Format);
                if (isComputed)
                {
                    // What PyTorch computes from a parameter, it writes as a constant.
                    Assert.Equal(["_positions.weight"], report.Missing);
                    network.state_dict()["_positions.weight"].copy_(expected.state_dict()["_positions.weight"]);
                }
                RequireSame(expected, network, $"{form}\n{report}");
                RequireOutputs(network, name, input);
            }
        }
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Weights_under_spectral_and_weight_normalization_are_computed()
    {
        using var critic = Sequential(
            Conv2d(3, 8, 4, 2, 1), LeakyReLU(0.2), Conv2d(8, 8, 3, padding: 1), LeakyReLU(0.2), ConvTranspose2d(8, 8, 3),
            Conv2d(8, 4, 3, bias: false), Flatten(), Linear(4 * 8 * 8, 1));
        var report = ModuleWeights.Load(critic, files["critic.pt"]);
        Assert.True(report.Unused.Count == 0, report.ToString());
        RequireOutputs(critic, "critic", ModelInput.Normal("x", [3, 16, 16]));
    }

    // Transposed convolutions take none.
    [PeerFact("/usr/bin/python3", "-c", "import torch, onnx")]
    public void Batch_normalizations_that_PyTorch_folded_are_told()
    {
        foreach (var (name, make, _) in _networks.Where(network => network.Name is "resnet" or "unet"))
        {
            using var network = make();
            var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, files[$"{name}.folded.onnx"]));
            Assert.Contains("written with batch normalizations folded", error.Message);
            Assert.Contains("torch.save(model.state_dict(), path)", error.Message);
        }
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Files_that_are_programs_are_refused_and_not_run()
    {
        using var network = Sequential(Linear(3, 1));
        void Refused(string name, string what) =>
            Assert.Contains(what, Assert.Throws<ModelException>(() => ModuleWeights.Load(network, files[name])).Message);
        Refused("hostile.pt", "it names posix.system, which is no part of a state dict and is not run");
        Refused("hostile.old.pt", "it names posix.system");
        Assert.False(File.Exists(files["run"]));
        Refused("whole.pt", "save model.state_dict() with torch.save instead");
        Refused("script.pt", "TorchScript");
        Refused("generator.two.pt", "it has weights under 'netG', 'netD'; say which by WeightOptions.Section");
        Assert.Contains("under 'netE', but under 'netG', 'netD'", Assert.Throws<ModelException>(() =>
            ModuleWeights.Load(network, files["generator.two.pt"], new WeightOptions { Section = "netE" })).Message);
    }

    private static void RequireSame(Module expected, Module actual, string what)
    {
        var state = actual.state_dict();
        // ONNX has no number of batches that a normalization has seen.
        foreach (var (key, value) in expected.state_dict().Where(entry => entry.Value.dtype != ScalarType.Int64))
            Assert.True(value.bytes.SequenceEqual(state[key].bytes), $"{key} of {what}");
    }

    private void RequireOutputs(Module<Tensor, Tensor> network, string name, ModelInput input)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();
        var bytes = File.ReadAllBytes(files[$"{name}.input"]);
        long[] shape = [2, .. input.Shape];
        var x = input.Type == Onnx.TensorProto.Types.DataType.Int64
            ? tensor(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), shape)
            : tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(files[$"{name}.output"])).ToArray();
        var actual = network.call(x).data<float>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        // Two versions of libtorch sum in other orders.
        foreach (var (a, b) in expected.Zip(actual)) Assert.InRange(Math.Abs(a - b), 0, 1e-4 * Math.Max(1, Math.Abs(a)));
    }
}
