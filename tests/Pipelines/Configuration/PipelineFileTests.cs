using GanPipeline.Training;

namespace GanPipeline.Pipelines.Tests;

/// <summary>How a pipeline's values come together: defaults, the file, the preset, --set.</summary>
public sealed class PipelineFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PipelineFile File(string yaml)
    {
        System.IO.File.WriteAllText(_folder["p.yaml"], yaml);
        return PipelineFile.Load(_folder["p.yaml"]);
    }

    private const string Two = """
        pipelines:
          first:
            train: { steps: 10, batch-size: 4 }
            presets:
              full:
                train: { steps: 99, learning-rate: 0.001 }
                architecture: { filters: 128 }
          pictures:
            data: { kind: folder, size: 32, path: sub/pictures }
        """;

    [Fact]
    public void Defaults_file_preset_and_set_win_in_this_order()
    {
        var file = File(Two);
        var plain = file.Resolve(null, []);
        Assert.Equal(
            ("first", 10L, 4, 2e-4, 64),
            (plain.Name, plain.Train.Steps, plain.Train.BatchSize, plain.Train.LearningRate, plain.Architecture.Filters));
        var full = file.Resolve("first", ["train.preset=full"]);
        Assert.Equal((99L, 4, 1e-3, 128), (full.Train.Steps, full.Train.BatchSize, full.Train.LearningRate, full.Architecture.Filters));
        var set = file.Resolve("first", ["train.steps=7", "train.preset=full", "data.classes=[a, b]"]);
        Assert.Equal((7L, 128), (set.Train.Steps, set.Architecture.Filters));
        Assert.Equal(["a", "b"], set.Data.Classes);
    }

    [Fact]
    public void Threads_are_a_number_or_auto_which_a_later_set_can_say_again()
    {
        var file = File(Two);
        Assert.Null(file.Resolve("first", []).Train.Threads);
        Assert.Equal(3, file.Resolve("first", ["train.threads=3"]).Train.Threads);
        var again = file.Resolve("first", ["train.threads=3", "train.threads=auto"]);
        Assert.Null(again.Train.Threads);
        Assert.Equal("auto", (string?)again.ToJson("train")["threads"]);
    }

    [Fact]
    public void A_list_needs_no_settings_that_are_right()
    {
        System.IO.File.WriteAllText(_folder["list.yaml"],
            "pipelines:\n  one: { kind: classifier, description: Reads, data: { kind: idx, sise: 3 } }\n" +
            "  two: { train: { steps: -5 }, presets: { full: {}, long: {} } }\n");
        Assert.Collection(
            PipelineFile.Summaries(_folder["list.yaml"]),
            one => Assert.Equal(("one", "classifier", "Reads", "idx", ""), Of(one)),
            two => Assert.Equal(("two", "gan", "", "bricks", "full long"), Of(two)));
        Assert.Throws<RequestException>(() => PipelineFile.Load(_folder["list.yaml"]));

        System.IO.File.WriteAllText(_folder["list.yaml"], "pipelines: { One: {}, two: 5 }\n");
        Assert.Equal(2, Assert.Throws<RequestException>(() => PipelineFile.Summaries(_folder["list.yaml"])).Problems.Count);

        static (string, string, string, string, string) Of(PipelineSummary p) =>
            (p.Name, p.Kind, p.Description, p.Data, string.Join(' ', p.Presets));
    }

    [Fact]
    public void Relative_paths_start_from_where_they_were_written()
    {
        var file = File(Two);
        Directory.CreateDirectory(_folder["sub/pictures"]);
        Assert.Equal(_folder["sub/pictures"], file.Resolve("pictures", []).Data.Path);
        Assert.Equal(Environment.CurrentDirectory, file.Resolve("pictures", ["data.path=."]).Data.Path);
    }

    [Theory]
    [InlineData("train.stepz=5", "--set train.stepz=5: train.stepz: unknown key; did you mean \"steps\"?")]
    [InlineData("trian.steps=5", "--set trian.steps=5: trian: unknown key; did you mean \"train\"?")]
    [InlineData("train.steps=-5", "--set train.steps=-5: train.steps: The number of steps is at least 0; got -5.")]
    [InlineData("train.steps", "--set train.steps: must be SECTION.KEY=VALUE, for example train.steps=500.")]
    [InlineData("=5", "must be SECTION.KEY=VALUE")]
    [InlineData("train..steps=5", "must be SECTION.KEY=VALUE")]
    [InlineData("train=5", "--set train=5: train: must be a map of options, but is \"5\".")]
    [InlineData("train.preset=ful", "train.preset: \"ful\" is no preset of first, which has full and small.")]
    [InlineData("train.threads=many", "train.threads: \"many\" is not a whole number or auto.")]
    [InlineData("train.threads=-1", "train.threads: The number of threads is from 0 (all processors) to 1024; got -1.")]
    [InlineData("train.device=cpu train.precision=float16", "train.precision: The precision float16 is for CUDA, and the device is cpu")]
    [InlineData("train.device=gpu", "train.device: \"gpu\"; did you mean \"cpu\"? Known here: auto, cpu, cuda.")]
    [InlineData("data.classes=[a", "--set data.classes=[a: this is not valid YAML")]
    [InlineData("data.kind=idx", "data.size: is missing. The architecture 'dcgan' makes square images with a side of 16, 32, 64, 128 " +
        "or 256 pixels, not 28 x 28; let the data set resize or pad its images, as in data.size: 32")]
    [InlineData(
        "architecture.name=upsampled",
        "architecture.name: \"upsampled\"; did you mean \"upsampling\"? Known here: dense, upsampling, dcgan, wgan-gp, transfer, " +
        "residual, growing, text-to-image, pix2pix, cyclegan, pose.")]
    [InlineData("data.kind=idx", "data.path: is missing: where the MNIST files")]
    [InlineData("data.size=50", "--set data.size=50: data.size: The architecture 'dcgan' makes square images with a side of 16, 32, " +
        "64, 128 or 256 pixels, not 50 x 50")]
    [InlineData(
        "objective.loss=wasserstein",
        "objective.loss: a gradient penalty is on each picture's own gradient, but the discriminator of dcgan has batch normalisation")]
    [InlineData("objective.gradient-penalty=10", "Take architecture.name: wgan-gp or dense, or r1 in place of the penalty.")]
    [InlineData(
        "objective.loss=hinge objective.label-noise=0.1",
        "objective.label-noise: The loss hinge has no targets that smoothing or noise could move")]
    [InlineData(
        "objective.loss=hinge objective.generator-loss=saturating",
        "objective.generator-loss: The saturating generator's loss belongs to the loss 'cross-entropy'")]
    [InlineData(
        "objective.label-noise=0.1 objective.label-smoothing=0.1",
        "objective.label-smoothing: Label smoothing cannot be combined with label noise")]
    [InlineData(
        "objective.augment=[colour,blur]",
        "objective.augment: there is no \"colour\"; there are color, translation, cutout and flip.")]
    [InlineData(
        "objective.augment=cutout objective.augment-target=0.5 objective.augment-probability=1",
        "objective.augment-probability: The augmentation's probability is what its target adapts")]
    [InlineData(
        "architecture.name=wgan-gp objective.loss=wasserstein objective.gradient-penalty=0",
        "objective.gradient-penalty: The loss wasserstein needs a bound on the critic's gradient")]
    public void A_wrong_set_is_told_as_such(string sets, string expected)
    {
        var file = File(Two);
        var e = Assert.Throws<RequestException>(() => file.Resolve("first", sets.Split(' ')));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text-encoder", "float16", true)]
    [InlineData("text-encoder", "int8", true)]
    [InlineData("text-encoder", "mirror", true)]
    [InlineData("classifier", "pixels", true)]
    [InlineData("classifier", "float16", false)]
    public void Forms_of_the_onnx_files_that_a_kind_does_not_have_are_refused(string kind, string key, bool isRefused)
    {
        var captions = kind == "text-encoder" ? ", captions: sentences" : "";
        var yaml = $"pipelines: {{ one: {{ kind: {kind}, data: {{ kind: bricks{captions} }}, export: {{ {key}: true }} }} }}\n";
        if (!isRefused)
        {
            Assert.True(File(yaml).Resolve("one", []).Export.Float16);
            return;
        }
        var e = Assert.Throws<RequestException>(() => File(yaml));
        Assert.Contains($"export.{key}: is not for a pipeline of kind {kind}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_sets_are_told_at_once()
    {
        var e = Assert.Throws<RequestException>(
            () => File(Two).Resolve("first", ["train.batch-size=0", "train.seed=x", "sample.count=-1"]));
        Assert.Equal(3, e.Problems.Count);
    }

    [Fact]
    public void Missing_data_is_told_before_anything_runs()
    {
        var e = Assert.Throws<RequestException>(() => File(Two).Resolve("pictures", []));
        Assert.Contains($"p.yaml:9: data.path: there is no {_folder["sub/pictures"]}.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_pipeline_is_told_with_the_nearest_name()
    {
        var e = Assert.Throws<RequestException>(() => File(Two).Resolve("frist", []));
        Assert.EndsWith("has no pipeline \"frist\". Did you mean first? It has first and pictures.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_file_is_right_and_starts_with_quickstart()
    {
        var file = PipelineFile.Load(Path.Combine(Repository.Root, "pipelines.yaml"));
        string[] names = [.. file.Pipelines.Select(p => p.Name)];
        Assert.Equal("quickstart", names[0]);
        string[] promised = ["mnist-gan", "mnist-dcgan", "bricks-dcgan", "folder-dcgan", "mnist-classifier", "bricks-classifier"];
        Assert.All(promised, p => Assert.Contains(p, names));
        Assert.All(file.Pipelines, p => Assert.NotEmpty(p.Description));
        var lesson = file.Resolve("bricks-dcgan", ["train.preset=full"]);
        Assert.Equal(
            (64, 64, 0.3, 0.1),
            (lesson.Data.Size, lesson.Architecture.Filters, lesson.Architecture.Dropout, lesson.Objective.LabelNoise));
        Assert.Equal(
            (GeneratorBatch.Reused, UpdateOrder.Together, LossReduction.Mean),
            (lesson.Objective.GeneratorBatch, lesson.Objective.Updates, lesson.Objective.DiscriminatorLoss));
        Assert.Equal(187_500, lesson.Train.Steps); // 300 epochs of 40,000 by 64
        // What accelerators are given is right in all pipelines that have it.
        var generators = file.Pipelines.Select(p => p.Name).Where(p => !p.EndsWith("-classifier", StringComparison.Ordinal)
            && !p.EndsWith("-reader", StringComparison.Ordinal)
            && !p.EndsWith("-encoder", StringComparison.Ordinal)
            && !p.EndsWith("-transfer", StringComparison.Ordinal));
        Assert.All(generators, p => Assert.True(file.Resolve(p, ["train.preset=full", $"data.path={_folder.Path}"]).Train.Steps > file
            .Resolve(p, [$"data.path={_folder.Path}"])
            .Train
            .Steps));
    }

    [Fact]
    public void The_keys_that_scripts_set_exist()
    {
        var options = File(Two).Resolve("pictures", [$"data.path={_folder.Path}", "train.steps=3", "train.device=cpu", "train.seed=11"]);
        Assert.Equal((_folder.Path, 3L, "cpu", 11L), (options.Data.Path, options.Train.Steps, options.Train.Device, options.Train.Seed));
    }

    public void Dispose() => _folder.Dispose();
}
