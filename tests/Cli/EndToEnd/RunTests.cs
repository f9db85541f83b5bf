using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>A whole run by the actual program, and what the next runs leave out.</summary>
public sealed class RunTests : IClassFixture<RunTests.FirstRun>
{
    private static readonly string[] _allStages = ["train", "export", "sample", "report"];
    private static readonly string[] _versions = ["gan", "dotnet", "os", "libtorch", "onnxruntime"];
    private readonly TinyWorld _world;
    private readonly Outcome _first;

    public RunTests(FirstRun first) => (_world, _first) = (first.World, first.Outcome);

    private static string[] Names(JsonNode? array) => [.. array!.AsArray().Select(n => (string)n!)];

    [Fact]
    public void A_run_leaves_the_folder_that_the_design_promises_and_the_next_does_nothing()
    {
        Assert.True(_first.Code == 0, _first.ToString());
        string[] files =
        [
            "summary.json", "report.html", "run.log", "train/metrics.jsonl", "train/options.json", "train/samples/step-0000000000.png",
                "train/samples/step-0000000006.png",
            "train/evolution.gif", "train/checkpoints/step-0000000006/weights.safetensors", "models/generator.onnx",
                "models/discriminator.onnx",
            "models/features.onnx", "models/README.md", "samples/grid.png", "samples/000000.png", "samples/000002.png",
        ];
        Assert.All(files, f => Assert.True(File.Exists(_world.Run(f)), f));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_world.Run(""), "*", SearchOption.AllDirectories),
            f => f.EndsWith(".tmp", StringComparison.Ordinal));

        var summary = _world.Summary;
        Assert.Equal("tiny", (string?)summary["pipeline"]);
        Assert.NotNull(summary["version"]);
        Assert.Equal(_allStages, summary["stages"]!.AsObject().Select(s => s.Key));
        Assert.All(summary["stages"]!.AsObject(), s => Assert.True((double)s.Value!["seconds"]! > 0, s.Key));
        Assert.Equal(6, (long)summary["stages"]!["train"]!["steps"]!);
        Assert.InRange((double)summary["stages"]!["export"]!["maxAbsDifference"]!["generator.onnx"]!, 0, 1e-4);
        Assert.InRange((double)summary["stages"]!["export"]!["maxAbsDifference"]!["discriminator.onnx"]!, 0, 1e-4);
        Assert.InRange((double)summary["stages"]!["export"]!["maxAbsDifference"]!["features.onnx"]!, 0, 1e-4);
        // 4 x 16 x 16, 8 x 8 x 8 and 16 x 4 x 4, each pooled to 4 x 4; the data has 64 pictures.
        Assert.Equal((4 + 8 + 16) * 16, (int)summary["stages"]!["export"]!["features"]!["count"]!);
        Assert.Equal(64, (int)summary["stages"]!["export"]!["features"]!["calibrationImages"]!);
        Assert.True((double)summary["stages"]!["sample"]!["imagesPerSecond"]! > 0);
        Assert.NotNull(summary["inputs"]!["data.train"]);
        Assert.All(_versions, v => Assert.NotNull(summary["versions"]![v]));

        var before = Directory.EnumerateFiles(_world.Run(""), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(
            "summary.json",
            StringComparison.Ordinal)
            && !f.EndsWith("run.log", StringComparison.Ordinal) && !f
                .EndsWith(".lock", StringComparison.Ordinal)).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var second = _world.GanOk("run", "tiny", "--json");
        Assert.Equal(_allStages, Names(second.Json["skipped"]));
        Assert.Empty(second.Json["ran"]!.AsArray());
        Assert.All(before, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
    }

    [Fact]
    public void A_training_that_ended_early_is_exported_and_goes_on_when_it_may()
    {
        using var world = new TinyWorld();
        var early = world.GanOk("run", "tiny", "--set", "train.max-minutes=1e-9");
        Assert.Contains("Ended after 0 of 6 steps: 1E-09 minutes are over.", early.Output, StringComparison.Ordinal);
        Assert.Equal(0, (long)world.Summary["stages"]!["train"]!["steps"]!);
        Assert.Equal("1E-09 minutes are over", (string?)world.Summary["stages"]!["train"]!["endedBy"]);
        Assert.True(File.Exists(world.Run("models/generator.onnx")));
        Assert.Equal(_allStages, Names(world.GanOk("run", "tiny", "--json", "--set", "train.max-minutes=1e-9").Json["skipped"]));
        Assert.Equal(_allStages, Names(world.GanOk("run", "tiny", "--json", "--set", "train.max-minutes=0").Json["ran"]));
        Assert.Equal(6, (long)world.Summary["stages"]!["train"]!["steps"]!);
    }

    [Fact]
    public void The_progress_of_a_pipe_is_plain_lines()
    {
        Assert.StartsWith(
            "tiny: A test\ninto runs/tiny\ntrain ...\ntrain: step 2 of 6, 33 %; ",
            _first.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', _first.Output);
        Assert.Contains("Report: runs/tiny/report.html", _first.Output, StringComparison.Ordinal);
        Assert.Equal("", _first.Error);
    }

    [Fact]
    public void The_report_holds_everything_itself()
    {
        var html = File.ReadAllText(_world.Run("report.html"));
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        // The grid, grids of steps 0, 3 and 6, and the walk between latents.
        Assert.Equal(1 + 3 + 1, html.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.Contains("<polyline class=\"line\" data-name=\"generator\"", html, StringComparison.Ordinal);
        Assert.Contains("<code>gan run tiny</code>", html, StringComparison.Ordinal);
        Assert.Contains("within", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_says_how_to_use_the_models()
    {
        var card = File.ReadAllText(_world.Run("models/README.md"));
        // Its program names the room of the classes that it uses.
        Assert.Contains($"using {typeof(Inference.GeneratorModel).Namespace};\n", card, StringComparison.Ordinal);
        Assert.Contains("`latent` float32 [N, 8]", card, StringComparison.Ordinal);
        Assert.Contains("GeneratorModel.Load(\"generator.onnx\")", card, StringComparison.Ordinal);
        Assert.Contains("`features` float32 [N, 448]", card, StringComparison.Ordinal);
        Assert.Contains("Verified:", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_and_inspect_take_what_a_run_exported()
    {
        var model = _world.Run("models/generator.onnx");
        var a = InProcess.Gan(
            "generate",
            model,
            "--count",
            "5",
            "--seed",
            "3",
            "--batch",
            "2",
            "--threads",
            "1",
            "--out",
            _world["a"],
            "--json");
        Assert.True(a.Code == 0, a.ToString());
        Assert.True((double)a.Json["imagesPerSecond"]! > 0);
        Assert.Equal(
            ["000000.png", "000001.png", "000002.png", "000003.png", "000004.png", "generated.json"],
            Directory.EnumerateFiles(_world["a"]).Select(Path.GetFileName).Order());
        // The same picture, whatever else is asked for beside it.
        Assert.Equal(0, InProcess.Gan("generate", model, "--count", "2", "--seed", "3", "--first", "3", "--out", _world["b"]).Code);
        Assert.Equal(File.ReadAllBytes(_world["a/000003.png"]), File.ReadAllBytes(_world["b/000003.png"]));
        Assert.Equal(0, InProcess.Gan("generate", model, "--count", "4", "--grid", "--out", _world["c"]).Code);
        Assert.True(File.Exists(_world["c/grid.png"]));

        // A file that was cut short.
        File.WriteAllBytes(_world["cut.onnx"], File.ReadAllBytes(model)[..5000]);
        Assert.All([InProcess.Gan("generate", _world["cut.onnx"], "--out", _world["d"]), InProcess.Gan(
            "inspect",
            _world["cut.onnx"])], cut =>
        {
            Assert.True(cut.Code == 2, cut.ToString());
            Assert.Contains("cut.onnx", cut.Error, StringComparison.Ordinal);
        });
        // The discriminator is a model, but no generator.
        var other = InProcess.Gan("generate", _world.Run("models/discriminator.onnx"), "--out", _world["d"]);
        Assert.True(other.Code == 2, other.ToString());
        Assert.False(Directory.Exists(_world["d"]));

        var inspect = InProcess.Gan("inspect", model, "--json").Json;
        Assert.Equal("latent", (string?)inspect["inputs"]![0]!["name"]);
        Assert.Equal(["N", "8"], Names(inspect["inputs"]![0]!["shape"]));
        Assert.Equal(18, (int)inspect["opset"]!);
        Assert.Equal("tiny", (string?)inspect["metadata"]!["GanPipeline.Pipeline"]);
        Assert.Contains("latent float [N, 8]", InProcess.Gan("inspect", model).Output, StringComparison.Ordinal);
    }

    /// <summary>One run that several tests look at.</summary>
    public sealed class FirstRun : IDisposable
    {
        public FirstRun() => Outcome = World.Gan("run");

        internal TinyWorld World { get; } = new();

        internal Outcome Outcome { get; }

        public void Dispose() => World.Dispose();
    }
}
