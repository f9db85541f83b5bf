using GanPipeline.Export;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings that begin with the weights of an exported generator and discriminator.</summary>
public sealed class OnnxWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static ArchitectureOptions Options(string name, int labels = 0) => new()
    {
        Name = name, Shape = new ImageShape(1, 32, 32), LatentSize = 8, Filters = 4, LabelSize = labels,
    };

    /// <summary>Networks whose normalisations have statistics, scales and shifts of their own, and their files.</summary>
    private GanNetworks Export(ArchitectureOptions options)
    {
        var networks = Varied(options);
        var labels = options.LabelSize == 0 ? null
            : LabelLayout.FromFields([LabelField.Categorical("class", [.. Enumerable.Range(0, options.LabelSize).Select(i => $"{i}")])]);
        GanExporter.ExportGenerator(networks.Generator, options.LatentSize, _folder["generator.onnx"], labels: labels);
        GanExporter.ExportDiscriminator(networks.Discriminator, 1, 32, 32, _folder["discriminator.onnx"], labels: labels,
            labelPlanes: networks.LabelPlanes);
        return networks;
    }

    private static GanNetworks Varied(ArchitectureOptions options)
    {
        var networks = Architectures.Create(options, seed: 1);
        using var untracked = no_grad();
        manual_seed(2);
        foreach (var (name, buffer) in networks.Generator.named_buffers().Concat(networks.Discriminator.named_buffers()))
            if (buffer.is_floating_point()) buffer.copy_(rand_like(buffer) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : 0));
        foreach (var parameter in networks.Generator.parameters().Concat(networks.Discriminator.parameters()))
            parameter.add_(randn_like(parameter) * 0.02);
        networks.Generator.eval();
        networks.Discriminator.eval();
        return networks;
    }

    private static (Tensor Images, Tensor Logits) Compute(GanNetworks networks)
    {
        manual_seed(3);
        var labels = networks.LabelSize == 0 ? null : eye(networks.LabelSize)[arange(8) % networks.LabelSize];
        var images = networks.Generate(randn(8, networks.LatentSize), labels);
        return (images, networks.Discriminate(images.detach(), labels));
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    [Theory]
    [InlineData("dense", 0)]
    [InlineData("dense", 3)]
    [InlineData("dcgan", 0)]
    [InlineData("dcgan", 3)]
    [InlineData("upsampling", 0)]
    [InlineData("wgan-gp", 0)]
    [InlineData("transfer", 0)]
    [InlineData("residual", 0)]
    [InlineData("residual", 3)]
    public void What_is_loaded_computes_what_the_files_do(string name, int labels)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var exported = Export(Options(name, labels));
        using var fresh = Architectures.Create(Options(name, labels), seed: 9);
        fresh.Generator.train();
        fresh.Discriminator.train();
        var real = rand(64, 1, 32, 32) * 2 - 1;
        var vectors = labels == 0 ? null : eye(labels)[arange(64) % labels];
        OnnxWeights.Load(_folder["generator.onnx"], fresh.Generator, () => fresh.Generate(randn(64, 8), vectors));
        OnnxWeights.Load(_folder["discriminator.onnx"], fresh.Discriminator, () => fresh.Discriminate(real, vectors));
        Assert.True(fresh.Generator.training && fresh.Discriminator.training);
        fresh.Generator.eval();
        fresh.Discriminator.eval();
        var ((images, logits), (expectedImages, expectedLogits)) = (Compute(fresh), Compute(exported));
        // A few roundings of float32 in each layer, as the exporter's own verification allows.
        Assert.InRange(Distance(images, expectedImages), 0, 1e-4);
        Assert.InRange(Distance(logits, expectedLogits), 0, 1e-4 * Math.Max(1, expectedLogits.abs().max().item<float>()));

        // In training, batch normalisation takes the batch's own statistics; what was calibrated on such a batch hardly changes with it.
        var evaluated = fresh.Generate(randn(64, 8), vectors).std().item<float>();
        fresh.Generator.train();
        Assert.InRange(fresh.Generate(randn(64, 8), vectors).std().item<float>() / evaluated, 0.8, 1.25);
    }

    [Theory]
    [InlineData("pix2pix")]
    [InlineData("cyclegan")]
    public void A_translators_discriminators_are_taken_from_beside_it(string name)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var options = new ArchitectureOptions
        {
            Name = name, Shape = new(1, 32, 32), ConditionChannels = 1, Filters = 4, Blocks = name == "cyclegan" ? 1 : 0, Patch = 16,
        };
        using var exported = Varied(options);
        var condition = name == "pix2pix" ? 1 : 0;
        GanExporter.ExportTranslator(exported.Translator(), 1, 32, 32, _folder["translator.onnx"]);
        GanExporter.ExportPatchDiscriminator(exported.TranslationDiscriminator, 1 + condition, 32, 32, _folder["discriminator.onnx"],
            conditionChannels: condition);
        if (exported.Cycles)
        {
            GanExporter.ExportTranslator(exported.BackTranslator(), 1, 32, 32, _folder["translator-back.onnx"]);
            GanExporter.ExportPatchDiscriminator(exported.BackDiscriminator, 1, 32, 32, _folder["discriminator-back.onnx"]);
        }
        using var fresh = Architectures.Create(options, seed: 9);
        var both = rand(16, 2, 32, 32) * 2 - 1;
        FirstWeights.Load(TrainingProcess.Options("unused", 1) with { From = _folder["translator.onnx"] }, fresh, () => fresh.Batch(both));
        fresh.Generator.eval();
        fresh.Discriminator.eval();
        var (expected, logits) = (Judge(exported), Judge(fresh));
        // A few roundings of float32 in each layer, as the exporter's own verification allows.
        Assert.InRange(Distance(logits, expected), 0, 1e-4 * Math.Max(1, expected.abs().max().item<float>()));
        Assert.InRange(Distance(fresh.Translate(both.narrow(1, 0, 1)), exported.Translate(both.narrow(1, 0, 1))), 0, 1e-4);

        Tensor Judge(GanNetworks networks)
        {
            var batch = networks.Batch(both);
            return networks.Discriminate(batch.Images, batch.Labels, batch.Condition);
        }
    }

    [Fact]
    public void A_training_begins_with_them()
    {
        using var exported = Export(Options("dcgan"));
        using var images = new SyntheticSource(new ImageShape(1, 32, 32));
        var options = TrainingProcess.Options(_folder["run"], 1) with { From = _folder["generator.onnx"], SampleEvery = 1 };
        using (var networks = Architectures.Create(Options("dcgan"), seed: 9)) new Trainer(networks, images, options).Run();
        Directory.CreateDirectory(_folder["copy"]);
        File.Copy(_folder["generator.onnx"], _folder["copy/generator.onnx"]);

        // The files' content makes it this training, not their place; the discriminator's is part of it.
        Assert.Equal(Identity(_folder["generator.onnx"]), File.ReadAllText(_folder["run/options.json"]).Split("\"from\": \"")[1][..64]);
        Assert.NotEqual(Identity(_folder["generator.onnx"]), Identity(_folder["copy/generator.onnx"]));
        File.Copy(_folder["discriminator.onnx"], _folder["copy/discriminator.onnx"]);
        Assert.Equal(Identity(_folder["generator.onnx"]), Identity(_folder["copy/generator.onnx"]));

        string Identity(string from) =>
            Trainer.Identity(Options("dcgan"), options with { From = from, Folder = _folder["new"] }, images).Options["from"];
    }

    [Fact]
    public void Another_network_is_refused_and_nothing_filled()
    {
        using (Export(Options("dcgan"))) { }
        using var scope = NewDisposeScope();
        using var other = Architectures.Create(Options("dcgan") with { Filters = 8 }, seed: 9);
        var before = other.Generator.parameters().Select(p => p.sum().item<float>()).ToArray();
        Assert.Matches(@"holds another network than the one to be trained: \[8, 16, 4, 4\] where 'conv1' is \[8, 32, 4, 4\]",
            Load(_folder["generator.onnx"], other).Message);
        Assert.Equal(before, other.Generator.parameters().Select(p => p.sum().item<float>()));
        using var dense = Architectures.Create(Options("dense"), seed: 9);
        Assert.Contains("a ConvTranspose where 'dense1' is a Linear", Load(_folder["generator.onnx"], dense).Message,
            StringComparison.Ordinal);
        File.WriteAllText(_folder["text.onnx"], "no model");
        Assert.Contains("is no ONNX file", Load(_folder["text.onnx"], other).Message, StringComparison.Ordinal);
        Assert.Contains("Cannot read", Load(_folder["nowhere.onnx"], other).Message, StringComparison.Ordinal);

        static CheckpointException Load(string file, GanNetworks networks) => Assert.Throws<CheckpointException>(() =>
            OnnxWeights.Load(file, networks.Generator, () => throw new InvalidOperationException("It was run.")));
    }

    public void Dispose() => _folder.Dispose();
}
