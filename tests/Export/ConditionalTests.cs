using GanPipeline.Inference;
using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Export.Tests;

/// <summary>The project's own architectures, without and with labels, from Torch to ONNX Runtime.</summary>
public class ConditionalTests
{
    private static readonly LabelLayout _labels = LabelLayout.FromFields(
        [LabelField.Categorical("class", ["cat", "dog", "emu"]), LabelField.Binary("asleep"), LabelField.Numeric("yaw", 0, 360)]);

    public static TheoryData<string, int> Sizes
        => new() { { "dense", 12 }, { "upsampling", 16 }, { "dcgan", 16 }, { "wgan-gp", 16 }, { "transfer", 32 }, { "residual", 16 } };

    private static GanNetworks Networks(string name, int side, LabelLayout? labels)
    {
        var networks = Architectures.Create(
            new() { Name = name, Shape = new ImageShape(2, side, side), LatentSize = 6, LabelSize = labels?.Size ?? 0, Filters = 4 });
        foreach (var network in new[] { networks.Generator, networks.Discriminator })
        {
            Scaled(network.Trained());
            network.eval();
        }
        return networks;
    }

    /// <summary>Weights that neither grow nor shrink what passes: large ones multiply the rounding of sums.</summary>
    private static void Scaled(nn.Module network)
    {
        using var untracked = no_grad();
        foreach (var parameter in network.parameters().Where(p => p.ndim > 1))
            parameter.copy_(randn_like(parameter) * Math.Sqrt(2.0 * parameter.shape[0] / parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_architecture_is_exported(string name, int side)
    {
        using var folder = new TemporaryFolder();
        using var networks = Networks(name, side, labels: null);
        GanExporter.ExportGenerator(networks.Generator, 6, folder["generator.onnx"]);
        GanExporter.ExportDiscriminator(networks.Discriminator, 2, side, side, folder["discriminator.onnx"], critic: name == "wgan-gp");
        Assert.Equal(name != "dense", GanExporter.HasFeatures(networks.Discriminator));
        if (name != "dense") GanExporter.ExportFeatures(networks.Discriminator, 2, side, side, folder["features.onnx"]);
        using var generator = GeneratorModel.Load(folder["generator.onnx"]);
        Assert.Equal((2, side, side, 0), (generator.Channels, generator.Height, generator.Width, generator.LabelSize));
        using var judge = FeatureModel.Load(folder["discriminator.onnx"], name == "wgan-gp" ? "score" : "logit");
        Assert.Equal(1, judge.FeatureCount);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_conditional_generator_draws_in_ONNX_what_it_draws_in_Torch(string name, int side)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var networks = Networks(name, side, _labels);
        GanExporter.ExportGenerator(networks.Generator, 6, folder["generator.onnx"], labels: _labels);
        GanExporter.ExportGenerator(networks.Generator, 6, folder["pixels.onnx"], pixels: true, labels: _labels);

        using var model = GeneratorModel.Load(folder["generator.onnx"]);
        using var bytes = GeneratorModel.Load(folder["pixels.onnx"]);
        Assert.Equal(_labels.ToJson(), model.Labels!.ToJson());
        Assert.Equal(_labels.ToJson(), model.Metadata[ModelMetadata.Labels]);
        string[] asked = ["class=emu, asleep, yaw=270", "class=cat, asleep=no, yaw=0"];
        var images = model.Sample(4, seed: 1, labels: asked);
        using var untracked = no_grad();
        var expected = networks.Generate(tensor(Latents.Normal(1, 0, 4, 6), [4, 6]),
            tensor(new float[] { 0, 0, 1, 1, 0.5f, 1, 0, 0, 0, -1, 0, 0, 1, 1, 0.5f, 1, 0, 0, 0, -1 }, [4, 5]));
        AssertClose(expected, images.Values);
        var one = new byte[images.ImageSize];
        images.CopyPixels(3, one);
        Assert.All(
            one.Zip(bytes.SamplePixels(4, seed: 1, labels: asked)[^one.Length..]),
            pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_conditional_discriminator_judges_in_ONNX_as_in_Torch(string name, int side)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var networks = Networks(name, side, _labels);
        GanExporter.ExportDiscriminator(
            networks.Discriminator,
            2,
            side,
            side,
            folder["d.onnx"],
            labels: _labels,
            labelPlanes: networks.LabelPlanes);
        var file = Exported.Read(folder["d.onnx"]);
        Assert.Equal(["image", "label"], file.Graph.Input.Select(input => input.Name));
        Assert.Equal(["probability", "logit"], file.Graph.Output.Select(output => output.Name));
        Assert.Contains(file.MetadataProps, entry => entry.Key == ModelMetadata.Labels && entry.Value == _labels.ToJson());

        using var untracked = no_grad();
        var images = rand(3, 2, side, side) * 2 - 1;
        float[] labels = [1, 0, 0, 1, 0, 0, 1, 0, 0, -1, 0, 0, 1, 1, 1];
        AssertClose(networks.Discriminate(images, tensor(labels, [3, 5])), Runtime.Run(folder["d.onnx"], "logit",
            ("image", images.data<float>().ToArray(), [3, 2, side, side]), ("label", labels, [3, 5])));
    }

    /// <summary>What the label planes would have added is left out: the features are those of planes of zeros.</summary>
    [Theory]
    [InlineData("dcgan", 16)]
    [InlineData("upsampling", 16)]
    [InlineData("transfer", 32)]
    [InlineData("residual", 16)]
    public void Features_of_a_conditional_discriminator_see_planes_of_zeros(string name, int side)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var networks = Networks(name, side, _labels);
        GanExporter.ExportFeatures(networks.Discriminator, 2, side, side, folder["features.onnx"], labelPlanes: _labels.Size);
        using var features = FeatureModel.Load(folder["features.onnx"]);
        Assert.Equal((2, side), (features.Channels, features.Height));

        using var untracked = no_grad();
        var images = rand(3, 2, side, side) * 2 - 1;
        var last = features.Layers[^1];
        var actual = features.Extract(new ImageTensor(images.data<float>().ToArray(), 3, 2, side, side));
        var x = cat([images, zeros(3, 5, side, side)], 1);
        foreach (var (layer, module) in networks.Discriminator.named_children())
        {
            if (layer is "logit" or "flatten") break;
            x = ((nn.Module<Tensor, Tensor>)module).call(x);
        }
        x = nn.functional.adaptive_max_pool2d(x, [last.Height, last.Width]).flatten(1);
        AssertClose(x, [.. Enumerable.Range(0, 3)
            .SelectMany(i => actual[(i * features.FeatureCount + last.Offset)..((i + 1) * features.FeatureCount)])]);
    }

    [Fact]
    public void The_transfer_network_has_the_papers_features()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new ArchitectureOptions { Name = "transfer", Shape = new ImageShape(3, 32, 32) });
        GanExporter.ExportFeatures(networks.Discriminator, 3, 32, 32, folder["features.onnx"]);
        using var features = FeatureModel.Load(folder["features.onnx"]);
        Assert.Equal(28_672, features.FeatureCount);
        Assert.Equal([128, 128, 256, 256, 512, 512], features.Layers.Select(layer => layer.Channels));
    }

    [Fact]
    public void The_features_of_residual_networks_are_their_blocks()
    {
        using var folder = new TemporaryFolder();
        using var networks = Networks("residual", 16, labels: null);
        GanExporter.ExportFeatures(networks.Discriminator, 2, 16, 16, folder["features.onnx"]);
        using var features = FeatureModel.Load(folder["features.onnx"]);
        Assert.Equal(
            ["channels", "block0_1", "block0_2", "width1", "block1_1", "block1_2", "width2", "block2_1", "block2_2", "basis"],
            features.Layers.Select(layer => layer.Layer));
    }

    // As verification: sums of some thousand terms in another order differ by about 1e-6.
    private static void AssertClose(Tensor expected, ReadOnlySpan<float> actual)
    {
        var values = expected.contiguous().data<float>().ToArray();
        Assert.Equal(values.Length, actual.Length);
        for (
            var i = 0;
            i < values.Length;
            i++) Assert.InRange(actual[i] - values[i], -1e-4 * Math.Max(1, Math.Abs(values[i])), 1e-4 * Math.Max(1, Math.Abs(values[i])));
    }
}
