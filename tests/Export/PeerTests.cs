using GanPipeline.Export.Tests.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>
/// The files before others: onnx.checker and strict shape inference of Debian's python3-onnx, which ends at operator set 17, and a second
/// runtime, onnxruntime-node.
/// </summary>
public class PeerTests
{
    private static readonly LabelLayout _labels = LabelLayout.FromFields([LabelField.Categorical("class", ["cat", "dog"])]);

    [PeerFact("/usr/bin/python3", "-c", "import onnx")]
    public void The_onnx_checker_accepts_every_kind_of_network()
    {
        using var folder = new TemporaryFolder();
        using var generator = Sequential(
            Linear(6, 32), LeakyReLU(0.2), BatchNorm1d(32), Linear(32, 2 * 4 * 4), Unflatten(1, [2, 4, 4]), GELU(),
            Upsample(scale_factor: [2, 2]), Conv2d(2, 4, 3, padding: 1, padding_mode: TorchSharp.PaddingModes.Circular), Softplus(2, 1),
            Upsample(size: [11, 13], mode: UpsampleMode.Bilinear), ReflectionPad2d((1, 1, 0, 2)), GroupNorm(2, 4), PReLU(4), PixelShuffle(
                2),
            ConvTranspose2d(1, 3, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(3), Tanh()).Trained();
        using var discriminator = Sequential(
            Conv2d(3, 8, 4, stride: 2, padding: 1), ReLU6(), ZeroPad2d((0, 1, 0, 1)), BatchNorm2d(8), MaxPool2d(
                3,
                stride: 2,
                ceil_mode: true),
            AvgPool2d(2, ceil_mode: true), InstanceNorm2d(8, affine: true), Conv2d(8, 4, 3, padding: 1), SiLU(), AdaptiveAvgPool2d([3, 2]),
            Flatten(2), LayerNorm([6]), Flatten(), Linear(24, 1)).Trained();
        List<string> paths = [];
        foreach (var opset in (int[])[ExportOptions.OldestOpset, 15, 17])
        {
            var options = new ExportOptions { Opset = opset };
            paths.Add(GanExporter.ExportGenerator(generator, 6, folder[$"generator{opset}.onnx"], options).Path);
            paths.Add(GanExporter.ExportGenerator(generator, 6, folder[$"pixels{opset}.onnx"], options, pixels: true).Path);
            paths.Add(GanExporter.ExportDiscriminator(discriminator, 3, 37, 42, folder[$"discriminator{opset}.onnx"], options).Path);
            paths.Add(GanExporter.ExportFeatures(discriminator, 3, 37, 42, folder[$"features{opset}.onnx"], options).Path);
            paths.Add(GanExporter.ExportGenerator(generator, 4, folder[$"conditional{opset}.onnx"], options, labels: _labels).Path);
            paths.Add(
                GanExporter.ExportDiscriminator(discriminator, 1, 37, 42, folder[$"judge{opset}.onnx"], options, labels: _labels).Path);
            paths.Add(GanExporter.ExportFeatures(discriminator, 1, 37, 42, folder[$"zero{opset}.onnx"], options, labelPlanes: 2).Path);
        }

        Check(["--shapes", .. paths]);
    }

    [PeerFact("/usr/bin/python3", "-c", "import onnx")]
    public void The_onnx_checker_accepts_what_is_recorded()
    {
        using var folder = new TemporaryFolder();
        var options = new ExportOptions { Opset = 17 };
        Check([.. RecordingTests.ExportAll(folder, options), .. FunctionTests.ExportAll(folder, options)]);
    }

    private static void Check(string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "tests", "Support", "peers", "check-models.py");
        var (exitCode, output, error) = Peers.Run(Peers.Python, [script, .. arguments]);

        Assert.True(exitCode == 0 && output.Trim() == "checked", error);
    }

    [NodeRuntimeFact]
    public void A_second_runtime_agrees_with_Torch()
    {
        using var folder = new TemporaryFolder();
        using var dense = Sequential(
            Linear(100, 256), LeakyReLU(0.2), BatchNorm1d(256, eps: 1e-3), Linear(256, 512), LeakyReLU(0.2), BatchNorm1d(512, eps: 1e-3),
            Linear(512, 784), Tanh(), Unflatten(1, [1, 28, 28]));
        using var dcgan = Sequential(
            Unflatten(1, [100, 1, 1]), ConvTranspose2d(100, 64, 4, bias: false), BatchNorm2d(64), ReLU(),
            ConvTranspose2d(64, 32, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(32), ReLU(),
            ConvTranspose2d(32, 3, 4, stride: 2, padding: 1, bias: false), Tanh());
        foreach (var generator in (Module<Tensor, Tensor>[])[dense, dcgan])
        {
            var latents = GanPipeline.Latents.Normal(7, 0, 5, 100);
            GanExporter.ExportGenerator(generator, 100, folder["generator.onnx"]);
            var theirs = OnnxRuntimeNode.Run(folder["generator.onnx"], "latent", [5, 100], latents)["image"];

            generator.eval();
            using var ours = generator.call(tensor(latents, [5, 100]));
            Assert.Equal(ours.shape, theirs.Dims.Select(size => (long)size));
            foreach (var (x, y) in ours.data<float>().ToArray().Zip(theirs.Data)) Assert.Equal(x, y, 1e-4f);
        }
    }

    [NodeRuntimeFact]
    public void A_second_runtime_agrees_with_Torch_on_CycleGANs_generator_of_any_size()
    {
        using var folder = new TemporaryFolder();
        using var generator = new CycleGanGenerator();
        OnnxExporter.Export(generator, folder["generator.onnx"], [ModelInput.Uniform("image", [3, 16, 16]) with
        {
            DynamicAxes = new Dictionary<int, string> { [2] = "height", [3] = "width" },
        }]);
        generator.eval();
        foreach (var (height, width) in ((int, int)[])[(16, 16), (20, 12)])
        {
            var images = Latents.Normal(7, 0, 2, 3 * height * width);
            var theirs = OnnxRuntimeNode.Run(folder["generator.onnx"], "image", [2, 3, height, width], images)["output"];
            using var ours = generator.call(tensor(images, [2, 3, height, width]));
            Assert.Equal(ours.shape, theirs.Dims.Select(size => (long)size));
            // The exporter's own bound, of values up to 1.
            foreach (var (x, y) in ours.data<float>().ToArray().Zip(theirs.Data)) Assert.Equal(x, y, 1e-4f);
        }
    }
}
