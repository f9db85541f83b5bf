using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Pipelines that make pictures of texts.</summary>
public sealed class TextRunTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    private const string Data = "{ kind: bricks, size: 16, channels: 3, limit: 320, captions: sentences, " +
        "classes: [brick 1x1, plate 2x2, slope 2x2, tile 2x4], " +
        "bricks: { colors: [red, blue, yellow, green], held-out-combinations: 0.2, pitch: [35, 45] } }";

    private const string Bricks = $$"""

          words:
            kind: text-encoder
            data: {{Data}}
            architecture: { embedding-size: 12, token-size: 16, state-size: 16, filters: 8, length: 20 }
            train: { epochs: 4, batch-size: 16, device: cpu, threads: 1 }
            evaluate: { candidates: 20 }

          reader:
            kind: classifier
            data: {{Data}}
            architecture: { reads: [class, color], filters: 8 }
            train: { epochs: 1, device: cpu, threads: 1 }

          said:
            data: {{Data}}
            architecture: { name: text-to-image, latent-size: 6, filters: 8, text-encoder: runs/words }
            objective: { interpolation: 0.5 }
            train: { steps: 30, batch-size: 16, log-every: 10, evaluate-every: 30, device: cpu, threads: 1, precision: float32 }
            sample: { count: 5, grid: 16 }
            evaluate: { classifier: runs/reader/models, samples: 150, copies: 0 }
            export: { pixels: true, float16: true, int8: true }
        """;

    [Fact]
    public void A_generator_of_texts_is_trained_exported_measured_and_used()
    {
        File.AppendAllText(_world["pipelines.yaml"], Bricks);
        _world.GanOk("run", "reader");
        // What the run needs is told before it trains.
        var early = _world.Gan("run", "said");
        Assert.Equal(2, early.Code);
        Assert.Contains("architecture.text-encoder: there is no text-encoder.json in ", early.Error, StringComparison.Ordinal);
        _world.GanOk("run", "words");
        var run = _world.GanOk("run", "said", "--json");
        var stages = run.Json["stages"]!;
        Assert.Equal(["generator-last.onnx", "generator-pixels.onnx", "generator.onnx"],
            stages["export"]!["maxAbsDifference"]!.AsObject().Select(file => file.Key).Order(StringComparer.Ordinal));
        var captions = stages["evaluate"]!["captions"]!;
        Assert.Equal(150, (int)captions["pictures"]!);
        Assert.Equal(150, (int)captions["seen"]!["pictures"]! + (int)captions["heldOut"]!["pictures"]!);
        foreach (var part in new[] { "seen", "heldOut" })
        {
            Assert.Equal(["class", "color"],
                captions[part]!["fields"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
            Assert.InRange((double)captions[part]!["fields"]!["color"]!["samples"]!, 0, 1);
        }
        Assert.InRange((double)captions["seen"]!["rPrecision"]!["real"]!, 0, 1);

        using var generator = GeneratorModel.Load(_world["runs/said/models/generator.onnx"]);
        Assert.Equal((6, 20, 3), (generator.LatentSize, generator.LabelSize, generator.Channels));
        // Of all kinds, whatever their order in the data.
        foreach (var noun in new[] { "brick|block", "plate", "slope", "tile" })
            Assert.Contains(generator.TextExamples, text => System.Text.RegularExpressions.Regex.IsMatch(text, noun));
        var images = generator.Sample("a red brick on a white table", count: 3, seed: 1);
        Assert.Equal(3, images.Count);
        Assert.Equal(images.Values, generator.Sample(3, 1, labels: ["A RED brick, on a white table!"]).Values);
        Assert.NotEqual(images.Values, generator.Sample("two by two studs: a blue plate", count: 3, seed: 1).Values);
        using var pixels = GeneratorModel.Load(_world["runs/said/models/generator-pixels.onnx"]);
        Assert.Equal(generator.SamplePixels(2, 1, labels: ["a red brick"]), pixels.SamplePixels(2, 1, labels: ["a red brick"]));

        var page = File.ReadAllText(_world["runs/said/report.html"]);
        // As in tests/Inference/Precision: of weights rounded to 11 bits, and of 8-bit values with 7-bit weights.
        foreach (var (name, most) in new[] { ("generator-float16.onnx", 5 / 2048.0), ("generator-int8.onnx", 0.08) })
        {
            Assert.InRange((double)stages["export"]!["reduced"]![name]!["relativeError"]!, 1e-6, most);
            Assert.True((double)stages["evaluate"]!["reduced"]![name]! > 0);
            Assert.Contains(name, page, StringComparison.Ordinal);
            using var form = GeneratorModel.Load(_world[$"runs/said/models/{name}"]);
            Assert.Equal(2, form.Sample("a red brick", 2).Count);
        }
        Assert.Contains($"<li>{generator.Texts(4)[0]}</li>", page, StringComparison.Ordinal);
        Assert.Contains("combinations that training never showed", page, StringComparison.Ordinal);
        var card = File.ReadAllText(_world["runs/said/models/README.md"]);
        Assert.Contains("`text` int64 [N, 20]", card, StringComparison.Ordinal);
        Assert.DoesNotContain("discriminator.onnx", card, StringComparison.Ordinal);
        var shown = File.ReadAllLines(_world["runs/said/samples/labels.csv"]);
        Assert.Equal(("file,text", 6), (shown[0], shown.Length));

        Assert.Empty(_world.GanOk("run", "said", "--json").Json["ran"]!.AsArray());

        var reduced = _world.GanOk("reduce", "runs/said/models/generator-pixels.onnx", "--to", "bfloat16", "--rows", "8", "--json").Json;
        Assert.Equal("text generator", (string?)reduced["kind"]);
        // An eighth of what a byte has, of 5 layers of weights.
        Assert.InRange((double)reduced["losses"]!["pixels"]!["maximumAbsoluteError"]!, 0, 1 + 255 * 5 / 256.0);
    }

    [Fact]
    public void Texts_are_given_on_the_command_line()
    {
        File.AppendAllText(_world["pipelines.yaml"], Bricks);
        _world.GanOk("run", "words");
        _world.GanOk("run", "said", "--set", "train.steps=2", "--set", "train.evaluate-every=0", "--set", "evaluate.classifier=");
        var made = _world.GanOk("generate", "runs/said", "--text", "a crimson brick, four studs long", "--text", "a blue plate",
            "--count", "3", "--out", "made");
        Assert.Contains("The word 'crimson' is not known", made.Output, StringComparison.Ordinal);
        Assert.Equal(["file,text", "000000.png,\"a crimson brick, four studs long\"", "000001.png,a blue plate",
            "000002.png,\"a crimson brick, four studs long\""], File.ReadAllLines(_world["made/labels.csv"]));
        var wrong = _world.Gan("generate", "runs/said", "--text", "!", "--out", "none");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("the text '!' has no words".ToUpperInvariant(), wrong.Error.ToUpperInvariant(), StringComparison.Ordinal);
    }

    /// <summary>As the flowers of Oxford with the captions of Reed et al. come: a folder of pictures, and one of texts.</summary>
    [Fact]
    public void A_folder_of_pictures_and_a_folder_of_texts_are_enough()
    {
        _world.GanOk("data", "render", "bricks", "--out", "set/jpg", "--count", "40", "--size", "16", "--json");
        foreach (var (i, file) in Directory.GetFiles(_world["set/jpg"], "*.png", SearchOption.AllDirectories).Index())
        {
            var text = Path.ChangeExtension(file.Replace("jpg", "text", StringComparison.Ordinal), ".txt");
            Directory.CreateDirectory(Path.GetDirectoryName(text)!);
            File.WriteAllText(text, $"this flower has {(i % 2 == 0 ? "yellow" : "purple")} petals\nit is number {i}\n");
        }
        const string Folder = "data: { kind: folder, path: set/jpg, caption-files: set/text, captions: files, size: 16, channels: 3, " +
            "hold-out: 0.5 }";
        File.AppendAllText(_world["pipelines.yaml"], $$"""

              words:
                kind: text-encoder
                {{Folder}}
                architecture: { embedding-size: 8, filters: 8 }
                train: { epochs: 1, batch-size: 4, device: cpu, threads: 1 }
                evaluate: { candidates: 2 }

              said:
                {{Folder}}
                architecture: { name: text-to-image, latent-size: 4, filters: 8, text-encoder: runs/words }
                train: { steps: 2, batch-size: 4, device: cpu, threads: 1, precision: float32 }
            """);
        _world.GanOk("run", "words");
        _world.GanOk("run", "said");
        using var generator = GeneratorModel.Load(_world["runs/said/models/generator.onnx"]);
        Assert.All(generator.TextExamples, text => Assert.Matches("petals|number", text));
        Assert.Equal(2, generator.Sample("purple petals", 2).Count);
    }

    [Theory]
    [InlineData("data: { kind: bricks, captions: sentences }\n    architecture: { name: text-to-image }", "text-encoder", "is missing")]
    [InlineData("data: { kind: bricks }\n    architecture: { name: text-to-image, text-encoder: x }", "captions", "is missing")]
    [InlineData("data: { kind: bricks, captions: sentences }\n" +
        "    architecture: { name: text-to-image, text-encoder: x, condition: [class] }", "condition", "is told texts")]
    [InlineData("data: { kind: bricks }\n    architecture: { name: dcgan, text-encoder: x }", "text-encoder", "dcgan is told none")]
    [InlineData("data: { kind: bricks, captions: sentences }\n    architecture: { name: text-to-image, text-encoder: x }\n" +
        "    export: { mirror: true }", "mirror", "features of discriminators of images alone")]
    [InlineData("data: { kind: bricks, captions: sentences }\n    architecture: { name: text-to-image, text-encoder: x }\n" +
        "    classify: { draws: 3 }", "classify", "with a text")]
    public void What_does_not_go_together_is_told_before(string settings, string key, string problem)
    {
        File.AppendAllText(_world["pipelines.yaml"], $"\n  said:\n    {settings}\n");
        var outcome = _world.Gan("run", "said");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(key, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(problem, outcome.Error, StringComparison.Ordinal);
    }
}
