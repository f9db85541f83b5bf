using System.Text.Json.Nodes;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>The transfer experiment by the actual program: as stages of a run, and on a run's models.</summary>
public sealed class TransferTests : IClassFixture<TransferTests.Transferred>
{
    private const string Classes = "[brick 1x1, brick 2x4, slope 2x2]";
    private readonly TinyWorld _world;
    private readonly Outcome _first;

    public TransferTests(Transferred first) => (_world, _first) = (first.World, first.Outcome);

    private static readonly string[] _run =
    [
        "run", "tiny", "--json", "--set", "data.limit=120", "--set", "data.count=600", "--set", $"data.classes={Classes}", "--set",
            "classify.labels-per-class=12",
        "--set", "classify.draws=3", "--set", "classify.strengths=[1, 10]", "--set", "classify.maximum-iterations=15",
        "--set", "export.standardize=true", "--set", "classify.curve=[4, 12]", "--set", "classify.layers=true",
        "--set", "classify.gradients=true",
    ];

    private static double[] Interval(JsonNode? node)
    {
        var interval = node!.AsArray().Select(v => (double)v!).ToArray();
        Assert.Equal(2, interval.Length);
        Assert.True(interval[0] <= interval[1]);
        return interval;
    }

    [Fact]
    public void The_stages_leave_figures_pictures_and_a_model()
    {
        Assert.True(_first.Code == 0, _first.ToString());
        Assert.Equal(["train", "export", "sample", "features", "classify", "report"],
            _first.Json["ran"]!.AsArray().Select(n => (string)n!));
        var classify = _first.Json["stages"]!["classify"]!;
        var accuracy = (double)classify["accuracy"]!;
        // Bricks of such different forms are told apart by anything; three classes at random would be a third.
        Assert.InRange(accuracy, 0.5, 1);
        Assert.InRange(accuracy, Interval(classify["interval"])[0], Interval(classify["interval"])[1]);
        Assert.Equal(["pixels", "untrained", "gradients"], classify["controls"]!.AsObject().Select(c => c.Key));
        Assert.Equal((4 + 8 + 16) * 16, (int)classify["features"]!["gradients"]!);
        Assert.InRange((double)classify["controls"]!["gradients"]!["accuracy"]!, 0.4, 1);
        Assert.Equal("bricks", (string)classify["trainedOn"]!);
        foreach (var (_, control) in classify["controls"]!.AsObject())
        {
            Assert.Equal(accuracy - (double)control!["accuracy"]!, (double)control["difference"]!, 2e-6);
            Assert.InRange((double)control["difference"]!, Interval(control["interval"])[0], Interval(control["interval"])[1]);
        }
        // Each layer by itself, and fewer labels: those of the experiment itself are not trained on twice.
        Assert.Equal(["conv1", "conv2", "conv3"], classify["layers"]!.AsObject().Select(layer => layer.Key));
        Assert.All(classify["layers"]!.AsObject(), layer => Assert.InRange((double)layer.Value!["accuracy"]!, 0.3, 1));
        Assert.Equal(4 * 16, (int)classify["features"]!["conv1"]!);
        Assert.Equal([4, 12], classify["curve"]!.AsArray().Select(point => (int)point!["labelsPerClass"]!));
        Assert.Equal(["features", "pixels", "untrained", "gradients"], classify["curve"]![0]!["accuracies"]!.AsObject().Select(a => a.Key));
        Assert.Equal(accuracy, (double)classify["curve"]![1]!["accuracies"]!["features"]!["accuracy"]!);
        Assert.True((double)classify["curve"]![0]!["accuracies"]!["features"]!["accuracy"]! <= accuracy + 0.1);
        Assert.Equal((3, 12, 120), ((int)classify["draws"]!, (int)classify["labelsPerClass"]!, (int)classify["testImages"]!));
        Assert.Equal(3 * 120, classify["confusion"]!.AsArray().Sum(row => row!.AsArray().Sum(c => (int)c!)));
        Assert.Equal(((4 + 8 + 16) * 16, 32 * 32), ((int)classify["features"]!["features"]!, (int)classify["features"]!["pixels"]!));
        string[] files =
        [
            "classifier/classifier.zip", "classifier/classifier.onnx", "features/features-train/features.npy",
            "models/untrained-features.onnx",
        ];
        Assert.All(files, f => Assert.True(File.Exists(_world.Run(f)), f));
        var page = File.ReadAllText(_world.Run("report.html"));
        Assert.Contains("What the features are worth", page, StringComparison.Ordinal);
        Assert.Contains("slope 2x2", page, StringComparison.Ordinal);
        Assert.Contains("What is taken for what", page, StringComparison.Ordinal);
        Assert.Contains("Accuracy by number of labels", page, StringComparison.Ordinal);
        Assert.Contains("Each layer alone", page, StringComparison.Ordinal);
        var card = File.ReadAllText(_world.Run("models/README.md"));
        Assert.Contains("## What its features are worth", card, StringComparison.Ordinal);
        Assert.Contains("a deviation of 1 over 120 training images", card, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_run_does_nothing_and_another_choice_only_classifies()
    {
        Assert.Empty(_world.GanOk(_run).Json["ran"]!.AsArray());
        var tables = Written();
        Assert.Equal(8, tables.Length);
        var again = _world.GanOk([.. _run, "--set", "classify.strengths=[5]"]);
        Assert.Equal(["classify", "report"], again.Json["ran"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(tables, Written());

        // Of fewer labels all are in the table.
        var fewer = _world.GanOk([.. _run, "--set", "classify.labels-per-class=8", "--set", "classify.curve=[4, 8]"]);
        Assert.Equal(8, (int)fewer.Json["stages"]!["classify"]!["labelsPerClass"]!);
        Assert.Equal(tables, Written());
        _world.GanOk(_run);

        (string, DateTime)[] Written() =>
        [
            .. Directory.EnumerateFiles(_world.Run("features"), "features.npy", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => (file, File.GetLastWriteTimeUtc(file))),
        ];
    }

    [Fact]
    public void Models_are_examined_without_a_pipeline()
    {
        var (model, untrained) = (_world.Run("models/features.onnx"), _world.Run("models/untrained-features.onnx"));
        var render = InProcess.Gan("data", "render", "bricks", "--count", "60", "--size", "32", "--test", "0", "--types",
            "brick 1x1, brick 2x4, slope 2x2", "--out", _world["pictures"]);
        Assert.True(render.Code == 0, render.ToString());

        var features = InProcess.Gan("features", model, "--data", "folder:" + _world["pictures"], "--split", "all", "--out",
            _world["table"], "--threads", "1", "--json");
        Assert.True(features.Code == 0, features.ToString());
        Assert.Equal((448, 3), ((int)features.Json["columns"]!, features.Json["classes"]!.AsArray().Count));
        Assert.Equal(60, (int)features.Json["rows"]!);

        var classify = InProcess.Gan("classify", "--features", model, "--untrained", untrained, "--data", _world["pictures"], "--hold-out",
            "0.4", "--strengths", "1,10",
            "--iterations", "10", "--threads", "1", "--compare", "again=" + model, "--out", _world["classified"], "--json");
        Assert.True(classify.Code == 0, classify.ToString());
        Assert.Equal(["pixels", "untrained", "again"], classify.Json["controls"]!.AsObject().Select(c => c.Key));
        Assert.Equal(0, (double)classify.Json["controls"]!["again"]!["difference"]!);
        Assert.True(File.Exists(_world["classified/classifier.zip"]));
        using var classifier = ClassifierModel.Load(_world["classified/classifier.onnx"]);
        Assert.Equal(["brick 1x1", "brick 2x4", "slope 2x2"], classifier.Fields.Single().Values);
        Assert.False(Directory.Exists(_world["classified/features"]));
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        var model = _world.Run("models/features.onnx");
        void Told(string expected, params string[] args)
        {
            var outcome = InProcess.Gan(args);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
        Told("reads images of 32 x 32 pixels in 1 channel (gray), but those of", "features", model, "--data", "bricks", "--size", "16",
            "--out", _world["x"]);
        Told("are 32 x 32 pixels in 3 channels. --size and --channels bring the images to it.", "classify", "--features", model, "--data",
            "bricks", "--channels", "3", "--out", _world["x"]);
        Told("--data must be KIND:PATH", "features", model, "--data", "nothing:x");
        Told("--data: there is no nowhere", "features", model, "--data", "folder:nowhere");
        Told("There is no file", "features", _world["no.onnx"], "--data", "bricks");
        Told("fewer than the 400 labels per class", "classify", "--features", model, "--data", "bricks", "--limit", "600",
            "--labels-per-class", "400", "--out", _world["x"]);
        Told("--curve must be different whole numbers", "classify", "--features", model, "--data", "bricks", "--curve", "5,1");
        Told("--compare must be NAME=MODEL.onnx", "classify", "--features", model, "--data", "bricks", "--compare", model);
        Told("a name of its own", "classify", "--features", model, "--data", "bricks", "--compare", "pixels=" + model);
        Told("at least 2, or 0 for all labels", "classify", "--features", model, "--data", "bricks", "--labels-per-class", "1");
        Told("--strengths must be growing numbers above 0", "classify", "--features", model, "--data", "bricks", "--strengths", "3,1");
        Told("--trainer must be logistic-regression or linear-svm", "classify", "--features", model, "--data", "bricks", "--trainer",
            "tree");

        Directory.CreateDirectory(_world["flat"]);
        foreach (var file in Directory.EnumerateFiles(_world["runs"], "0*.png", SearchOption.AllDirectories).Take(3))
            File.Copy(file, _world["flat/" + Path.GetFileName(file)], true);
        Told("have no labels, without which no classifier can be trained", "classify", "--features", model, "--data",
            "folder:" + _world["flat"], "--hold-out", "0.4");
        Assert.False(Directory.Exists(_world["x"]));
    }

    [Fact]
    public void Data_without_enough_labels_is_told_before_the_training()
    {
        var outcome = _world.Gan("run", "--out", "early", "--set", "classify.labels-per-class=60", "--set", $"data.classes={Classes}",
            "--set", "data.limit=120");
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Matches("'brick 1x1' of bricks has [0-9]+ images to train on, fewer than the 60 labels per class", outcome.Error);
        Assert.False(Directory.Exists(_world["early/train"]));
    }

    /// <summary>One run that several tests look at.</summary>
    public sealed class Transferred : IDisposable
    {
        public Transferred() => Outcome = World.Gan(_run);

        internal TinyWorld World { get; } = new();

        internal Outcome Outcome { get; }

        public void Dispose() => World.Dispose();
    }
}
