using GanPipeline.Inference;
using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Export.Tests;

/// <summary>Smaller forms of the files that networks of images and of texts are written as.</summary>
public sealed class ReducedFormsTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// A float16 has 11 significant bits and a bfloat16 8, and some dozen layers add up; where the values between them are rounded, too,
    /// there are twice as many roundings. 8 bits: an activation's step is a 255th of some 8 deviations, which is an error of 0.9 % of one,
    /// and a weight's a 64th of some 4, 1.8 %; the errors of 32 layers in a row add up to 2 % times their root, 11 %.
    /// </summary>
    public static TheoryData<ModelPrecision, double> Forms => new()
    {
        { ModelPrecision.Float16, 12 / 2048.0 }, { ModelPrecision.BFloat16, 12 / 256.0 },
        { ModelPrecision.Float16Compute, 24 / 2048.0 }, { ModelPrecision.Int8, 0.12 },
    };

    public void Dispose() => _folder.Dispose();

    private static ImageTensor Images(int count, int height = Side, int width = Side)
    {
        var random = new Random(3);
        return new([.. Enumerable.Range(0, count * 3 * height * width).Select(_ => random.NextSingle() * 2 - 1)], count, 3, height, width);
    }

    /// <summary>
    /// Weights drawn anew, since what Torch draws depends on the tests that run at the same time. As they begin, weights are so small that
    /// what layers make is lost beside what goes around them. Of poses the second stage begins with nothing, and larger weights would
    /// amplify what rounding makes of a value, stage by stage.
    /// </summary>
    private static GanNetworks Create(ArchitectureOptions options)
    {
        var networks = Architectures.Create(options, seed: 2);
        using var untracked = no_grad();
        using var random = new TorchSharp.torch.Generator(2);
        foreach (var (name, weight) in networks.Generator.named_parameters())
        {
            if (weight.dim() < 2) continue;
            var deviation = name == "second.output.conv.weight" ? 0.1 : options.Name == "pose" ? 0.02 : 0.06;
            using var drawn = randn(weight.shape, generator: random);
            weight.copy_(drawn * deviation);
        }
        networks.Generator.eval();
        return networks;
    }

    private static double Error(ImageTensor expected, ImageTensor actual) => Math.Sqrt(
        expected.Values.Zip(actual.Values, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Values.Sum(a => Math.Pow(a, 2)));

    private void AssertForm(ReducedModel form, string output, ModelPrecision precision, double most)
    {
        Assert.InRange(form.Losses[output].RelativeError, 1e-6, most);
        Assert.InRange((double)form.Bytes / form.OriginalBytes, 0.2, 0.75);
        Assert.Equal(precision == ModelPrecision.Int8, form.IntegerLayers > 0);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Translators_of_any_size(ModelPrecision precision, double most)
    {
        foreach (var name in new[] { "pix2pix", "cyclegan" })
        {
            using var networks = Create(new()
            {
                Name = name, Shape = new(3, Side, Side), ConditionChannels = 3, Filters = 8, Blocks = name == "cyclegan" ? 2 : 0,
            });
            var path = GanExporter.ExportTranslator(networks.Translator(), 3, Side, Side, _folder[$"{name}.onnx"], freeSize: true).Path;
            AssertForm(ReducedPrecision.WriteTranslator(path, _folder["form.onnx"], precision, Images(16)), "translation", precision, most);
            using TranslatorModel first = TranslatorModel.Load(path), second = TranslatorModel.Load(_folder["form.onnx"]);
            Assert.Equal((true, first.SideMultiple, first.LeastSide), (second.HasFreeSize, second.SideMultiple, second.LeastSide));
            Assert.InRange(Error(first.Translate(Images(2, 64, 96)), second.Translate(Images(2, 64, 96))), 1e-6, most);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Generators_for_wanted_poses(ModelPrecision precision, double most)
    {
        foreach (var pose in new[] { PoseLayout.View, PoseLayout.OfKeypoints(["head", "foot"], 2) })
        {
            using var networks = Create(new()
            {
                Name = "pose", Shape = new(3, Side, Side), ConditionChannels = 3 + pose.Channels, PoseChannels = pose.Channels,
                Filters = 8, Patch = 16,
            });
            var path = GanExporter.ExportPoseGenerator(
                networks.Generator, networks.TranslateInStages, pose, networks.Shape, _folder["pose.onnx"]).Path;
            var form = ReducedPrecision.WritePoseGenerator(path, _folder["form.onnx"], precision, Images(16));
            Assert.Equal(["coarse", "translation"], form.Losses.Keys.Order());
            AssertForm(form, "translation", precision, most);
            using PoseGeneratorModel first = PoseGeneratorModel.Load(path), second = PoseGeneratorModel.Load(_folder["form.onnx"]);
            Assert.Equal(pose, second.Pose);
            var poses = first.DrawPoses(4, 5);
            Assert.InRange(Error(first.Generate(Images(4), poses), second.Generate(Images(4), poses)), 1e-6, most);
            // Poses of one's own calibrate it as well.
            AssertForm(ReducedPrecision.WritePoseGenerator(path, _folder["form.onnx"], precision, Images(4), poses),
                "translation", precision, most);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Generators_of_texts(ModelPrecision precision, double most)
    {
        string[] examples = ["a red brick, on a dark table", "a blue block", "a block of brick", "the table is dark"];
        var words = Vocabulary.Build(examples);
        using var encoder = TextEncoder.Create(new()
        {
            Shape = new(3, 16, 16), Vocabulary = words, EmbeddingSize = 12, TokenSize = 16, StateSize = 16,
        });
        encoder.Text.eval();
        using var networks = Create(new()
        {
            Name = "text-to-image", Shape = new(3, 16, 16), LatentSize = 5, LabelSize = 12, Filters = 16,
        });
        var path = GanExporter.ExportTextGenerator(networks.Generator, encoder.Text, words, 5, _folder["text.onnx"], examples).Path;
        AssertForm(ReducedPrecision.WriteGenerator(path, _folder["form.onnx"], precision, rows: 64), "image", precision, most);
        Assert.Equal(["latent", "text"], Exported.Read(_folder["form.onnx"]).Graph.Input.Select(input => input.Name));
        using GeneratorModel first = GeneratorModel.Load(path), second = GeneratorModel.Load(_folder["form.onnx"]);
        Assert.InRange(Error(first.Sample("a blue brick", 8), second.Sample("a blue brick", 8)), 1e-6, most);
    }

    [Fact]
    public void What_is_wrong_with_images_and_poses_is_said()
    {
        using var networks = Create(new()
        {
            Name = "pose", Shape = new(3, Side, Side), ConditionChannels = 7, PoseChannels = 4, Filters = 2, Patch = 16,
        });
        var path = GanExporter.ExportPoseGenerator(
            networks.Generator, networks.TranslateInStages, PoseLayout.View, networks.Shape, _folder["pose.onnx"]).Path;
        Fails<ArgumentException>("At least 2 images", Images(1));
        Fails<ArgumentException>("takes [3, 32, 32]", Images(2, 16, 16));
        Fails<ArgumentException>("There are 2 images and 3 poses", Images(2), new ImageTensor(3, 4, Side, Side));
        Fails<ArgumentException>("The poses are [3, 32, 32]", Images(2), Images(2));
        var message = Assert.Throws<ModelException>(() => ReducedPrecision.WriteTranslator(
            path, _folder["form.onnx"], ModelPrecision.Int8, Images(2))).Message;
        Assert.Contains("takes no images: it needs the one input", message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["form.onnx"]));

        void Fails<T>(string why, ImageTensor images, ImageTensor? poses = null) where T : Exception => Assert.Contains(why,
            Assert.Throws<T>(() => ReducedPrecision.WritePoseGenerator(
                path, _folder["form.onnx"], ModelPrecision.Int8, images, poses)).Message, StringComparison.Ordinal);
    }
}
