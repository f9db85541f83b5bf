using System.Diagnostics;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torchvision;

namespace GanPipeline.Export.Tests;

/// <summary>The networks of TorchVision for .NET, which were written for no exporter.</summary>
public class TorchVisionTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long Size)> _models = new()
    {
        ["resnet18"] = (() => models.resnet18(), 224),
        ["resnet50"] = (() => models.resnet50(), 64),
        ["alexnet"] = (() => models.alexnet(), 64),
        ["googlenet"] = (() => models.googlenet(), 64),
        ["inception_v3"] = (() => models.inception_v3(), 96),
        ["mobilenet_v2"] = (() => models.mobilenet_v2(), 64),
        ["mobilenet_v3_small"] = (() => models.mobilenet_v3_small(), 64),
        ["resnext50_32x4d"] = (() => models.resnext50_32x4d(), 64),
        ["vgg11_bn"] = (() => models.vgg11_bn(num_classes: 10), 64),
    };

    public static TheoryData<string> Names => [.. _models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_exported_as_it_is(string name)
    {
        var (make, size) = _models[name];
        manual_seed(1);
        using var network = make();
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        var result = OnnxExporter.Export(network, folder["model.onnx"], [3, size, size]);
        output.WriteLine($"{name}: {result.Bytes:N0} bytes in {watch.Elapsed.TotalSeconds:f1} s, within {result.MaxAbsDifference:g2}, " +
            $"{result.FoldedBatchNormalizations} normalisations folded, {Exported.Read(result.Path).Graph.Node.Count} nodes");
        Assert.DoesNotContain("BatchNormalization", Exported.Read(result.Path).Operators());
    }
}
