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
    public void A_network_that_does_not_take_its_own_input_says_so()
    {
        using var network = new Picky();
        Assert.Contains("fails on input [1, 4]", Assert.Throws<ExportException>(() => Exported.From(network, [4])).Message);
    }

    private sealed class Picky() : Module<Tensor, Tensor>(nameof(Picky)), IOnnxExportable
    {
        public override Tensor forward(Tensor x) => x.reshape(1, 3);

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs) => inputs;
    }
}
