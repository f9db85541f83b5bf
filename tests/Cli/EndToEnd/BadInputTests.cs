using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Data, disks and numbers that do not do what they should.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TinyWorld _world = new();

    private static void Told(Outcome outcome, int code, string expected)
    {
        Assert.True(outcome.Code == code, outcome.ToString());
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 2);
    }

    [Fact]
    public void A_folder_that_cannot_be_written()
    {
        File.WriteAllText(_world["file"], "");
        Told(_world.Gan("run", "--out", "file/run"), 1, "The output folder file/run cannot be made:");
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_no_damaged_file()
    {
        using var disk = new SmallDisk(_world["disk"], kilobytes: 600);
        var outcome = _world.Gan("run", "--out", "disk/run", "--set", "architecture.filters=16");
        Assert.True(outcome.Code == 1, outcome.ToString());
        Assert.Contains("No space left on device", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_world["disk/run/models/generator.onnx"]));
        Assert.DoesNotContain(
            Directory.EnumerateDirectories(_world["disk/run"], "step-*", SearchOption.AllDirectories),
            d => !File.Exists(Path.Combine(d, "checkpoint.json")));
    }

    [Fact]
    public void A_training_that_diverges_stops_and_keeps_its_last_good_checkpoint()
    {
        string[] run = ["train", "tiny", "--set", "architecture.name=dense", "--set", "train.checkpoint-every=1"];
        _world.GanOk(run);
        string[] wild = [.. run, "--set", "train.learning-rate=1e9", "--set", "train.steps=500"];
        Assert.Equal(2, _world.Gan(wild).Code);
        var outcome = _world.Gan([.. wild, "--force"]);
        Assert.True(outcome.Code == 1, outcome.ToString());
        Assert.Matches("step [0-9,]+", outcome.Error);
        Assert.Null(_world.Summary["stages"]!["train"]);
        Assert.True(Directory.Exists(_world.Run("train.1/checkpoints/step-0000000006")));
    }

    [Fact]
    public void Pictures_that_cannot_be_used_are_left_out_and_named()
    {
        var pictures = new ImageTensor(12, 1, 32, 32);
        Directory.CreateDirectory(_world["pictures"]);
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures.Image(i).Fill(i / 6f - 1);
            Pictures.SavePng(pictures, i, _world[$"pictures/{i}.png"]);
        }
        File.WriteAllText(_world["pictures/broken.png"], "not a picture");
        File.WriteAllBytes(_world["pictures/cut.png"], File.ReadAllBytes(_world["pictures/3.png"])[..40]);
        File.WriteAllText(_world["pictures/caption.txt"], "no picture");
        File.Copy(_world["pictures/3.png"], _world["pictures/3.png~"]);
        File.Copy(_world["pictures/3.png"], _world["pictures/3.png?w=400"]);
        var said = _world.GanOk("train", "tiny", "--set", "data.kind=folder", "--set", "data.path=pictures", "--set", "data.channels=1");
        Assert.Contains("2 files that lie among the pictures are left out", said.ToString(), StringComparison.Ordinal);
        Assert.Equal(["3.png~", "caption.txt"], File.ReadLines(_world.Run("train/left-out.txt")).Select(line => line.Split(": ")[0]));
        Assert.Equal(15, (int)_world.Summary["stages"]!["train"]!["images"]!);
        Assert.Equal(2, _world.GanOk("data", "inspect", "pictures", "--json").Json["leftOut"]!.AsArray().Count);
        Assert.Matches("[12] pictures? could not be used so far and (is|are) left out .*(broken|cut).png: ", said.ToString());
        var skipped = File.ReadAllText(_world.Run("train/skipped.txt"));
        Assert.Contains("broken.png: ", skipped, StringComparison.Ordinal);
        Assert.Contains("cut.png: ", skipped, StringComparison.Ordinal);
        Assert.Equal(2, (int)_world.Summary["stages"]!["train"]!["skippedImages"]!);
    }

    [Fact]
    public void A_folder_without_pictures_is_a_wrong_request()
    {
        Directory.CreateDirectory(_world["empty"]);
        Told(_world.Gan("run", "--set", "data.kind=folder", "--set", "data.path=empty"), 2, _world["empty"]);
    }

    [Fact]
    public void A_damaged_summary_is_not_believed()
    {
        _world.GanOk("train", "tiny");
        File.WriteAllText(_world.Run("summary.json"), "{\"stages\": {\"tr");
        var outcome = _world.GanOk("train", "tiny");
        Assert.Contains("All 6 steps are done already.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_that_are_all_damaged_stop_the_run()
    {
        _world.GanOk("train", "tiny");
        foreach (var weights in Directory.EnumerateFiles(
            _world.Run("train/checkpoints"),
            "weights.safetensors",
            SearchOption.AllDirectories))
            using (var file = File.OpenWrite(weights)) file.SetLength(file.Length / 2);
        Told(_world.Gan("train", "tiny", "--set", "train.steps=8"), 1, "No checkpoint of this training is whole");
    }

    public void Dispose() => _world.Dispose();
}
