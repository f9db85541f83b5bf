using GanPipeline.Export.Tests.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Networks as TorchSharp users write them, exported with nothing written for it.</summary>
public class RecordingTests
{
    private static readonly Dictionary<string, (Func<Module> Make, ModelInput[] Inputs)> _networks = new()
    {
        ["DCGAN's generator"] = (() => new DcganGenerator(), [Normal(100, 1, 1)]),
        ["DCGAN's discriminator"] = (() => new DcganDiscriminator(), [Image(64)]),
        ["dense generator"] = (() => new DenseGenerator(), [Normal(100)]),
        ["conditional generator"] = (() => new ConditionalGenerator(), [Normal(100), Label(10)]),
        ["conditional discriminator"] = (() => new LabelPlanesDiscriminator(), [Normal(1, 16, 16), Label(10)]),
        ["projection discriminator"] = (() => new ProjectionDiscriminator(), [Image(16), Label(5)]),
        ["CycleGAN's generator"] = (() => new CycleGanGenerator(), [Image(32)]),
        ["progressive growing"] = (() => new ProgressiveGenerator(), [Normal(32)]),
        ["minibatch deviation"] = (() => new MinibatchDeviation(), [Image(8)]),
        ["self-attention"] = (() => new SelfAttention(), [Normal(16, 8, 8)]),
        ["spectral normalisation"] = (() => new SpectralConvolution(), [Image(16)]),
        ["adaptive instance normalisation"] = (() => new AdaptiveNorm(), [Normal(16, 8, 8), Normal(8)]),
        ["StyleGAN2's generator"] = (() => new StyleGenerator(), [Normal(16), Normal(1, 8, 8)]),
        ["variational autoencoder"] = (() => new VariationalAutoencoder(), [Normal(20)]),
        ["super resolution"] = (() => new SuperResolution(), [Normal(1, 16, 16)]),
        ["Pix2Pix's discriminator"] = (() => new PatchDiscriminator(), [Image(32), Image(32)]),
        ["modern discriminator"] = (() => new ModernDiscriminator(), [Image(16)]),
        ["ResNet"] = (() => new SmallResNet(), [Image(64)]),
        ["U-Net"] = (() => new UNet(), [Image(32)]),
        ["group normalisation"] = (() => new GroupNormBlock(), [Image(8)]),
        ["DenseNet"] = (() => new DenseNet(), [Image(8)]),
        ["MobileNet's block"] = (() => new InvertedResidual(), [Normal(8, 8, 8)]),
        ["Inception's block"] = (() => new InceptionBlock(), [Normal(8, 8, 8)]),
        ["sequence in a module"] = (() => new SubmoduleSequence(), [Image(8)]),
        ["shared weights"] = (() => new SharedWeights(), [Normal(16)]),
        ["MLP-Mixer"] = (() => new MixerBlock(), [Image(16)]),
        ["LSTM of words"] = (() => new LstmTextEncoder(), [ModelInput.Integers("tokens", [12], 100)]),
        ["GRU"] = (() => new GruEncoder(), [Normal(5, 16)]),
        ["RNN with a state"] = (() => new RnnWithState(), [Normal(5, 6), Normal(4, 10)]),
        ["unrolled cells"] = (() => new UnrolledCells(), [Normal(4, 8)]),
        ["multi-head attention"] = (() => new AttentionBlock(), [Normal(6, 16)]),
        ["causal transformer"] = (() => new CausalTransformer(), [ModelInput.Integers("tokens", [12], 50)]),
        ["scaled attention"] = (() => new ScaledAttention(), [Normal(5, 8), Normal(7, 6)]),
        ["words and regions"] = (() => new WordRegionMatch(), [Normal(4, 6, 6), Normal(5, 8)]),
        ["convolution over time"] = (() => new ConvolutionOverTime(), [Normal(4, 20)]),
        ["volumes"] = (() => new Volumes(), [Normal(1, 8, 8, 8)]),
        ["lambdas"] = (() => new Lambdas(x => x.tanh() * 2), [Normal(6)]),
        ["a function of TorchSharp's as a delegate"] = (() => new Lambdas(sigmoid), [Normal(6)]),
        ["a layer's call as a delegate"] = (() => new Lambdas(Softplus().call), [Normal(6)]),
        ["iterators"] = (() => new Iterators(), [Normal(6)]),
        ["dictionaries"] = (() => new Dictionaries(), [Normal(6)]),
        ["inherited forward"] = (() => new Inherited(), [Normal(6)]),
        ["base.forward"] = (() => new InheritedMore(), [Normal(6)]),
        ["generic module"] = (() => new Generic<TorchSharp.Modules.BatchNorm2d>(BatchNorm2d(4)), [Normal(4, 6, 6)]),
        ["switch: relu"] = (() => new Switches(Activation.Relu), [Normal(6)]),
        ["switch: swish"] = (() => new Switches(Activation.Swish), [Normal(6)]),
        ["switch: gelu"] = (() => new Switches(Activation.Gelu), [Normal(6)]),
        ["structures and operators"] = (() => new Structures(), [Normal(6)]),
        ["scopes and exceptions"] = (() => new Scopes(), [Normal(6)]),
        ["a mask made once"] = (() => new LazyMask(), [Normal(4, 3)]),
        ["in place"] = (() => new InPlace(), [Normal(6)]),
        ["sizes"] = (() => new Networks.Sizes(), [Normal(3, 4)]),
        ["indices"] = (() => new Indices(), [Normal(4, 5)]),
        ["hooks"] = (() => new Hooked(), [Normal(6)]),
        ["optional inputs"] = (() => new Optional(), [Normal(6)]),
        ["optional inputs, given"] = (() => new Optional(), [Normal(6), Normal(6)]),
        ["several outputs"] = (() => new Several(), [Normal(6)]),
        ["constants that ONNX cannot compute"] = (() => new ConstantSubgraph(), [Normal(6)]),
    };

    public static TheoryData<string> Names => [.. _networks.Keys];

    /// <summary>Every network of one input that is no integers.</summary>
    internal static IEnumerable<(string Name, Func<Module> Make, long[] Shape)> All => _networks
        .Where(network => network.Value.Inputs is [{ Type: Onnx.TensorProto.Types.DataType.Float }])
        .Select(network => (network.Key, (Func<Module>)(() => WithStatistics(network.Value.Make())),
            network.Value.Inputs[0].Shape.ToArray()));

    /// <summary>A new network of a name, its inputs, and the statistics of training in it.</summary>
    internal static (Module Network, ModelInput[] Inputs) Make(string name)
    {
        var (make, inputs) = _networks[name];
        return (WithStatistics(make()), [.. inputs.Select((input, i) => input with { Name = $"input{i}" })]);
    }

    /// <summary>Exports each network into a folder, and returns the files.</summary>
    internal static IEnumerable<string> ExportAll(TemporaryFolder folder, ExportOptions options)
    {
        var count = 0;
        foreach (var (make, inputs) in _networks.Values)
        {
            using var network = make();
            ModelInput[] named = [.. inputs.Select((input, i) => input with { Name = $"input{i}" })];
            yield return OnnxExporter.Export(WithStatistics(network), folder[$"network{count++}.onnx"], named, options).Path;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_exported_as_it_is_written(string name)
    {
        var (make, inputs) = _networks[name];
        using var network = make();
        using var folder = new TemporaryFolder();
        inputs = [.. inputs.Select((input, i) => input with { Name = $"input{i}" })];
        // Twice: what a program keeps from its first run must not change the second.
        OnnxExporter.Export(WithStatistics(network), folder["network.onnx"], inputs);
        OnnxExporter.Export(network, folder["network.onnx"], inputs);
        Inference.ModelCheck.Require(folder["network.onnx"]);
    }

    // Normalisations that do something, and other weights as they are made: larger ones make values whose rounding counts.
    internal static Module WithStatistics(Module network)
    {
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters())
            if (parameter.ndim == 1) parameter.copy_(rand_like(parameter) + 0.5f);
        foreach (var (name, buffer) in network.named_buffers())
            if (name.EndsWith("running_mean", StringComparison.Ordinal)) buffer.copy_(randn_like(buffer) * 0.5f);
            else if (name.EndsWith("running_var", StringComparison.Ordinal)) buffer.copy_(rand_like(buffer) + 0.2f);
        return network;
    }

    private static ModelInput Normal(params long[] shape) => ModelInput.Normal("x", shape);

    private static ModelInput Image(long size) => ModelInput.Uniform("x", [3, size, size]);

    private static ModelInput Label(int count) => ModelInput.Integers("x", [], count);
}
