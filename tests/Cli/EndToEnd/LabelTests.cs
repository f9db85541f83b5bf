using System.Buffers.Binary;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Conditional models on the command line.</summary>
public sealed class LabelTests : IDisposable
{
    /// <summary>Knows class (cat, dog, emu) and bright (0 to 10).</summary>
    private static readonly string _conditional = Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    private void Told(string expected, params string[] args)
    {
        var outcome = _world.Gan(args);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conditional_pipeline_runs_and_samples_by_label()
    {
        _world.GanOk(
            "run",
            "tiny",
            "--set",
            "architecture.condition=[class]",
            "--set",
            "data.classes=[brick 1x1, brick 2x2, plate 2x3]",
            "--set",
            "sample.grid=12",
            "--set",
            "export.pixels=true");
        using var model = GeneratorModel.Load(_world.Run("models/generator.onnx"));
        Assert.Equal(["brick 1x1", "brick 2x2", "plate 2x3"], Assert.Single(model.Labels!.Fields).Values);
        Assert.NotEqual(model.Sample(1, labels: ["brick 1x1"]).Values, model.Sample(1, labels: ["plate 2x3"]).Values);
        Assert.Equal(
            "file,class\n000000.png,brick 1x1\n000001.png,brick 2x2\n000002.png,plate 2x3\n",
            File.ReadAllText(_world.Run("samples/labels.csv")));
        // Three rows of four pictures of 32 pixels, with lines of 2 between and around them.
        var (width, height) = PngSize(_world.Run("samples/grid.png"));
        Assert.Equal(4 * 32 + 3 * 2 - (3 * 32 + 2 * 2), width - height);
        var inputs = _world.GanOk("inspect", _world.Run("models/discriminator.onnx"), "--json").Json["inputs"]!.AsArray();
        Assert.Equal(["image", "label"], inputs.Select(i => (string)i!["name"]!));
        Assert.Contains(
            "| 0 to 2 | class | brick 1x1, brick 2x2, plate 2x3 |",
            File.ReadAllText(_world.Run("models/README.md")),
            StringComparison.Ordinal);
        _world.GanOk("generate", _world.Run("models/generator-pixels.onnx"), "--label", "Plate 2x3", "--count", "2");
        Told(
            "--label: There is no class 'plate 9x9'; there are: brick 1x1, brick 2x2, plate 2x3.",
            "generate",
            _world.Run("models/generator.onnx"),
            "--label",
            "plate 9x9");
    }

    [Fact]
    public void Several_attributes_are_asked_for_as_they_occur_together()
    {
        _world.GanOk(
            "run",
            "tiny",
            "--set",
            "architecture.condition=[form, studs-long]",
            "--set",
            "data.classes=[brick 1x3, plate 2x2]",
            "--set",
            "sample.count=40");
        var labels = File.ReadAllLines(_world.Run("samples/labels.csv")).Skip(1)
            .Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        Assert.Equal(["brick,3", "plate,2"], labels.Distinct().Order());
        Assert.DoesNotContain(
            "LabelExamples",
            _world.GanOk("inspect", _world.Run("models/generator.onnx")).Output,
            StringComparison.Ordinal);
        // What is asked for outright is drawn, whether it occurs or not.
        _world.GanOk(
            "generate",
            _world.Run("models/generator.onnx"),
            "--label",
            "form=brick, studs-long=2",
            "--count",
            "1",
            "--out",
            "pictures");
        Assert.Contains("brick,2", File.ReadAllText(_world["pictures/labels.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_critic_is_exported_with_a_score()
    {
        _world.GanOk(
            "run",
            "tiny",
            "--set",
            "architecture.name=wgan-gp",
            "--set",
            "objective.loss=wasserstein",
            "--set",
            "objective.gradient-penalty=10");
        var outputs = _world.GanOk("inspect", _world.Run("models/discriminator.onnx"), "--json").Json["outputs"]!.AsArray();
        Assert.Equal(["score"], outputs.Select(o => (string)o!["name"]!));
        Assert.Contains("`score` float32 [N, 1]", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
    }

    /// <summary>The header's two big-endian numbers.</summary>
    private static (int Width, int Height) PngSize(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }

    [Fact]
    public void Pictures_are_made_by_label_and_a_table_says_which_shows_what()
    {
        var json = _world.GanOk(
            "generate",
            _conditional,
            "--label",
            "class=dog, bright=10",
            "--label",
            "class=cat, bright=2.5",
            "--count",
            "3",
            "--out",
            "pictures",
            "--json").Json;
        Assert.Equal(["class=dog, bright=10", "class=cat, bright=2.5"], json["labels"]!.AsArray().Select(l => (string)l!));
        Assert.Equal(
            "file,class,bright\n000000.png,dog,10\n000001.png,cat,2.5\n000002.png,dog,10\n",
            File.ReadAllText(_world["pictures/labels.csv"]));
        using var model = GeneratorModel.Load(_conditional);
        Pictures.SavePng(model.Sample(3, labels: ["class=dog, bright=10"]), 2, _world["expected.png"]);
        Assert.Equal(File.ReadAllBytes(_world["expected.png"]), File.ReadAllBytes(_world["pictures/000002.png"]));

        // Another part of the same set has a table of its own.
        _world.GanOk("generate", _conditional, "--label", "class=dog, bright=10", "--first", "3", "--count", "1", "--out", "pictures");
        Assert.Equal("file,class,bright\n000003.png,dog,10\n", File.ReadAllText(_world["pictures/labels-000003.csv"]));
    }

    [Fact]
    public void A_grid_has_a_row_a_label()
    {
        var json = _world.GanOk(
            "generate",
            _conditional,
            "--grid",
            "--label",
            "class=dog",
            "--label",
            "class=cat",
            "--label",
            "class=emu",
            "--count",
            "18",
            "--out",
            "pictures",
            "--json").Json;
        Assert.Equal(18, (int)json["count"]!);
        Assert.True(File.Exists(_world["pictures/grid.png"]));
    }

    [Fact]
    public void A_label_that_a_generator_does_not_know_is_a_wrong_request()
    {
        Told("--label: There is no class 'cow'; there are: cat, dog, emu.", "generate", _conditional, "--label", "class=cow");
        Told("--label: There is no label 'kind'; there are: class, bright.", "generate", _conditional, "--label", "kind=dog");
        Told(
            "takes no label, such as '7'",
            "generate",
            Path.Combine(Path.GetDirectoryName(_conditional)!, "generator.onnx"),
            "--label",
            "7");
        Assert.False(Directory.Exists(_world["generated"]));
    }

    [Fact]
    public void Inspection_shows_what_a_model_knows()
    {
        Assert.Matches("label +class: cat, dog, emu", _world.GanOk("inspect", _conditional).Output);
        var labels = _world.GanOk("inspect", _conditional, "--json").Json["labels"]!.AsArray();
        Assert.Equal(["cat", "dog", "emu"], labels[0]!["values"]!.AsArray().Select(v => (string)v!));
        var classifier = Path.Combine(Repository.Root, "models", "mnist-classifier", "classifier.onnx");
        Assert.Matches("label +class: 0, 1, 2", _world.GanOk("inspect", classifier).Output);
    }

    [Fact]
    public void Conditions_that_cannot_be_are_told_before_anything_runs()
    {
        Told(
            "architecture.condition: The pictures have no attribute 'colour'; there are: class",
            "train",
            "tiny",
            "--set",
            "architecture.condition=[colour]");
        Told(
            "train.flip: a mirrored picture has another yaw",
            "train",
            "tiny",
            "--set",
            "architecture.condition=[yaw]",
            "--set",
            "train.flip=true",
            "--set",
            "data.count=400");
        var pictures = new ImageTensor(4, 1, 32, 32);
        Directory.CreateDirectory(_world["pictures"]);
        for (var i = 0; i < pictures.Count; i++) Pictures.SavePng(pictures, i, _world[$"pictures/{i}.png"]);
        Told("architecture.condition: The pictures have no attribute 'class'; they have none at all.", "train", "tiny",
            "--set", "data.kind=folder", "--set", "data.path=pictures", "--set", "data.channels=1", "--set",
                "architecture.condition=[class]");
        Assert.False(Directory.Exists(_world.Run("train")));
    }
}
