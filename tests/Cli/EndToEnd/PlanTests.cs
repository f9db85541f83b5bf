using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>What there is to know before a training: every setting with its source, time and memory, and what a data set holds.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly TinyWorld _world = new();

    private string From(Outcome shown, string key) =>
        (string)shown.Json["settings"]!.AsArray().Single(s => (string)s!["key"]! == key)!["from"]!;

    [Fact]
    public void Show_tells_each_setting_and_where_it_comes_from()
    {
        File.AppendAllText(_world["pipelines.yaml"], "\n    presets: { long: { train: { steps: 9 } } }\n");
        string[] show = ["show", "tiny", "--file", _world["pipelines.yaml"]];
        var shown = InProcess.Gan([.. show, "--json", "--set", "train.seed=3", "--set", "train.preset=long"]);
        Assert.True(shown.Code == 0, shown.ToString());
        Assert.EndsWith("pipelines.yaml:4", From(shown, "data.kind"), StringComparison.Ordinal);
        Assert.EndsWith("pipelines.yaml:9", From(shown, "train.steps"), StringComparison.Ordinal);
        Assert.Equal("--set train.seed=3", From(shown, "train.seed"));
        Assert.Equal("default", From(shown, "train.learning-rate"));
        Assert.Equal(9, (int)shown.Json["settings"]!.AsArray().Single(s => (string)s!["key"]! == "train.steps")!["value"]!);
        Assert.Matches("(?m)^  learning-rate +0.0002 +default$", InProcess.Gan(show).Output.ReplaceLineEndings("\n"));
        Assert.Matches("tiny +A test. Also train.preset=long", InProcess.Gan("list", "--file", _world["pipelines.yaml"]).Output);

        // A pipeline without its data can be shown; one that does not exist cannot.
        Assert.Equal(0, InProcess.Gan([.. show, "--set", "data.kind=folder"]).Code);
        Assert.Contains("has no pipeline \"tni\". Did you mean tiny?",
            InProcess.Gan("show", "tni", "--file", _world["pipelines.yaml"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_measures_and_writes_nothing()
    {
        string[] run = ["run", "tiny", "--dry-run", "--json", "--set", "train.steps=300"];
        var dry = _world.GanOk(run);
        Assert.Equal((300, 64), ((int)dry.Json["steps"]!, (int)dry.Json["images"]!));
        Assert.InRange((int)dry.Json["measuredSteps"]!, 3, 100_000);
        Assert.True((double)dry.Json["secondsPerStep"]! > 0);
        Assert.InRange((long)dry.Json["peakBytes"]!, 10_000_000, 100_000_000_000);
        Assert.Contains("Nothing was written.", dry.Error, StringComparison.Ordinal);
        Assert.Equal(["pipelines.yaml"], Directory.EnumerateFileSystemEntries(_world.Path).Select(f => Path.GetFileName(f)));

        // Of a run that has begun, the rest counts; what would be refused is refused.
        _world.GanOk("train", "tiny");
        var before = Directory.EnumerateFiles(_world.Run(""), "*", SearchOption.AllDirectories).Order().ToArray();
        Assert.Equal(6, (int)_world.GanOk(run).Json["firstStep"]!);
        Assert.Equal(2, _world.Gan([.. run, "--set", "train.batch-size=4"]).Code);
        Assert.Equal(before, Directory.EnumerateFiles(_world.Run(""), "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public void A_step_that_no_memory_holds_is_refused_with_advice()
    {
        // 50,000,000 pictures of 32 x 32 through these networks are some terabytes.
        var refused = _world.Gan("train", "tiny", "--set", "train.batch-size=50000000");
        Assert.Equal(1, refused.Code);
        Assert.Matches("A step with 50,000,000 images needs at least [0-9.]+ GB of memory, and there are [0-9.]+ GB. A smaller batch " +
            "size or fewer filters need less", refused.Error);
        Assert.DoesNotContain("mistake in the program", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_is_looked_into_before_it_is_trained_on()
    {
        InProcess.Gan("data", "render", "bricks", "--count", "6", "--size", "40", "--test", "0", "--types", "brick 2x4, plate 1x2", "--out",
            _world["bricks"]);
        Directory.CreateDirectory(_world["bricks/plate 1x2/more"]);
        var (first, copy) = (Directory.GetFiles(_world["bricks/brick 2x4"], "*.png")[0], _world["bricks/plate 1x2/copy.png"]);
        File.Copy(first, copy);
        var colour = new ImageTensor(1, 3, 20, 90);
        Pictures.SavePng(colour, 0, _world["bricks/plate 1x2/wide.png"]);

        var json = InProcess.Gan("data", "inspect", _world["bricks"], "--json", "--sheet", _world["sheet.png"], "--sheet-count", "4");
        Assert.True(json.Code == 0, json.ToString());
        var content = json.Json;
        Assert.Equal(8, (int)content["usable"]!);
        Assert.Equal([3, 5], content["perClass"]!.AsArray().Select(n => (int)n!));
        Assert.Equal(
            ["40x40x7", "90x20x1"], content["files"]!["sizes"]!.AsArray().Select(s => $"{s!["width"]}x{s["height"]}x{s["count"]}"));
        Assert.Equal(7, (int)content["files"]!["gray"]!);
        Assert.Equal(1, (int)content["underDifferentClasses"]!);
        Assert.Equal(["brick 2x4/" + Path.GetFileName(first), "plate 1x2/copy.png"],
            Assert.Single(content["duplicates"]!.AsArray())!.AsArray().Select(f => (string)f!).Order(StringComparer.Ordinal));
        // Two by two pictures of 64 x 64, and what is between them.
        using var sheet = SixLabors.ImageSharp.Image.Load(_world["sheet.png"]);
        Assert.InRange(sheet.Width, 2 * 64, 3 * 64);

        var text = InProcess.Gan("data", "inspect", _world["bricks"]).Output;
        Assert.Contains("files: 40 x 40 to 90 x 20 pixels, in the middle 40 x 40, 7 of 8 gray", text, StringComparison.Ordinal);
        Assert.Contains("2 classes: brick 2x4 (3), plate 1x2 (5)", text, StringComparison.Ordinal);
        Assert.Contains("copies of other pictures: 1, 1 of the pictures under different classes:", text, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
