using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>A classifier is made, and samples are measured in its features.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly TinyWorld _world = new();

    [Fact]
    public void Samples_stand_beside_real_pictures_an_untrained_generator_and_noise()
    {
        File.AppendAllText(_world["pipelines.yaml"], """

              judge:
                kind: classifier
                data: { kind: bricks, size: 16, limit: 256 }
                architecture: { feature-count: 8 }
                train: { epochs: 1, batch-size: 32, log-every: 2, threads: 1 }
            """);
        var judge = _world.GanOk("run", "judge", "--set", "export.float16=true", "--json");
        Assert.Equal(["train", "export", "report"], judge.Json["ran"]!.AsArray().Select(n => (string)n!));
        Assert.InRange((double)judge.Json["stages"]!["train"]!["accuracy"]!, 0, 1);
        Assert.True(File.Exists(_world["runs/judge/models/classifier.onnx"]));
        Assert.True(File.Exists(_world["runs/judge/models/classifier-float16.onnx"]));
        var card = File.ReadAllText(_world["runs/judge/models/README.md"]);
        Assert.Contains("`features` float32 [N, 8], `logits` float32 [N, 50]", card, StringComparison.Ordinal);
        Assert.Contains("| `classifier-float16.onnx` | ", card, StringComparison.Ordinal);

        // The gan's pictures have 32 pixels a side, the classifier's 16.
        string[] measured = ["--set", "evaluate.classifier=runs/judge/models", "--set", "evaluate.samples=200", "--set",
            "evaluate.copies=150", "--set", "train.evaluate-every=2", "--set", "export.int8=true", "--json"];
        _world.GanOk(["train", "tiny", .. measured]);
        var run = _world.GanOk(["evaluate", "tiny", .. measured]);
        var frechet = run.Json["stages"]!["evaluate"]!["frechet"]!;
        double Of(string name) => (double)frechet[name]!;
        Assert.InRange(Of("real"), 0, Of("noise") / 2);
        Assert.True(Of("samples") > Of("real") && Of("untrained") > Of("real"), frechet.ToJsonString());
        Assert.False(File.Exists(_world.Run("models/.untrained.onnx")));
        Assert.True((double)run.Json["stages"]!["train"]!["best"]!["frechet"]! > 0);
        Assert.True(File.Exists(_world.Run("models/generator-last.onnx")));

        // The generator's and the features' 8-bit forms, and what the first one's samples are worth.
        Assert.Equal(["features-int8.onnx", "generator-int8.onnx"],
            run.Json["stages"]!["export"]!["reduced"]!.AsObject().Select(form => form.Key).Order(StringComparer.Ordinal));
        Assert.True((int)run.Json["stages"]!["export"]!["reduced"]!["generator-int8.onnx"]!["integerLayers"]! > 0);
        Assert.InRange((double)run.Json["stages"]!["evaluate"]!["reduced"]!["generator-int8.onnx"]!, Of("real"), Of("noise"));

        // Beside the distance, with its error: the kernel distance, and whether samples repeat training pictures.
        var evaluated = run.Json["stages"]!["evaluate"]!;
        Assert.True((double)frechet["samplesError"]! > 0);
        var kernel = evaluated["kernel"]!;
        Assert.True((double)kernel["samples"]!["mean"]! > (double)kernel["real"]!["mean"]!, kernel.ToJsonString());
        Assert.Equal((100, 100), ((int)kernel["samples"]!["subsets"]!, (int)kernel["samples"]!["subsetSize"]!)); // half of 200
        Assert.Equal(32, (int)kernel["real"]!["subsetSize"]!); // of 64 training pictures
        Assert.InRange((double)evaluated["inceptionScore"]!["samples"]!["mean"]!, 1, 50);
        Assert.Equal(64, (int)evaluated["inceptionScore"]!["real"]!["images"]!);
        Assert.True((double)evaluated["sliced"]!["samples"]! > (double)evaluated["sliced"]!["real"]!, evaluated.ToJsonString());
        var copies = evaluated["copies"]!;
        Assert.Equal((150, 150), ((int)copies["samples"]!, (int)copies["heldOut"]!));
        Assert.False((bool)copies["isSuspected"]!);
        Assert.InRange((double)copies["features"]!["share"]!, 0, 0.1);
        Assert.True(File.Exists(_world.Run("copies.png")));

        var again = _world.GanOk(["run", "tiny", .. measured]);
        Assert.Equal(["report"], again.Json["ran"]!.AsArray().Select(n => (string)n!));
        Assert.Contains("How close to real", File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        foreach (var text in new[] { "Smaller files", "kernel distance", "sliced Wasserstein", "inception score", "no sign of copying",
            "Samples, each over its nearest" })
            Assert.Contains(text, File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        Assert.Contains("no sign of copying", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
        Assert.Contains("## How good it is", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
        Assert.Contains("| `generator-int8.onnx` | ", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);

        // A summary of before these metrics, and with a generator that copies.
        var summary = JsonNode.Parse(File.ReadAllText(_world.Run("summary.json")))!;
        var ofSamples = summary["stages"]!["evaluate"]!.AsObject();
        ofSamples["copies"]!["pixels"]!["chance"] = 1e-5;
        ofSamples["copies"]!["pixels"]!["nearer"] = 42;
        Assert.Contains("42 of 150 samples are nearer to a training picture than 99 % of real pictures are, in pixels: look at copies.png",
            Report(), StringComparison.Ordinal);
        foreach (var name in new[] { "copies", "kernel", "inceptionScore", "sliced", "twoSample" }) ofSamples.Remove(name);
        ofSamples["frechet"]!.AsObject().Remove("samplesError");
        var old = Report();
        Assert.Contains("How close to real", old, StringComparison.Ordinal);
        foreach (var text in new[] { "kernel distance", "inception score", "sliced", "copying", "nearest training pictures" })
            Assert.DoesNotContain(text, old, StringComparison.Ordinal);

        string Report()
        {
            File.WriteAllText(_world.Run("summary.json"), summary.ToJsonString());
            Assert.Equal("report", _world.GanOk(["run", "tiny", .. measured]).Json["ran"]!.AsArray().Select(n => (string)n!).Single());
            return File.ReadAllText(_world.Run("report.html"));
        }

        // Forms that are not asked for any more do not stay beside a newer generator.
        string[] whole = [.. measured.Select(argument => argument.Replace("int8=true", "int8=false", StringComparison.Ordinal))];
        Assert.Contains("export", _world.GanOk(["run", "tiny", .. whole]).Json["ran"]!.AsArray().Select(n => (string)n!));
        Assert.Empty(Directory.GetFiles(_world.Run("models"), "*-int8.onnx"));

        // In a transfer experiment the discriminator beside the best generator stands beside the last one.
        var classified = _world.GanOk(["run", "tiny", .. whole, "--out", "runs/best", "--set", "data.classes=[brick 1x1, slope 2x2]",
            "--set", "data.limit=120", "--set", "data.count=600", "--set", "classify.labels-per-class=2", "--set", "classify.draws=2",
            "--set", "classify.strengths=[10]", "--set", "classify.maximum-iterations=3"]);
        Assert.Equal(["pixels", "untrained", "best"],
            classified.Json["stages"]!["classify"]!["controls"]!.AsObject().Select(control => control.Key));
        Assert.True(File.Exists(_world["runs/best/models/best-features.onnx"]));

        var colour = _world.Gan(
            "run", "tiny", "--out", "runs/colour", "--set", "evaluate.classifier=runs/judge/models", "--set", "data.channels=3");
        Assert.Equal(2, colour.Code);
        Assert.Contains("reads pictures of one channel (gray), but the data has 3 channels", colour.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditional_samples_are_read_and_compared_class_by_class()
    {
        File.AppendAllText(_world["pipelines.yaml"], """

              reader:
                kind: classifier
                data: { kind: bricks, size: 16, limit: 256, classes: [brick 1x1, brick 2x2, plate 2x3] }
                architecture: { feature-count: 8 }
                train: { epochs: 1, batch-size: 32, log-every: 2, threads: 1 }
            """);
        _world.GanOk("run", "reader");
        var run = _world.GanOk(
            "run",
            "tiny",
            "--set",
            "architecture.condition=[class]",
            "--set",
            "data.classes=[brick 1x1, brick 2x2, plate 2x3]",
            "--set",
            "evaluate.classifier=runs/reader/models",
            "--set",
            "evaluate.samples=150",
            "--json");
        var evaluated = run.Json["stages"]!["evaluate"]!;
        foreach (var name in new[] { "precision", "recall", "density", "coverage" })
            Assert.True((double)evaluated["real"]![name]! > (double)evaluated["samples"]![name]!, evaluated.ToJsonString());
        var labels = evaluated["labels"]!;
        Assert.InRange((double)labels["fields"]!["class"]!["real"]!, 0.01, 1);
        Assert.Equal(["brick 1x1", "brick 2x2", "plate 2x3"], labels["classes"]!.AsObject().Select(c => c.Key));
        Assert.InRange((double)labels["classes"]!["plate 2x3"]!["realCoverage"]!, 0.01, 1);
        Assert.InRange((double)labels["similarity"]!["samples"]!["mean"]!, 0, 1);
        Assert.True((double)labels["similarity"]!["real"]!["error"]! > 0);
        var score = evaluated["classification"]!;
        Assert.InRange((double)score["real"]!["share"]!, (double)score["real"]!["low"]!, (double)score["real"]!["high"]!);
        Assert.True((double)score["real"]!["share"]! > (double)score["samples"]!["share"]!, score.ToJsonString());
        Assert.True((double)evaluated["twoSample"]!["samples"]!["accuracy"]! > (double)evaluated["twoSample"]!["real"]!["accuracy"]!);
        foreach (var text in new[] { "two-sample accuracy", "MS-SSIM within classes", "classification accuracy score" })
            Assert.Contains(text, File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        Assert.Contains("tell samples from test pictures", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);
        Assert.InRange((double)labels["nearestNeighbour"]!["real"]!, 0.4, 1); // three classes: a guess is right on a third
        Assert.Contains("that show what was asked", File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_in_training_needs_a_feature_space()
    {
        var outcome = _world.Gan("run", "tiny", "--set", "train.evaluate-every=2");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("evaluate-every", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("evaluate.classifier", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_that_is_not_there_is_told_before_anything_runs()
    {
        var outcome = _world.Gan("run", "--set", "evaluate.classifier=nowhere");
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"evaluate.classifier: there is no {_world["nowhere/classifier.onnx"]}", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world.Run("")));
    }

    [Fact]
    public void Evaluating_without_a_classifier_says_what_to_set()
    {
        var outcome = _world.Gan("evaluate", "tiny");
        Assert.Equal(2, outcome.Code);
        Assert.Contains(
            "tiny names no classifier to measure samples with: --set evaluate.classifier=FOLDER",
            outcome.Error,
            StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
