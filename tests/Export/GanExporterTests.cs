using GanPipeline.Inference;
using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>The models in the form that src/Inference reads, with src/Inference reading them.</summary>
public class GanExporterTests
{
    private static Module<Tensor, Tensor> Generator() => Sequential(
        Unflatten(1, [6, 1, 1]),
        ConvTranspose2d(6, 8, 4, bias: false), BatchNorm2d(8), ReLU(true),
        ConvTranspose2d(8, 3, 4, stride: 2, padding: 1, bias: false), Tanh()).Trained();

    private static Module<Tensor, Tensor> Discriminator() => Sequential(
        Conv2d(3, 4, 4, stride: 2, padding: 1, bias: false), LeakyReLU(0.2, inplace: true),
        Sequential(Conv2d(4, 6, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(6), LeakyReLU(0.2, inplace: true), Dropout()),
        Conv2d(6, 1, 3, bias: false), Flatten()).Trained();

    [Fact]
    public void A_generator_is_read_by_GeneratorModel_and_gives_Torchs_images()
    {
        using var folder = new TemporaryFolder();
        using var generator = Generator();
        var options = new ExportOptions { Metadata = new Dictionary<string, string> { [ModelMetadata.Pipeline] = "test" } };
        var result = GanExporter.ExportGenerator(generator, 6, folder["generator.onnx"], options);

        using var model = GeneratorModel.Load(result.Path);
        Assert.Equal((6, 3, 8, 8), (model.LatentSize, model.Channels, model.Height, model.Width));
        Assert.Equal("test", model.Metadata[ModelMetadata.Pipeline]);
        Assert.Equal("6", model.Metadata[ModelMetadata.LatentSize]);
        Assert.Equal(ModelMetadata.NormalizedRange, model.Metadata[ModelMetadata.PixelRange]);
        Assert.Equal(["ConvTranspose", "Relu", "ConvTranspose", "Tanh"], Exported.Read(result.Path).Operators().Skip(1));

        var latents = Latents.Normal(3, 0, 5, 6);
        var images = new float[5 * 3 * 8 * 8];
        model.Generate(latents, images);
        generator.eval();
        using var expected = generator.call(tensor(latents, [5, 6]));
        foreach (var (x, y) in expected.data<float>().ToArray().Zip(images)) Assert.Equal(x, y, 1e-4f);
    }

    [Theory]
    [InlineData(LayerNormalization.Batch)]
    [InlineData(LayerNormalization.Instance)]
    public void Pix2pixs_generator_is_read_by_TranslatorModel_and_gives_Torchs_images(LayerNormalization normalization)
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new()
        {
            Name = "pix2pix", Shape = new(3, 32, 32), ConditionChannels = 1, Filters = 4, Normalization = normalization,
        });
        networks.Generator.Trained();
        var result = GanExporter.ExportTranslator(networks.Generator, 1, 32, 32, folder["generator.onnx"]);

        using var model = TranslatorModel.Load(result.Path);
        Assert.Equal((1, 32, 32, 3, 32, 32),
            (model.Channels, model.Height, model.Width, model.OutputChannels, model.OutputHeight, model.OutputWidth));
        var random = new Random(3);
        var images = new ImageTensor([.. Enumerable.Range(0, 5 * 32 * 32).Select(_ => random.NextSingle() * 2 - 1)], 5, 1, 32, 32);
        var torch = GeneratorSamples.Translate(networks, images).Values;
        var onnx = model.Translate(images).Values;
        networks.Generator.to(float64);
        networks.Generator.eval();
        using var untracked = no_grad();
        using var exact = networks.Generator.call(tensor(images.Values, [5, 1, 32, 32]).to(float64));
        // How far float32 strays depends on the statistics that are drawn. Both round as often, in another order.
        var errors = new[] { torch, onnx }.Select(made => made.Zip(exact.data<double>(), (x, y) => Math.Abs(x - y)).Max()).ToArray();
        Assert.True(errors[1] <= 4 * errors[0] + 1e-6, $"ONNX is {errors[1]:g3} from the result in float64, Torch {errors[0]:g3}.");
    }

    /// <summary>Two layers of stride 2 ask for multiples of 4, and a reflection of 1 at a quarter of the side for two of them.</summary>
    [Fact]
    public void CycleGANs_generator_is_written_for_images_of_any_size()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(
            ReflectionPad2d(3), Conv2d(3, 4, 7), InstanceNorm2d(4), ReLU(), Conv2d(4, 8, 3, 2, 1), InstanceNorm2d(8), ReLU(),
            Conv2d(8, 8, 3, 2, 1), InstanceNorm2d(8), ReLU(), ReflectionPad2d(1), Conv2d(8, 8, 3), InstanceNorm2d(8), ReLU(),
            ConvTranspose2d(8, 8, 3, 2, 1, 1), InstanceNorm2d(8), ReLU(), ConvTranspose2d(8, 4, 3, 2, 1, 1), InstanceNorm2d(4), ReLU(),
            ReflectionPad2d(3), Conv2d(4, 3, 7), Tanh());
        var result = GanExporter.ExportTranslator(network, 3, 40, 64, folder["translator.onnx"], freeSize: true);

        string[] checks = [.. result.Verification.Checks.Select(check => check.Inputs)];
        Assert.Contains("random image [2, 3, 64, 96]", checks);
        Assert.Contains("example 0 image [1, 3, 40, 64]", checks);
        var model = Exported.Read(result.Path);
        Assert.Equal(["N", "3", "height", "width"], model.Graph.Input[0].Type.TensorType.Shape.Dim
            .Select(size => size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}"));
        var metadata = model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal(("40,64", "4", "8"), (metadata[ModelMetadata.TrainedSize], metadata[ModelMetadata.SideMultiple],
            metadata[ModelMetadata.LeastSide]));
        Assert.Equal(ModelMetadata.NormalizedRange, metadata[ModelMetadata.PixelRange]);
    }

    [Fact]
    public void Both_ways_of_cyclegan_are_read_by_TranslatorModel_and_give_Torchs_images()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new()
        {
            Name = "cyclegan", Shape = new(3, 32, 32), ConditionChannels = 1, Filters = 4, Blocks = 2,
        });
        networks.Generator.eval();
        var random = new Random(3);
        foreach (var (isBack, from, to) in new[] { (false, 1, 3), (true, 3, 1) })
        {
            var result = GanExporter.ExportTranslator(isBack ? networks.BackTranslator() : networks.Translator(), from, 32, 32,
                folder[$"{isBack}.onnx"], freeSize: true);
            using var model = TranslatorModel.Load(result.Path);
            Assert.Equal((from, to, true), (model.Channels, model.OutputChannels, model.HasFreeSize));
            float[] values = [.. Enumerable.Range(0, 3 * from * 32 * 32).Select(_ => random.NextSingle() * 2 - 1)];
            var images = new ImageTensor(values, 3, from, 32, 32);
            var torch = isBack ? GeneratorSamples.TranslateBack(networks, images) : GeneratorSamples.Translate(networks, images);
            // The export's own bound.
            foreach (var (x, y) in torch.Values.ToArray().Zip(model.Translate(images).Values.ToArray())) Assert.Equal(x, y, 1e-4f);
        }
    }

    /// <summary>Pix2Pix's discriminator judges pairs, and CycleGAN's two judge the images of either side.</summary>
    [Theory]
    [InlineData("pix2pix", 4, 1)]
    [InlineData("cyclegan", 3, 0)]
    public void Discriminators_of_patches_are_read_by_FeatureModel_and_give_Torchs_logits(string name, int channels, int condition)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new()
        {
            Name = name, Shape = new(3, 32, 32), ConditionChannels = 1, Filters = 4, Patch = 16,
        });
        networks.Discriminator.eval();
        var written = GanExporter.ExportPatchDiscriminator(
            networks.TranslationDiscriminator, channels, 32, 32, folder["discriminator.onnx"], conditionChannels: condition);
        using var model = FeatureModel.Load(written.Path, "logit");
        using var untracked = no_grad();
        var both = rand(3, 4, 32, 32) * 2 - 1;
        var logits = networks.Discriminate(condition > 0 ? both.narrow(1, 1, 3) : both, null, condition > 0 ? both.narrow(1, 0, 1) : null);
        // CycleGAN's have the first side's logits first.
        var patches = model.FeatureCount;
        Assert.Equal(condition > 0 ? patches : 2 * patches, (int)logits.shape[1]);
        var images = new ImageTensor([.. both.narrow(1, 4 - channels, channels).contiguous().data<float>()], 3, channels, 32, 32);
        Equal(logits.narrow(1, logits.shape[1] - patches, patches), model.Extract(images));
        Assert.Equal(condition > 0 ? "1" : null, model.Metadata.GetValueOrDefault(ModelMetadata.ConditionChannels));
        using var probabilities = FeatureModel.Load(written.Path, "probability");
        Assert.Equal(patches, probabilities.FeatureCount);
        if (condition > 0)
        {
            Assert.Throws<InvalidOperationException>(() => networks.BackDiscriminator);
            return;
        }
        using var back = FeatureModel.Load(
            GanExporter.ExportPatchDiscriminator(networks.BackDiscriminator, 1, 32, 32, folder["back.onnx"]).Path, "logit");
        images = new ImageTensor([.. both.narrow(1, 0, 1).contiguous().data<float>()], 3, 1, 32, 32);
        Equal(logits.narrow(1, 0, patches), back.Extract(images));

        static void Equal(Tensor expected, float[] actual)
        {
            // The export's own bound.
            foreach (var (x, y) in expected.contiguous().data<float>().Zip(actual)) Assert.Equal(x, y, 1e-4f * Math.Max(1, Math.Abs(x)));
        }
    }

    /// <summary>Fully grown, and within a level: then images are enlarged.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(5)]
    public void Growing_networks_are_written_as_they_have_grown(long number)
    {
        using var folder = new TemporaryFolder();
        // Without a scope a finaliser may free a tensor that a native call still reads.
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new() { Name = "growing", Shape = new(1, 16, 16), LatentSize = 6, Filters = 4 });
        var options = new TrainingOptions { Folder = "unused", Steps = 2000, BatchSize = 4, GrowImages = 16 };
        using var step = new GanStep(networks, options);
        step.Run(() => new(rand(4, 1, 16, 16) * 2 - 1), () => randn(4, 6), number);
        networks.Generator.eval();
        networks.Discriminator.eval();
        var written = GanExporter.ExportGenerator(networks.Generator, 6, folder["generator.onnx"]);
        using var model = GeneratorModel.Load(written.Path);
        var ours = GeneratorSamples.Draw(networks, 5, seed: 3).Values.ToArray();
        foreach (var (x, y) in ours.Zip(model.Sample(5, seed: 3).Values.ToArray())) Assert.Equal(x, y, 1e-4f);
        Assert.All(ours, value => Assert.InRange(value, -1, 1));

        var judge = GanExporter.ExportDiscriminator(networks.Discriminator, 1, 16, 16, folder["discriminator.onnx"]);
        Assert.True(judge.MaxAbsDifference < 1e-3);
    }

    /// <summary>A U-Net down to 1 x 1 has layers for as many halvings as its side has.</summary>
    [Fact]
    public void Pix2pixs_generator_takes_multiples_of_its_own_side()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new()
        {
            Name = "pix2pix", Shape = new(3, 32, 32), ConditionChannels = 3, Filters = 4,
        });
        var result = GanExporter.ExportTranslator(networks.Generator, 3, 32, 32, folder["translator.onnx"], freeSize: true);
        Assert.Equal("32", Exported.Read(result.Path).MetadataProps.Single(entry => entry.Key == ModelMetadata.SideMultiple).Value);
    }

    [Fact]
    public void A_network_that_needs_its_size_is_not_written_for_others()
    {
        using var folder = new TemporaryFolder();
        using var dense = Sequential(Flatten(), Linear(3 * 8 * 8, 3 * 8 * 8), Unflatten(1, [3, 8, 8]));
        var message = Assert.Throws<ExportException>(() =>
            GanExporter.ExportTranslator(dense, 3, 8, 8, folder["translator.onnx"], freeSize: true)).Message;
        Assert.Contains("takes images of 8 x 8 pixels alone: it fails on 16 x 24", message, StringComparison.Ordinal);
        // It runs on images of any size, and makes them all of one.
        using var pooled = Sequential(Conv2d(3, 3, 3, padding: 1), AdaptiveAvgPool2d([8, 8]));
        message = Assert.Throws<ExportException>(() =>
            GanExporter.ExportTranslator(pooled, 3, 8, 8, folder["translator.onnx"], freeSize: true)).Message;
        Assert.Contains("of 16 x 24 it makes [1, 3, 8, 8]", message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["translator.onnx"]));
    }

    [Fact]
    public void Dropout_in_use_drops_what_the_noise_says()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var (first, last) = (Conv2d(1, 4, 3, padding: 1), Conv2d(4, 3, 3, padding: 1));
        using var network = Sequential(first, Dropout(0.5), Tanh(), Dropout(0.25), last, Tanh());
        var result = GanExporter.ExportTranslator(network, 1, 6, 8, folder["translator.onnx"], dropout: true);

        const int size = 4 * 6 * 8;
        var (image, noise) = (rand(3, 1, 6, 8) * 2 - 1, rand(3, 2 * size));
        using var untracked = no_grad();
        var kept = (noise.narrow(1, 0, size).reshape(3, 4, 6, 8) >= 0.5f).to(float32) * 2;
        var keptThen = (noise.narrow(1, size, size).reshape(3, 4, 6, 8) >= 0.25f).to(float32) / 0.75f;
        var expected = last.call((first.call(image) * kept).tanh() * keptThen).tanh();
        var made = Runtime.Run(result.Path, "translation", ("image", image.data<float>().ToArray(), image.shape),
            ("noise", noise.data<float>().ToArray(), noise.shape));
        // The export's own bound.
        foreach (var (x, y) in expected.data<float>().ToArray().Zip(made)) Assert.Equal(x, y, 1e-4f);
        // The layers themselves are as they were.
        network.eval();
        var plain = last.call(first.call(image).tanh()).tanh();
        Assert.True(network.call(image).allclose(plain));
    }

    [Fact]
    public void A_seed_decides_what_a_translator_drops()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(new()
        {
            Name = "pix2pix", Shape = new(3, 32, 32), ConditionChannels = 1, Filters = 4,
        });
        // As they begin, weights are so small that what the inner layers make is lost beside what goes around them.
        using (no_grad())
            foreach (var weight in networks.Generator.parameters().Where(p => p.dim() == 4)) weight.mul_(5);
        var path = GanExporter.ExportTranslator(networks.Generator, 1, 32, 32, folder["translator.onnx"], dropout: true).Path;
        // Of 32 filters at 2 x 2: the one layer that the paper's rule gives dropout at this size.
        Assert.Equal(32 * 2 * 2, Exported.Read(path).Graph.Input[1].Type.TensorType.Shape.Dim[1].DimValue);
        var random = new Random(3);
        var images = new ImageTensor([.. Enumerable.Range(0, 3 * 32 * 32).Select(_ => random.NextSingle() * 2 - 1)], 3, 1, 32, 32);

        using var model = TranslatorModel.Load(path, new ModelOptions { NoiseSeed = 5 });
        using var same = TranslatorModel.Load(path, new ModelOptions { NoiseSeed = 5, BatchSize = 1 });
        using var other = TranslatorModel.Load(path, new ModelOptions { NoiseSeed = 6 });
        Assert.True(model.HasNoise);
        var made = model.Translate(images).Values.ToArray();
        // Batches of other sizes are rounded otherwise.
        foreach (var (x, y) in made.Zip(same.Translate(images).Values.ToArray())) Assert.Equal(x, y, 1e-5f);
        var changed = made.Zip(other.Translate(images).Values.ToArray()).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(changed > 1e-3, $"{changed:g3}");

        using var plain = TranslatorModel.Load(GanExporter.ExportTranslator(networks.Generator, 1, 32, 32, folder["plain.onnx"]).Path);
        Assert.False(plain.HasNoise);
    }

    [Fact]
    public void Dropout_in_use_needs_dropout_and_one_size()
    {
        using var folder = new TemporaryFolder();
        using var network = Sequential(Conv2d(1, 1, 3, padding: 1), Dropout(0));
        var error = Assert.Throws<ExportException>(
            () => GanExporter.ExportTranslator(network, 1, 6, 6, folder["translator.onnx"], dropout: true));
        Assert.Contains("has no dropout", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => GanExporter.ExportTranslator(network, 1, 6, 6, folder["translator.onnx"], freeSize: true, dropout: true));
    }

    [Fact]
    public void A_network_that_makes_no_images_is_no_translator()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Discriminator();
        var error = Assert.Throws<ExportException>(
            () => GanExporter.ExportTranslator(discriminator, 3, 12, 12, folder["generator.onnx"]));
        Assert.Contains("an image is [N, channels, height, width]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_of_pixels_gives_the_bytes_that_pictures_are_written_with()
    {
        using var folder = new TemporaryFolder();
        using var generator = Generator();
        GanExporter.ExportGenerator(generator, 6, folder["generator.onnx"]);
        var result = GanExporter.ExportGenerator(generator, 6, folder["pixels.onnx"], pixels: true);
        Assert.InRange(result.MaxAbsDifference, 0, 0.02);

        using var images = GeneratorModel.Load(folder["generator.onnx"]);
        using var pixels = GeneratorModel.Load(folder["pixels.onnx"]);
        var latents = Latents.Normal(4, 0, 7, 6);
        var expected = new byte[7 * 8 * 8 * 3];
        var actual = new byte[expected.Length];
        images.GeneratePixels(latents, expected);
        pixels.GeneratePixels(latents, actual);
        Assert.Equal(expected, actual);
        Assert.True(actual.Distinct().Count() > 50);
    }

    [Fact]
    public void A_dense_generator_must_end_in_pictures()
    {
        using var folder = new TemporaryFolder();
        using var generator = Sequential(Linear(6, 16), Tanh());
        var message = Assert.Throws<ExportException>(() => GanExporter.ExportGenerator(generator, 6, folder["generator.onnx"])).Message;
        Assert.Contains("[N, 16]", message);
        Assert.Contains("Unflatten", message);
    }

    [Fact]
    public void A_discriminator_has_probability_and_logit_and_a_critic_a_score()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Discriminator();
        // 8 x 8 pictures end in a 2 x 2 map that no 3 x 3 kernel fits.
        Assert.Throws<ExportException>(() => GanExporter.ExportDiscriminator(discriminator, 3, 8, 8, folder["discriminator.onnx"]));
        GanExporter.ExportDiscriminator(discriminator, 3, 12, 12, folder["discriminator.onnx"]);
        GanExporter.ExportDiscriminator(discriminator, 3, 12, 12, folder["critic.onnx"], critic: true);

        var outputs = Exported.Read(folder["discriminator.onnx"]).Graph.Output;
        Assert.Equal(["probability", "logit"], outputs.Select(output => output.Name));
        Assert.Equal(["score"], Exported.Read(folder["critic.onnx"]).Graph.Output.Select(output => output.Name));
        Assert.Contains(
            "[N, 1]",
            Assert.Throws<ExportException>(() => GanExporter.ExportDiscriminator(discriminator, 3, 16, 16, folder["x.onnx"])).Message);
    }

    [Fact]
    public void A_classifier_gives_features_and_logits()
    {
        using var folder = new TemporaryFolder();
        using var trunk = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), AdaptiveAvgPool2d([1, 1]), Flatten()).Trained();
        using var head = Sequential(LeakyReLU(0.1, inplace: true), Linear(4, 10)).Trained();
        GanExporter.ExportClassifier(trunk, head, 1, 8, 8, folder["classifier.onnx"]);

        using var features = FeatureModel.Load(folder["classifier.onnx"]);
        using var logits = FeatureModel.Load(folder["classifier.onnx"], "logits");
        Assert.Equal((4, 10), (features.FeatureCount, logits.FeatureCount));
    }

    [Theory]
    // The maps have sides 8 and 4; 9 and 4, the first of which has windows of two sizes; 3 and 1, which are taken as they are.
    [InlineData(16, 4 * 16 + 6 * 16)]
    [InlineData(18, 4 * 16 + 6 * 16)]
    [InlineData(12, 4 * 16 + 6 * 9)]
    public void Features_are_the_activations_after_every_convolution_but_the_logits(int side, int count)
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Discriminator();
        var result = GanExporter.ExportFeatures(discriminator, 3, side, side, folder["features.onnx"]);

        using var model = FeatureModel.Load(result.Path);
        Assert.Equal(count, model.FeatureCount);
        Assert.Equal(["0", "2.0"], model.Layers.Select(layer => layer.Layer));
        Assert.Equal([0, 4 * 16], model.Layers.Select(layer => layer.Offset));
        Assert.Equal([(4, side / 2), (6, side / 4)], model.Layers.Select(layer => (layer.Channels, layer.MapHeight)));
        Assert.Equal(count, model.Layers.Sum(layer => layer.Count));
        Assert.Equal(2, Exported.Read(result.Path).Operators().Count(op => op == "Conv"));
        // The features follow the activation: LeakyReLU 0.2 leaves little below zero, and the largest of a window is mostly above.
        Assert.Contains("LeakyRelu", Exported.Read(result.Path).Operators());
    }

    public static TheoryData<string> Activations => ["LeakyReLU", "ReLU", "ReLU6", "PReLU", "ELU", "SELU", "GELU", "Softplus", "Tanh",
        "Sigmoid", "Hardsigmoid", "Hardswish", "SiLU", "Mish", "Hardtanh"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Features_are_taken_after_an_activation_of_every_kind(string name)
    {
        using var folder = new TemporaryFolder();
        using Module<Tensor, Tensor> activation = name switch
        {
            "LeakyReLU" => LeakyReLU(0.2), "ReLU" => ReLU(), "ReLU6" => ReLU6(), "PReLU" => PReLU(1), "ELU" => ELU(), "SELU" => SELU(),
            "GELU" => GELU(), "Softplus" => Softplus(), "Tanh" => Tanh(), "Sigmoid" => Sigmoid(), "Hardsigmoid" => Hardsigmoid(),
            "Hardswish" => Hardswish(), "SiLU" => SiLU(), "Mish" => Mish(), _ => Hardtanh(inplace: true),
        };
        using var discriminator = Sequential(Conv2d(1, 2, 3), activation, Conv2d(2, 1, 6), Flatten());
        using var without = Sequential(Conv2d(1, 2, 3), Conv2d(2, 1, 6), Flatten());
        GanExporter.ExportFeatures(discriminator, 1, 8, 8, folder["with.onnx"]);
        GanExporter.ExportFeatures(without, 1, 8, 8, folder["without.onnx"]);
        // A layer that is not taken for an activation would be left out of the file.
        Assert.NotEqual(Exported.Read(folder["without.onnx"]).Operators(), Exported.Read(folder["with.onnx"]).Operators());
    }

    [Fact]
    public void Mirrored_features_are_the_means_over_an_image_and_its_mirror_image()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Discriminator();
        GanExporter.ExportFeatures(discriminator, 3, 12, 16, folder["plain.onnx"]);
        GanExporter.ExportFeatures(discriminator, 3, 12, 16, folder["mirrored.onnx"], mirror: true);

        using var plain = FeatureModel.Load(folder["plain.onnx"]);
        using var mirrored = FeatureModel.Load(folder["mirrored.onnx"]);
        var random = new Random(1);
        var images = Enumerable.Range(0, 3 * plain.ImageSize).Select(_ => random.NextSingle() * 2 - 1).ToArray();
        var turned = new float[images.Length];
        for (var i = 0; i < images.Length; i++) turned[i] = images[i / 16 * 16 + 15 - i % 16];
        var expected = Features(plain, images).Zip(Features(plain, turned), (a, b) => (a + b) / 2).ToArray();
        var actual = Features(mirrored, images);

        Assert.Equal(plain.FeatureCount, mirrored.FeatureCount);
        Assert.Equal(plain.Layers, mirrored.Layers);
        Assert.Equal("true", mirrored.Metadata[ModelMetadata.MirroredFeatures]);
        // Another batch size, another order of float32 sums.
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);

        static float[] Features(FeatureModel model, float[] images)
        {
            var features = new float[images.Length / model.ImageSize * model.FeatureCount];
            model.Extract(images, features);
            return features;
        }
    }

    [Fact]
    public void Standardized_features_have_a_mean_of_0_and_a_deviation_of_1()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Discriminator();
        GanExporter.ExportFeatures(discriminator, 3, 12, 16, folder["plain.onnx"]);
        using var plain = FeatureModel.Load(folder["plain.onnx"]);
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 50 * plain.ImageSize).Select(_ => random.NextSingle() * 2 - 1)];
        var images = new ImageTensor(values, 50, 3, 12, 16);
        var (some, rest) = (values[..(20 * plain.ImageSize)], values[(20 * plain.ImageSize)..]);
        var scaling = FeatureScaling.Measure(plain, [new(some, 20, 3, 12, 16), new(rest, 30, 3, 12, 16)]);
        var result = GanExporter.ExportFeatures(discriminator, 3, 12, 16, folder["standard.onnx"], scaling: scaling);
        Assert.InRange(result.MaxAbsDifference, 0, 1e-3f);

        using var standard = FeatureModel.Load(folder["standard.onnx"]);
        Assert.Equal(plain.Layers, standard.Layers);
        Assert.Equal("50", standard.Metadata[ModelMetadata.StandardizedFeatures]);
        var features = standard.Extract(images);
        var size = standard.FeatureCount;
        for (var i = 0; i < size; i++)
        {
            double[] column = [.. Enumerable.Range(0, 50).Select(row => (double)features[row * size + i])];
            // Sums of 50 numbers of about 1 from features of about 10, rounded to 6e-8 of that.
            Assert.Equal(0, column.Average(), 1e-4);
            Assert.Equal(1, Math.Sqrt(column.Average(value => value * value)), 1e-3);
        }
        var one = new ImageTensor(values[..plain.ImageSize], 1, 3, 12, 16);
        Assert.Contains("two images",
            Assert.Throws<ArgumentException>(() => FeatureScaling.Measure(plain, [one])).Message, StringComparison.Ordinal);
    }

    /// <summary>The graph's backward pass beside autograd's, with which the export's own verification compares, and beside the
    /// logit.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_those_of_the_logit(bool dense)
    {
        using var folder = new TemporaryFolder();
        // A stride that leaves a row over, a margin on one side, two kinds of activation.
        using var head = dense
            ? Sequential(Flatten(), Linear(6 * 3 * 4, 5), ReLU(), Linear(5, 1))
            : Sequential(Conv2d(6, 1, (3, 4)), Flatten());
        using var discriminator = Sequential(
            Conv2d(3, 4, 3, stride: 2, padding: 1), LeakyReLU(0.2, inplace: true),
            Sequential(Conv2d(4, 6, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(6), ReLU(true), Dropout()), head).Trained();
        var result = GanExporter.ExportGradients(discriminator, 3, 12, 16, folder["gradients.onnx"]);
        Assert.InRange(result.MaxAbsDifference, 0, 1e-4f);
        using var model = FeatureModel.Load(folder["gradients.onnx"]);
        Assert.Equal([(4, 4, 4), (6, 3, 4)], model.Layers.Select(layer => (layer.Channels, layer.Height, layer.Width)));

        // A bias of a filter moved everywhere by a little moves the logit by the derivatives' sum.
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 3 * 12 * 16).Select(_ => random.NextSingle() * 2 - 1)];
        var features = model.Extract(new ImageTensor(values, 1, 3, 12, 16));
        // In float64 the step may be so small that no activation's kink lies in it.
        discriminator.to(ScalarType.Float64).eval();
        var first = (TorchSharp.Modules.Conv2d)discriminator.children().First();
        using var untracked = no_grad();
        using var image = tensor(values, ScalarType.Float64).reshape(1, 3, 12, 16);
        const double step = 1e-6;
        for (var filter = 0; filter < 4; filter++)
        {
            _ = first.bias![filter].add_(step);
            var above = Logit();
            _ = first.bias![filter].sub_(2 * step);
            var below = Logit();
            _ = first.bias![filter].add_(step);
            var slope = (above - below) / (2 * step);
            Assert.Equal(slope, Derivative(filter), 1e-6);
        }

        double Logit() => discriminator.call(image).item<double>();

        double Derivative(int filter)
        {
            using var tracked = enable_grad();
            using var copy = image.detach().requires_grad_(true);
            using var hidden = first.call(copy);
            var x = hidden.clone();
            foreach (var layer in discriminator.children().Skip(1)) x = ((Module<Tensor, Tensor>)layer).call(x);
            var gradient = autograd.grad([x.sum()], [hidden])[0];
            // The same as the model's, before it is pooled.
            var pooled = functional.adaptive_avg_pool2d(gradient, [4, 4])[0, filter].flatten().data<double>().ToArray();
            for (var cell = 0; cell < 16; cell++) Assert.Equal(pooled[cell], features[filter * 16 + cell], 1e-4f);
            return gradient[0, filter].sum().item<double>();
        }
    }

    [Fact]
    public void Gradients_of_layers_that_are_not_known_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Sequential(Conv2d(1, 2, 3), Tanh(), Conv2d(2, 1, 4));
        Assert.Contains("Tanh", Assert.Throws<ExportException>(() =>
            GanExporter.ExportGradients(discriminator, 1, 6, 6, folder["x.onnx"])).Message, StringComparison.Ordinal);
    }

    /// <summary>A filter that is dead on these images has no deviation, and must not become noise on others.</summary>
    [Fact]
    public void Constant_features_stay_of_their_size()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Sequential(Conv2d(1, 2, 3, padding: 1), ReLU(), Conv2d(2, 1, 4));
        using (no_grad())
        {
            var first = (TorchSharp.Modules.Conv2d)discriminator.children().First();
            // Its first filter gives 0 wherever images are in [-1, 1].
            _ = first.bias![0].fill_(-100);
        }
        GanExporter.ExportFeatures(discriminator, 1, 4, 4, folder["plain.onnx"]);
        using var plain = FeatureModel.Load(folder["plain.onnx"]);
        var random = new Random(1);
        var images = new ImageTensor([.. Enumerable.Range(0, 20 * 16).Select(_ => random.NextSingle() * 2 - 1)], 20, 1, 4, 4);
        var scaling = FeatureScaling.Measure(plain, [images]);
        Assert.All(scaling.Factor.Take(16), factor => Assert.Equal(scaling.Factor[0], factor));
        Assert.InRange(scaling.Factor[0], 0, 1000);
        Assert.All(scaling.Mean.Take(16), mean => Assert.Equal(0, mean));
    }

    [Fact]
    public void Features_need_a_convolution_that_makes_no_logit()
    {
        using var folder = new TemporaryFolder();
        using var dense = Sequential(Flatten(), Linear(48, 8), LeakyReLU(0.2), Linear(8, 1));
        Assert.False(GanExporter.HasFeatures(dense));
        Assert.Contains(
            "no convolution",
            Assert.Throws<ExportException>(() => GanExporter.ExportFeatures(dense, 3, 4, 4, folder["x.onnx"])).Message);
        // A module of its own is a layer, whose features must be maps.
        using var flat = Sequential(("trunk", new Trunk()), ("logit", Linear(48, 1)));
        Assert.Contains(
            "'trunk' are [1, 48]",
            Assert.Throws<ExportException>(() => GanExporter.ExportFeatures(flat, 3, 4, 4, folder["x.onnx"])).Message);
    }

    private sealed class Trunk : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d _mix = Conv2d(3, 3, 1);

        public Trunk() : base(nameof(Trunk)) => register_module("mix", _mix);

        public override Tensor forward(Tensor input) => _mix.call(input).flatten(1);
    }
}
