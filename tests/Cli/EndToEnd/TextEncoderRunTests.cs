using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>A pipeline of kind text-encoder, and captions of a folder.</summary>
public sealed class TextEncoderRunTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_text_encoder_is_trained_exported_measured_and_used()
    {
        File.AppendAllText(_world["pipelines.yaml"], """

              words:
                kind: text-encoder
                data:
                  kind: bricks
                  size: 16
                  channels: 3
                  limit: 480
                  captions: sentences
                  classes: [brick 1x1, plate 2x2, slope 2x2, tile 2x4]
                  bricks: { colors: [red, blue, yellow, green], held-out-combinations: 0.2, pitch: [35, 45] }
                architecture: { embedding-size: 12, token-size: 16, state-size: 16, filters: 8, length: 20 }
                train: { epochs: 8, batch-size: 16, log-every: 10, device: cpu, threads: 1 }
                evaluate: { candidates: 20 }
            """);
        var run = _world.GanOk("run", "words", "--json");
        Assert.Equal(["train", "export", "evaluate", "report"], run.Json["ran"]!.AsArray().Select(n => (string)n!));
        var stages = run.Json["stages"]!;
        Assert.Equal((240, 20), ((int)stages["train"]!["steps"]!, (int)stages["train"]!["textLength"]!));
        Assert.Equal(["image-encoder.onnx", "text-encoder.onnx"],
            stages["export"]!["maxAbsDifference"]!.AsObject().Select(file => file.Key).Order(StringComparer.Ordinal));
        var found = stages["evaluate"]!;
        Assert.Equal((480, 20), ((int)found["pictures"]!, (int)found["candidates"]!));
        // Chance is 0.05, and 0.25 for the four classes.
        Assert.InRange((double)found["rPrecision"]!, 0.4, 1);
        Assert.InRange((double)found["classAccuracy"]!, 0.5, 1);
        Assert.InRange((double)found["heldOutRPrecision"]!, 0, 1);
        Assert.InRange((int)found["heldOutPictures"]!, 1, 300);
        Assert.Equal(0, (double)found["captionsWithUnknownWords"]!);

        using var encoder = TextEncoderModel.Load(_world["runs/words/models/text-encoder.onnx"]);
        Assert.Equal((12, "words"), (encoder.EmbeddingSize, encoder.Metadata[ModelMetadata.Pipeline]));
        Assert.Equal(["The word 'purple' is not known."], encoder.Warnings("a purple brick"));
        Assert.Equal(12, encoder.Embed("a red brick").Length);
        var card = File.ReadAllText(_world["runs/words/models/README.md"]);
        Assert.Contains("| `text-encoder.onnx` | `text` int64 [N, 20]", card, StringComparison.Ordinal);
        Assert.Contains("are nearest to their own of 20 captions", card.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("Pictures that find their caption", File.ReadAllText(_world["runs/words/report.html"]), StringComparison.Ordinal);

        Assert.Empty(_world.GanOk("run", "words", "--json").Json["ran"]!.AsArray());
        var again = _world.GanOk("evaluate", "words", "--set", "evaluate.candidates=2", "--json");
        Assert.True((double)again.Json["stages"]!["evaluate"]!["rPrecision"]! >= (double)found["rPrecision"]!);
        var compared = _world.Gan("compare", "runs/words", "runs/words");
        Assert.NotEqual(0, compared.Code);
    }

    [Theory]
    [InlineData("data: { kind: bricks }", "is missing: a text encoder learns from pictures with captions")]
    [InlineData("data: { kind: bricks, captions: files }", "belong to pictures of kind folder")]
    [InlineData("data: { kind: bricks, captions: sentences }\n    condition: [class]", "condition")]
    [InlineData("data: { kind: bricks, captions: sentences }\n    architecture: { length: 5000 }", "got 5000")]
    [InlineData("data: { kind: bricks, captions: sentences, limit: 50 }", "chooses from 100 captions")]
    public void What_cannot_be_trained_is_told_before(string settings, string problem)
    {
        File.AppendAllText(_world["pipelines.yaml"], $"\n  words:\n    kind: text-encoder\n    {settings}\n");
        var outcome = _world.Gan("run", "words");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(problem, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world["runs/words/train"]));
    }

    [Fact]
    public void Captions_of_a_folder_are_shown()
    {
        _world.GanOk("data", "render", "bricks", "--out", "pictures", "--count", "6", "--size", "16", "--json");
        string[] files = [.. Directory.GetFiles(_world["pictures"], "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (var file in files[1..])
            File.WriteAllText(Path.ChangeExtension(file, ".txt"), $"a brick\nnumber {Path.GetFileName(file)}\n");
        var shown = _world.GanOk("data", "inspect", "pictures", "--captions", "files");
        Assert.Contains($"captions: {2 * (files.Length - 1)} of {files.Length - 1} pictures", shown.Output, StringComparison.Ordinal);
        Assert.Contains("a brick | number ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("it has no captions", shown.Output, StringComparison.Ordinal);

        var rows = files.Select(file => $"{Path.GetRelativePath(_world["pictures"], file)},one brick\n");
        File.WriteAllText(_world["captions.csv"], "file,caption\n" + string.Concat(rows));
        var json = _world.GanOk("data", "inspect", "pictures", "--captions", "captions.csv", "--json").Json["captions"]!;
        Assert.Equal(files.Length, (int)json["count"]!);
        Assert.Equal(["one brick"], json["examples"]![0]!["captions"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(2, _world.Gan("data", "inspect", "pictures", "--captions", "nowhere.csv").Code);
    }
}
