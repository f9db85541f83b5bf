using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Pairs of pictures, from data to a translator that is measured and used.</summary>
public sealed class PairRunTests : IDisposable
{
    private static readonly string[] _pairs =
    [
        "--set", "data.channels=3", "--set", "data.pair=classes", "--set", "architecture.name=pix2pix", "--set", "evaluate.samples=100",
        "--set", "objective.l1=100",
    ];

    /// <summary>
    /// Ten layers of weights rounded to 11 bits; and of 8 bits 2 % a layer, as tests/Export explains, whose errors add up by their squares:
    /// 6 %, and of few pairs the ranges are not known well.
    /// </summary>
    private const double HalfLoss = 10 / 2048.0, IntegerLoss = 0.1;

    private readonly TinyWorld _world = new();

    public PairRunTests() =>
        // Latents are what pix2pix does not have.
        File.WriteAllText(_world["pipelines.yaml"], TinyWorld.Yaml.Replace(", latent-size: 8", "", StringComparison.Ordinal));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Pairs_are_trained_exported_measured_shown_and_read_back()
    {
        _world.GanOk(["run", "tiny", "--out", "runs/reader", .. _pairs, "--set", "data.direction=b-to-a", "--set",
            "data.condition-channels=3"]);
        string[] run = ["run", "tiny", .. _pairs, "--set", "evaluate.reader=runs/reader", "--set", "train.evaluate-every=3", "--set",
            "export.float16=true", "--set", "export.int8=true", "--json"];
        var stages = _world.GanOk(run).Json["stages"]!;

        Assert.True((double)stages["train"]!["best"]!["l1"]! > 0);
        foreach (var name in new[] { "translator.onnx", "discriminator.onnx" })
            Assert.InRange((double)stages["export"]!["maxAbsDifference"]![name]!, 0, 1e-4);
        var report = File.ReadAllText(_world.Run("report.html"));
        var card = File.ReadAllText(_world.Run("models/README.md"));
        foreach (var (name, most) in new[] { ("translator-float16.onnx", HalfLoss), ("translator-int8.onnx", IntegerLoss) })
        {
            Assert.InRange((double)stages["export"]!["reduced"]![name]!["relativeError"]!, 1e-6, most);
            Assert.Contains(name, report, StringComparison.Ordinal);
            Assert.Contains($"| `{name}` |", card, StringComparison.Ordinal);
            using var form = TranslatorModel.Load(_world.Run($"models/{name}"));
            Assert.Equal(64, form.Translate(new ImageTensor(1, 3, 32, 64)).Width);
            // Images of one network, nearly.
            var (l1, whole) = ((double)stages["evaluate"]!["reduced"]![name]!["l1"]!, (double)stages["evaluate"]!["outputs"]!["l1"]!);
            Assert.Equal(whole, l1, most * whole);
        }
        var evaluated = stages["evaluate"]!;
        foreach (var name in new[] { "outputs", "input", "meanImage", "nearest", "training" })
        {
            var metrics = evaluated[name]!;
            Assert.InRange((double)metrics["l1"]!, 1e-6, 1);
            Assert.InRange((double)metrics["psnr"]!, 0, 60);
            Assert.InRange((double)metrics["ssim"]!, -1, 1);
            Assert.True((double)metrics["l1Error"]! > 0);
        }
        // A bright picture of few steps lies nearer to the target than a map of full colours on black.
        Assert.True((double)evaluated["outputs"]!["l1"]! < (double)evaluated["input"]!["l1"]!);
        Assert.InRange((double)evaluated["readBack"]!["classes"]!, 0, 1);
        Assert.InRange((double)evaluated["readBack"]!["targetClasses"]!, 0, 1);
        Assert.Contains("How close to the target", report, StringComparison.Ordinal);
        Assert.Contains("have the input's class", report, StringComparison.Ordinal);
        Assert.Contains("`translation` float32 [N, 3, 32, 32]", card, StringComparison.Ordinal);
        Assert.Contains("| `discriminator.onnx` | `image` float32 [N, 6, 32, 32]", card, StringComparison.Ordinal);
        using (var discriminator = FeatureModel.Load(_world.Run("models/discriminator.onnx"), "logit"))
            Assert.Equal((6, "3"), (discriminator.Channels, discriminator.Metadata[ModelMetadata.ConditionChannels]));
        Assert.True(File.Exists(_world.Run("samples/000002.png")));

        Assert.Equal(["evaluate", "report"], Ran("--set", "evaluate.samples=110"));
        Assert.Empty(Ran("--set", "evaluate.samples=110"));
        Assert.Contains("export", Ran("--set", "evaluate.samples=110", "--set", "export.float16=false"));
        Assert.False(File.Exists(_world.Run("models/translator-float16.onnx")));

        using var translator = TranslatorModel.Load(_world.Run("models/translator.onnx"));
        Assert.Equal((3, 32, 32, 3), (translator.Channels, translator.Height, translator.Width, translator.OutputChannels));
        var maps = new ImageTensor(2, 3, 32, 32);
        Directory.CreateDirectory(_world["maps"]);
        for (var i = 0; i < 2; i++) Pictures.SavePng(maps, i, _world[$"maps/{i}.png"]);
        _world.GanOk("translate", "runs/tiny/models/translator.onnx", "--data", "folder:maps", "--size", "32", "--out", "bricks");
        Assert.Equal(2, Directory.GetFiles(_world["bricks"], "*.png", SearchOption.AllDirectories).Length);

        var refused = _world.Gan("translate", "runs/tiny/models/translator.onnx", "--data", "folder:maps", "--size", "32", "--seed", "1");
        Assert.Equal(2, refused.Code);
        Assert.Contains("takes no noise that --seed could choose", refused.Error, StringComparison.Ordinal);

        IEnumerable<string> Ran(params string[] more) =>
            _world.GanOk([.. run, .. more]).Json["ran"]!.AsArray().Select(stage => (string)stage!).ToArray();
    }

    [Fact]
    public void Dropout_in_use_makes_other_pictures_of_another_seed()
    {
        string[] run = ["run", "tiny", .. _pairs, "--set", "export.dropout=true", "--json"];
        _world.GanOk(run);
        Assert.Equal(["evaluate", "report"], Ran("--set", "evaluate.seed=2"));
        Assert.Equal(["sample", "report"], Ran("--set", "evaluate.seed=2", "--set", "sample.seed=2"));
        Directory.CreateDirectory(_world["maps"]);
        Pictures.SavePng(new ImageTensor(1, 3, 32, 32), 0, _world["maps/0.png"]);
        byte[][] made = [.. new[] { ("a", "3"), ("b", "3"), ("c", "4") }.Select(to =>
        {
            _world.GanOk(Translate(to.Item1, to.Item2));
            return File.ReadAllBytes(Directory.GetFiles(_world[to.Item1], "*.png", SearchOption.AllDirectories).Single());
        })];
        Assert.Equal(made[0], made[1]);
        Assert.NotEqual(made[0], made[2]);
        // A folder's pictures are of one seed.
        Assert.NotEqual(0, _world.Gan(Translate("a", "4")).Code);

        string[] Translate(string folder, string seed) => ["translate", "runs/tiny/models/translator.onnx", "--data", "folder:maps",
            "--size", "32", "--out", folder, "--seed", seed];

        IEnumerable<string> Ran(params string[] more) =>
            _world.GanOk([.. run, .. more]).Json["ran"]!.AsArray().Select(stage => (string)stage!).ToArray();
    }

    [Fact]
    public void Files_of_two_pictures_side_by_side_are_pairs()
    {
        var random = new Random(1);
        foreach (var part in new[] { "train", "test" })
        {
            Directory.CreateDirectory(_world[$"facades/{part}"]);
            for (var i = 0; i < 8; i++)
            {
                // Left a gray picture, right its negative.
                var picture = new ImageTensor(1, 3, 40, 80);
                for (var y = 0; y < 40; y++)
                {
                    for (var x = 0; x < 40; x++)
                    {
                        var value = random.NextSingle() * 2 - 1;
                        for (var c = 0; c < 3; c++)
                            (picture.Image(0)[(c * 40 + y) * 80 + x], picture.Image(0)[(c * 40 + y) * 80 + 40 + x]) = (value, -value);
                    }
                }
                Pictures.SavePng(picture, 0, _world[$"facades/{part}/{i}.png"]);
            }
        }
        File.WriteAllText(_world["facades/train/text.jpg"], "no picture");
        string[] settings = ["data.kind=folder", "data.path=facades", "data.pair=side-by-side", "architecture.name=pix2pix",
            "train.jitter=4", "train.flip=true", "train.batch-size=1"];
        var stages = _world.GanOk(["run", "tiny", "--json", .. settings.SelectMany(setting => new[] { "--set", setting })])
            .Json["stages"]!;
        Assert.Equal(9, (int)stages["train"]!["images"]!);
        Assert.Equal(1, (int)stages["train"]!["skippedImages"]!);
        Assert.Equal(8, (int)stages["evaluate"]!["outputs"]!["images"]!);
    }

    [Theory]
    [InlineData("data.pair: is missing", "architecture.name=pix2pix")]
    [InlineData("data.pair: gives pairs", "data.pair=edges")]
    [InlineData("export.mirror: is for generators", "architecture.name=pix2pix", "data.pair=edges", "export.mirror=true")]
    [InlineData("export.dropout: keeps in use", "export.dropout=true")]
    [InlineData("export.dropout: keeps in use", "architecture.name=pix2pix", "data.pair=edges", "architecture.dropout=0",
        "export.dropout=true")]
    [InlineData("evaluate.reader: reads translated images back", "evaluate.reader=somewhere")]
    [InlineData("evaluate.reader: ", "architecture.name=pix2pix", "data.pair=edges", "evaluate.reader=somewhere")]
    [InlineData("takes no labels", "architecture.name=pix2pix", "data.pair=edges", "architecture.condition=[class]")]
    [InlineData("one of 1, 16, 34, 70, 142, 286", "architecture.name=pix2pix", "data.pair=edges", "architecture.patch=50")]
    [InlineData("images with a side of 96 pixels", "architecture.name=pix2pix", "data.pair=edges", "architecture.patch=286")]
    [InlineData("cannot be changed apart", "architecture.name=pix2pix", "data.pair=edges", "objective.augment=[color]")]
    [InlineData("objective.l1 is the difference", "objective.l1=1")]
    public void What_does_not_fit_is_told_before_the_training(string expected, params string[] settings)
    {
        var outcome = _world.Gan(["run", "tiny", .. settings.SelectMany(setting => new[] { "--set", setting })]);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_world.Run("train/metrics.jsonl")));
    }

    [Fact]
    public void Checkpoints_of_a_translator_are_not_measured_by_samples()
    {
        _world.GanOk(["train", "tiny", .. _pairs]);
        var outcome = _world.Gan("evaluate", "runs/tiny", "--checkpoints");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("makes images of images", outcome.Error, StringComparison.Ordinal);
    }
}
