using GanPipeline.Export.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Axes beside the batch that have no fixed size: pictures of any height and width, texts of any length.</summary>
public class DynamicAxesTests
{
    private static readonly Dictionary<string, (Func<Module> Make, ModelInput[] Inputs)> _networks = new()
    {
        ["CycleGAN's generator"] = (() => new CycleGanGenerator(), [Picture(32)]),
        ["U-Net"] = (() => new UNet(), [Picture(32)]),
        ["ResNet"] = (() => new SmallResNet(), [Picture(64)]),
        ["Pix2Pix's discriminator"] = (() => new PatchDiscriminator(), [Picture(32), Picture(32)]),
        ["super resolution"] = (() => new SuperResolution(), [Sized(1, 16, 16)]),
        ["group normalisation"] = (() => new GroupNormBlock(), [Picture(8)]),
        ["DenseNet"] = (() => new DenseNet(), [Picture(8)]),
        ["self-attention"] = (() => new SelfAttention(), [Sized(16, 8, 8)]),
        ["MobileNet's block"] = (() => new InvertedResidual(), [Sized(8, 8, 8)]),
        ["Inception's block"] = (() => new InceptionBlock(), [Sized(8, 8, 8)]),
        ["adaptive instance normalisation"] = (() => new AdaptiveNorm(), [Sized(16, 8, 8), ModelInput.Normal("x", [8])]),
        ["spectral normalisation"] = (() => new SpectralConvolution(), [Picture(16)]),
        ["layers in a sequence"] = (() => Sequential(
            Conv2d(3, 8, 3, padding: 1, padding_mode: PaddingModes.Reflect), BatchNorm2d(8), ReLU(), MaxPool2d(2), Dropout(),
            ZeroPad2d((1, 0, 1, 0)), AvgPool2d(2, stride: 1), ConvTranspose2d(8, 4, 4, stride: 2, padding: 1), InstanceNorm2d(4),
            Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), AdaptiveAvgPool2d([1, 1]), Flatten()), [Picture(16)]),
        ["LSTM of words"] = (() => new LstmTextEncoder(), [Text("length", 12, 100)]),
        ["GRU"] = (() => new GruEncoder(), [Long(5, 16)]),
        ["multi-head attention"] = (() => new AttentionBlock(), [Long(6, 16)]),
        ["a grid of places"] = (() => new Places(), [Sized(2, 6, 5)]),
    };

    public static TheoryData<string> Names => [.. _networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_exported_for_any_size(string name)
    {
        var (make, inputs) = _networks[name];
        using var network = make();
        using var folder = new TemporaryFolder();
        inputs = [.. inputs.Select((input, i) => input with { Name = $"input{i}" })];
        var report = OnnxExporter.Export(RecordingTests.WithStatistics(network), folder["network.onnx"], inputs).Verification;

        // The last check is at sizes that no recording had.
        Assert.Contains("input0 [2, ", report.Checks[^1].Inputs);
        var model = Exported.Read(folder["network.onnx"]);
        Assert.Equal(["N", .. inputs[0].Shape.Select((size, i) => inputs[0].DynamicAxes.GetValueOrDefault(i + 1, $"{size}"))],
            model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}"));
        Inference.ModelCheck.Require(folder["network.onnx"]);
    }

    [Fact]
    public void What_follows_from_a_size_has_its_name_in_the_file()
    {
        using var folder = new TemporaryFolder();
        using var network = new SuperResolution();
        OnnxExporter.Export(network, folder["network.onnx"], [Sized(1, 16, 16)]);
        var names = Exported.Read(folder["network.onnx"]).Graph.ValueInfo.SelectMany(value => value.Type.TensorType.Shape.Dim)
            .Select(size => size.DimParam).ToHashSet();
        Assert.Contains("height", names);
        Assert.Contains("width", names);
    }

    [Fact]
    public void Networks_that_need_their_size_are_refused()
    {
        using var network = Sequential(Conv2d(3, 4, 3), Flatten(), Linear(4 * 6 * 6, 1));
        Assert.Contains("itself fails on [2, 3, 16, 8]",
            Assert.Throws<ExportException>(() => Export(network, Picture(8))).Message);
        using var pooled = Sequential(Conv2d(3, 4, 3), AdaptiveAvgPool2d([2, 2]), Flatten());
        Assert.Contains("is pooled to 1 alone", Assert.Throws<ExportException>(() => Export(pooled, Picture(8))).Message);
        Assert.Contains("has axes 1 to 3 beside the batch, and not 4", Assert.Throws<ArgumentException>(
            () => ModelInput.Normal("x", [3, 8, 8]) with { DynamicAxes = new Dictionary<int, string> { [4] = "depth" } }).Message);
        Assert.Throws<ArgumentException>(() => Long(3, 1) with { DynamicAxes = new Dictionary<int, string> { [1] = "N" } });
        Assert.Throws<ArgumentException>(() => Long(3, 1) with { DynamicAxes = new Dictionary<int, string> { [1] = "a b" } });
    }

    private static void Export(Module network, ModelInput input)
    {
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, folder["network.onnx"], [input]);
    }

    private static ModelInput Sized(long channels, long height, long width) => ModelInput.Normal("x", [channels, height, width]) with
    {
        DynamicAxes = new Dictionary<int, string> { [2] = "height", [3] = "width" },
    };

    private static ModelInput Picture(long size) => Sized(3, size, size);

    private static ModelInput Text(string axis, long length, int count) =>
        ModelInput.Integers("x", [length], count) with { DynamicAxes = new Dictionary<int, string> { [1] = axis } };

    private static ModelInput Long(long length, long features) =>
        ModelInput.Normal("x", [length, features]) with { DynamicAxes = new Dictionary<int, string> { [1] = "length" } };

    /// <summary>What uses sizes as numbers.</summary>
    private sealed class Places() : Module<Tensor, Tensor>(nameof(Places))
    {
        public override Tensor forward(Tensor x)
        {
            var (batch, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
            var flat = x.view(batch, channels, height * width).transpose(1, 2);
            var scaled = flat / Math.Sqrt(channels) + flat.mean([1], keepdim: true);
            var rows = arange(height, dtype: ScalarType.Float32).view(1, 1, height, 1).expand(batch, 1, height, width);
            return cat([scaled.transpose(1, 2).reshape(batch, channels, height, width), rows, ones(batch, 1, height, width)], 1);
        }
    }
}
