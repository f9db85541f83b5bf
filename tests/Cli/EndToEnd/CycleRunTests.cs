using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Two sides without pairs, from data to translators of both ways that are measured and used.</summary>
public sealed class CycleRunTests : IDisposable
{
    private static readonly string[] _settings =
    [
        "architecture.name=cyclegan", "architecture.blocks=1", "architecture.patch=16", "objective.loss=least-squares",
        "objective.cycle=5", "objective.identity=0.5", "objective.pool=4", "evaluate.samples=100", "export.int8=true",
    ];

    private readonly TinyWorld _world = new();

    public CycleRunTests() =>
        // Latents are what cyclegan does not have.
        File.WriteAllText(_world["pipelines.yaml"], TinyWorld.Yaml.Replace(", latent-size: 8", "", StringComparison.Ordinal));

    public void Dispose() => _world.Dispose();

    private static IEnumerable<string> Set(IEnumerable<string> settings) => settings.SelectMany(setting => new[] { "--set", setting });

    [Fact]
    public void Drawings_and_renders_are_trained_with_exported_measured_and_shown()
    {
        string[] run =
        [
            "run", "tiny", "--json",
            .. Set([.. _settings, "data.channels=3", "data.pair=drawing", "data.unpaired=true", "data.bricks.colors=[red, blue]",
                // What the classifier was trained on.
                "data.classes=[brick 2x2, brick 2x4]", "data.bricks.yaw=[20, 70]", "data.bricks.pitch=[28, 42]",
                $"evaluate.classifier={Path.Combine(Repository.Root, "models", "bricks-style-reader")}"]),
        ];
        var stages = _world.GanOk(run).Json["stages"]!;
        foreach (var file in new[] { "translator.onnx", "translator-back.onnx", "discriminator.onnx", "discriminator-back.onnx" })
            Assert.InRange((double)stages["export"]!["maxAbsDifference"]![file]!, 0, 1e-4);
        foreach (var file in new[] { "translator-int8.onnx", "translator-back-int8.onnx" })
        {
            // As for the networks of PairRunTests.
            Assert.InRange((double)stages["export"]!["reduced"]![file]!["relativeError"]!, 1e-4, 0.1);
            using var form = TranslatorModel.Load(_world.Run($"models/{file}"));
            Assert.True(form.HasFreeSize);
        }
        foreach (var name in new[] { "forth", "back" })
        {
            var direction = stages["evaluate"]![name]!;
            var form = name == "forth" ? "translator-int8.onnx" : "translator-back-int8.onnx";
            // Twice the relative error of the images: a distance is of squares.
            Assert.Equal((double)direction["frechet"]!["outputs"]!, (double)direction["reduced"]![form]!,
                0.2 * (double)direction["frechet"]!["outputs"]!);
            Assert.InRange((double)direction["cycle"]!["l1"]!, 1e-6, 1);
            Assert.Equal(100, (int)direction["cycle"]!["images"]!);
            // Two trained steps are nowhere near; real images of the same side are.
            Assert.True((double)direction["frechet"]!["real"]! < (double)direction["frechet"]!["outputs"]!);
            Assert.True((double)direction["frechet"]!["real"]! < (double)direction["frechet"]!["inputs"]!);
            Assert.InRange((double)direction["truth"]!["l1"]!, 1e-6, 1);
            Assert.InRange((double)direction["style"]!["real"]!, 0.95, 1);
            Assert.InRange((double)direction["kept"]!["color"]!["outputs"]!, 0, 1);
        }
        Assert.Contains("There and back", File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        Assert.Contains("`translator-back.onnx`", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
        Assert.Contains("`discriminator-back.onnx`", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
        Assert.True(File.Exists(_world.Run("samples/grid.png")));
        Assert.Empty(_world.GanOk(run).Json["ran"]!.AsArray());

        using var back = TranslatorModel.Load(_world.Run("models/translator-back.onnx"));
        Assert.Equal((3, 32, 32, 3), (back.Channels, back.Height, back.Width, back.OutputChannels));
    }

    [Fact]
    public void Folders_of_two_sides_need_no_pairs_and_no_classifier()
    {
        var random = new Random(1);
        foreach (var (folder, count, from) in new[] { ("trainA", 9, -1f), ("trainB", 7, 0f), ("testA", 6, -1f), ("testB", 8, 0f) })
        {
            Directory.CreateDirectory(_world[$"horse2zebra/{folder}"]);
            for (var i = 0; i < count; i++)
            {
                var picture = new ImageTensor(1, 3, 40, 48);
                foreach (ref var value in picture.Image(0)) value = from + random.NextSingle();
                Pictures.SavePng(picture, 0, _world[$"horse2zebra/{folder}/{folder}_{i}.png"]);
            }
        }
        File.WriteAllText(_world["horse2zebra/trainA/text.jpg"], "no picture");
        var stages = _world.GanOk(["run", "tiny", "--json",
            .. Set([.. _settings, "data.kind=folder", "data.path=horse2zebra", "data.pair=folders", "data.unpaired=true",
                // Of three channels the features would be thrice as many, and distances take 27 times as long.
                "data.channels=1", "data.condition-channels=1", "train.batch-size=1"])]).Json["stages"]!;
        // What is no picture is found when it is read.
        Assert.Equal((10, 1), ((int)stages["train"]!["images"]!, (int)stages["train"]!["skippedImages"]!));
        var forth = stages["evaluate"]!["forth"]!;
        Assert.Equal("pixels at 16 x 16", (string)forth["features"]!);
        Assert.True((double)forth["frechet"]!["inputs"]! > 0);
        Assert.Null(forth["truth"]);
        Assert.Null(forth["style"]);
    }

    [Fact]
    public void Too_few_to_test_with_is_told_before_the_training()
    {
        foreach (var side in new[] { "A", "B" })
        {
            Directory.CreateDirectory(_world[$"sides/train{side}"]);
            for (var i = 0; i < 9; i++) Pictures.SavePng(new(1, 3, 32, 32), 0, _world[$"sides/train{side}/{i}.png"]);
        }
        var outcome = _world.Gan(["run", "tiny", .. Set([.. _settings, "data.kind=folder", "data.path=sides", "data.pair=folders",
            "data.unpaired=true"])]);
        Assert.True(outcome.Code != 0, outcome.ToString());
        Assert.Contains("has a sub-folder to train with alone, and nothing is held out", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_world.Run("train/metrics.jsonl")));
    }

    [Theory]
    [InlineData("data.unpaired: gives two sides that do not belong together", "architecture.name=pix2pix", "data.pair=edges",
        "data.unpaired=true")]
    [InlineData("data.unpaired: the sides are unpaired, but there is only one", "data.unpaired=true")]
    [InlineData("data.pair: is missing", "architecture.name=cyclegan")]
    [InlineData("train.evaluate-every: seeks the generator", "architecture.name=cyclegan", "data.pair=edges", "train.evaluate-every=2")]
    [InlineData("evaluate.reader: reads translated images back", "architecture.name=cyclegan", "data.pair=edges", "evaluate.reader=some")]
    [InlineData("objective.l1 is the difference", "architecture.name=cyclegan", "data.pair=edges", "objective.l1=1")]
    [InlineData("are for networks that translate both ways", "objective.cycle=1")]
    public void What_does_not_fit_is_told_before_the_training(string expected, params string[] settings)
    {
        var outcome = _world.Gan(["run", "tiny", .. Set(settings)]);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_world.Run("train/metrics.jsonl")));
    }
}
