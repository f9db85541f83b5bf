using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>What somebody does with a run in a day, mistakes included. No trained step is lost.</summary>
public sealed class DayTests : IDisposable
{
    private readonly TinyWorld _world = new();

    private string Settings => File.ReadAllText(_world.Run("settings.json"));

    private static string Ran(Outcome outcome) => string.Join(' ', outcome.Json["ran"]!.AsArray().Select(n => (string)n!));

    private long LastStep(string run = "runs/tiny") => Directory.GetDirectories(_world[run + "/train/checkpoints"], "step-*")
        .Max(c => long.Parse(c[^10..], System.Globalization.CultureInfo.InvariantCulture));

    private void WritePictures(string folder)
    {
        var pictures = new ImageTensor(24, 1, 32, 32);
        Directory.CreateDirectory(_world[folder]);
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures.Image(i).Fill(i / 12f - 1);
            Pictures.SavePng(pictures, i, _world[$"{folder}/{i}.png"]);
        }
    }

    private Outcome Refused(params string[] args)
    {
        var before = LastStep();
        var outcome = _world.Gan(args);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Equal(before, LastStep());
        return outcome;
    }

    [Fact]
    public void A_day_with_one_run_loses_no_trained_step()
    {
        WritePictures("pictures");
        string[] first = ["--set", "data.kind=folder", "--set", "data.path=pictures", "--set", "data.channels=1",
            "--set", "data.hold-out=0.5", "--set", "train.learning-rate-decay=linear", "--set", "train.keep-checkpoints=4"];

        // Train, and look.
        _world.GanOk(["run", .. first]);
        Assert.Equal(6, LastStep());

        // Train longer, without saying everything again. The learning rates, which had fallen to 0, go on in the longer line.
        var longer = _world.GanOk("run", "--set", "train.steps=9");
        Assert.Contains("With the settings of before: data.kind=folder, data.path=", longer.Output, StringComparison.Ordinal);
        Assert.Contains("falling to 0 at step 6; from step 6 on they take the line that is 0 at step 9.", longer.Output,
            StringComparison.Ordinal);
        Assert.Equal(9, LastStep());
        Assert.Equal(2, _world.Summary["stages"]!["train"]!["planned"]!.AsArray().Count);

        // Another learning rate by mistake, fewer steps, and data that are others.
        Assert.Contains("train.learning-rate was 0.0002 and is 0.01", Refused("run", "--set", "train.learning-rate=0.01").Error,
            StringComparison.Ordinal);
        Assert.Contains("9 trained steps, more than the 7 of train.steps", Refused("run", "--set", "train.steps=7").Error,
            StringComparison.Ordinal);
        WritePictures("others");
        File.Copy(_world["pictures/3.png"], _world["others/4.png"], overwrite: true);
        Assert.Contains("the content of the pictures was ", Refused("run", "--set", "data.path=others").Error, StringComparison.Ordinal);

        // Evaluate with all those settings forgotten. What comes from the run's folder needs no pipelines file.
        var classifier = "evaluate.classifier=" + Path.Combine(Repository.Root, "models", "mnist-classifier");
        var evaluated = _world.GanOk("evaluate", "runs/tiny", "--json", "--set", classifier, "--set", "evaluate.samples=100");
        Assert.Equal("evaluate", Ran(evaluated));
        Assert.Equal(9, LastStep());

        // Move the folder, rename and copy the data, touch a picture.
        Directory.Move(_world["runs"], _world["moved"]);
        WritePictures("renamed");
        Directory.Delete(_world["pictures"], recursive: true);
        File.Delete(_world["pipelines.yaml"]);
        File.SetLastWriteTimeUtc(_world["renamed/5.png"], new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Contains("there is no ", _world.Gan("resume", "moved/tiny").Error, StringComparison.Ordinal);
        var resumed = _world.GanOk("resume", "moved/tiny", "--json", "--set", "data.path=renamed", "--set", "train.steps=12");
        Assert.Contains("Goes on from step 9 of 12", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(12, LastStep("moved/tiny"));

        // Export; delete one checkpoint; damage the options.
        Assert.Equal("export", Ran(_world.GanOk("export", "moved/tiny", "--json", "--force")));
        Directory.Delete(_world["moved/tiny/train/checkpoints/step-0000000012"], recursive: true);
        File.WriteAllText(_world["moved/tiny/train/options.json"], "{ \"seed\":");
        var standing = _world.GanOk("export", "moved/tiny", "--json");
        Assert.Contains("stands at step 9 of 12, and is taken as it stands.", standing.Error, StringComparison.Ordinal);
        Assert.Equal(9, LastStep("moved/tiny"));
        Assert.Contains("Goes on from step 9 of 12", _world.GanOk("resume", "moved/tiny", "--json").Error, StringComparison.Ordinal);
        Assert.Equal(12, LastStep("moved/tiny"));
        Assert.Equal("", Ran(_world.GanOk("resume", "moved/tiny", "--json")));
    }

    [Fact]
    public void Only_run_train_and_resume_train()
    {
        foreach (var stage in new[] { "export", "evaluate" })
        {
            var set = "evaluate.classifier=" + Path.Combine(Repository.Root, "models", "bricks-classifier");
            var outcome = _world.Gan(stage, "tiny", "--set", set);
            Assert.Equal(2, outcome.Code);
            Assert.Contains("There is no run in ", outcome.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_world.Run("")));
        }
        _world.GanOk("train", "tiny");
        _world.GanOk("export", "tiny");

        // Checkpoints take space. Without them what needs only the models still works, and nothing trains by itself.
        Directory.Delete(_world.Run("train/checkpoints"), recursive: true);
        _world.GanOk("export", "tiny");
        var gone = _world.Gan("run");
        Assert.Equal(2, gone.Code);
        Assert.Contains("has no checkpoint any more of its 6 trained steps.", gone.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_world.Run("models/generator.onnx")));
    }

    [Fact]
    public void Settings_are_kept_as_given_and_a_broken_file_is_told()
    {
        _world.GanOk("train", "tiny", "--set", "train.seed=4", "--set", "data.bricks.colors=[red, blue]");
        Assert.Contains("\"seed\": 4", Settings, StringComparison.Ordinal);
        Assert.Equal("", Ran(_world.GanOk("train", "tiny", "--json")));
        // The name of a pipeline means its usual folder.
        Assert.Equal("export sample report", Ran(_world.GanOk("resume", "tiny", "--json")));

        File.WriteAllText(_world.Run("settings.json"), "{ \"pipelines\": ");
        var broken = _world.Gan("resume", "tiny");
        Assert.Equal(2, broken.Code);
        Assert.Contains("is where the run keeps its settings.", broken.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake in the program", broken.Error, StringComparison.Ordinal);

        File.Delete(_world.Run("settings.json"));
        Assert.Contains("there is no settings.json in it", _world.Gan("resume", "tiny").Error, StringComparison.Ordinal);
        Assert.Contains("There is no folder nowhere.", _world.Gan("resume", "nowhere").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_may_begin_with_another_run_s_weights()
    {
        _world.GanOk("train", "tiny");
        string[] tune = ["train", "tiny", "--out", "runs/tuned", "--set", "train.from=runs/tiny", "--set", "train.steps=2"];
        _world.GanOk(tune);
        Assert.Equal(2, LastStep("runs/tuned"));
        var options = File.ReadAllText(_world["runs/tuned/train/options.json"]);
        Assert.Contains("\"from\": \"", options, StringComparison.Ordinal);
        var nowhere = _world.Gan("train", "tiny", "--out", "runs/other", "--set", "train.from=nowhere");
        Assert.Equal(2, nowhere.Code);
        Assert.StartsWith("train.from: There is no checkpoint in '", nowhere.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
