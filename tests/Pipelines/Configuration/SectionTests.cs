using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.ML;
using GanPipeline.Training;

namespace GanPipeline.Pipelines.Tests;

/// <summary>Keys are bound to the libraries' records: every kind of value, and what the records refuse.</summary>
public sealed class SectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private (T Options, IReadOnlyList<string> Problems) Bind<T>(OptionPart<T> part, string yaml) where T : class
    {
        File.WriteAllText(_folder["s.yaml"], yaml);
        var problems = new Problems();
        var section = new Section(YamlReader.ReadFile(_folder["s.yaml"], problems), "x", problems);
        var options = section.Bind(part);
        section.Done();
        try { problems.ThrowIfAny(); }
        catch (RequestException e) { return (options, [.. e.Problems
            .Select(p => p.Replace(_folder["s.yaml"], "s.yaml", StringComparison.Ordinal))]); }
        return (options, []);
    }

    [Fact]
    public void Every_kind_of_value_is_bound_and_written_back_under_its_key()
    {
        var (objective, none) = Bind(PipelineSections.Objective,
            "loss: least-squares\nr1: 5e-2\nr1-every: 4\nspectral-normalization: true\ninstance-noise-steps: 3000000000\naugment: [color, flip]\nupdates: together\n");
        Assert.Empty(none);
        Assert.Equal(new ObjectiveOptions
        {
            Loss = GanLoss.LeastSquares, R1 = 0.05, R1Every = 4, SpectralNormalization = true, InstanceNoiseSteps = 3_000_000_000,
            Augment = Augmentations.Color | Augmentations.Flip, Updates = UpdateOrder.Together,
        }, objective);
        var json = PipelineSections.Objective.ToJson(objective);
        Assert.Equal(("least-squares", "together", 0.05), ((string?)json["loss"], (string?)json["updates"], (double?)json["r1"]));
        Assert.Equal(["color", "flip"], json["augment"]!.AsArray().Select(n => (string?)n));

        var (data, _) = Bind(
            PipelineSections.Data,
            "path: pictures\nclasses: [a, b]\nbricks: { pitch: 45, yaw: [1, 2.5], shadow: false }\n");
        Assert.Equal(
            (_folder["pictures"], new NumberRange(45, 45), new NumberRange(1, 2.5), false),
            (data.Path, data.Bricks.Pitch, data.Bricks.Yaw, data.Bricks.Shadow));
        Assert.Equal("[1,2.5]", PipelineSections.Data.ToJson(data)["bricks"]!["yaw"]!.ToJsonString());
        Assert.Equal([0.1, 10], Bind(PipelineSections.Transfer, "strengths: [0.1, 10]\ntrainer: linear-svm\n").Options.Strengths);
    }

    [Fact]
    public void Defaults_are_the_record_s_own_and_stay_so()
    {
        Bind(PipelineSections.Data, "kind: idx\nbricks: { yaw: 3 }\n");
        Bind(PipelineSections.Train, "steps: 7\n");
        Assert.Equal(new BricksOptions().Yaw, Bind(PipelineSections.Data, "seed: 1\n").Options.Bricks.Yaw);
        Assert.Equal(new TrainingOptions { Folder = "." }, Bind(PipelineSections.Train, "seed:\n").Options);
    }

    [Fact]
    public void What_a_record_refuses_is_told_at_the_key_s_line_once()
    {
        Assert.Equal(["s.yaml:2: x.beta1: beta1 lies from 0 to below 1; got 2.", "s.yaml:3: x.device: \"gpu\"; did you mean \"cpu\"? " +
            "Known here: auto, cpu, cuda."],
            Bind(PipelineSections.Train, "steps: 3\nbeta1: 2\ndevice: gpu\n").Problems.Order());
        Assert.Equal(["s.yaml:2: x.bricks.pitch: the range of bricks' pitch is 60 to 20, but must be increasing and within -90 to 90."],
            Bind(PipelineSections.Data, "bricks:\n  pitch: [60, 20]\n").Problems);
        Assert.Equal([$"s.yaml:1: x.opset: The operator set must be from {ExportOptions.OldestOpset} to {ExportOptions.NewestOpset}."],
            Bind(PipelineSections.Onnx, "opset: 9\n").Problems);
        Assert.Equal(["s.yaml:1: x.strengths: The strengths are above 0 and grow from one to the next; got 1 after 2."],
            Bind(PipelineSections.Transfer, "strengths: [2, 1]\n").Problems);
        Assert.Equal(
            ["s.yaml:1: x.steps: A pipeline trains for at least 1 step; got 0."],
            Bind(PipelineSections.Train, "steps: 0\n").Problems);
    }

    [Fact]
    public void Choices_that_are_written_beside_an_option_are_those_that_there_are()
    {
        Assert.Equal(Architectures.Names, Choices(PipelineSections.Architecture, nameof(ArchitectureOptions.Name)));
        Assert.Equal(DataOptions.Kinds, Choices(PipelineSections.Data, nameof(DataOptions.Kind)));
        Assert.Equal(DataOptions.Fits, Choices(PipelineSections.Data, nameof(DataOptions.Fit)));
        Assert.Equal(["logistic-regression", "linear-svm"], Choices(PipelineSections.Transfer, nameof(TransferOptions.Trainer)));

        static IEnumerable<string> Choices(OptionPart part, string name) => part.Members.Single(m => m.Property.Name == name).Choices!;
    }

    [Fact]
    public void A_pipeline_s_options_are_shown_under_their_keys()
    {
        var file = PipelineFile.Load(Path.Combine(Repository.Root, "pipelines.yaml"));
        var json = file.Resolve("mnist-wgan-gp", [$"data.path={_folder.Path}"]).ToJson();
        Assert.Equal(["kind", "data", "architecture", "objective", "train", "export", "sample", "evaluate"], json.Select(s => s.Key));
        // Defaults that depend on the loss are shown as they are in effect.
        Assert.Equal(("wasserstein", 5, 10.0, 32), ((string?)json["objective"]!["loss"], (int?)json["objective"]!["critic-steps"],
            (double?)json["objective"]!["gradient-penalty"], (int?)json["architecture"]!["filters"]));
        Assert.Equal(["kind", "data", "architecture", "train", "export"], file.Resolve("bricks-reader", []).ToJson().Select(s => s.Key));
    }
}
