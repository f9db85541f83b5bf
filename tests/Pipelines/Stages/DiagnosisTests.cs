using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Pipelines.Tests;

/// <summary>Trainings that go wrong on purpose, on real pictures with the probe that runs have. docs/diagnosis.md has larger ones.</summary>
public sealed class DiagnosisTests : IDisposable
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "dcgan", Shape = new(1, 16, 16), LatentSize = 8, Filters = 8, Dropout = 0 };

    private readonly TemporaryFolder _folder = new();
    private readonly IImageSource _bricks = DataSets.Open(new() { Kind = "bricks", Size = 16, Channels = 1, Count = 600 });
    private readonly IImageSource _heldOut = DataSets.Open(new() { Kind = "bricks", Size = 16, Channels = 1, Count = 300, Split = "test" });

    public void Dispose()
    {
        _bricks.Dispose();
        _heldOut.Dispose();
        _folder.Dispose();
    }

    private TrainingOptions Options => new()
    {
        Folder = _folder["train"],
        Steps = 760,
        BatchSize = 16,
        Device = "cpu",
        Threads = 1,
        Precision = TrainingPrecision.Float32,
        LearningRate = 4e-4,
        SampleEvery = 0,
        CheckpointEvery = 1000,
        DiagnoseEvery = 120,
        Objective = new() { R1 = 0.05, R1Every = 4 },
    };

    private string[] Conditions(TrainingOptions options, GanNetworks networks)
    {
        var observer = new Observer();
        using var probe = new GeneratorProbe(
            Evaluator.Load(Path.Combine(Repository.Root, "models", "bricks-classifier", "classifier.onnx")), _bricks, seed: 2, default);
        new Trainer(networks, _bricks, options, observer) { Probe = probe, HeldOut = _heldOut }.Run();
        var lines = new TrainingFolder(options.Folder).ReadMetrics<GanMetrics>();
        Assert.Equal(6, lines.Count(line => line is { Diversity: not null, Distance: not null, Novelty: not null, Variation: not null }));
        var told = Diagnosis.Of(options.Objective.Loss, lines).Select(span => span.Condition).ToArray();
        // What was told while it trained is what the log says afterwards.
        Assert.Equal(told, observer.Begun);
        Assert.Equal(told.Length > 0 ? [.. told.Order().Select(condition => condition.Key())] : null, lines[^1].Conditions);
        return [.. told.Select(condition => condition.Key())];
    }

    [Fact]
    public void Nothing_is_wrong_with_the_networks_as_they_are()
    {
        using var networks = Architectures.Create(_architecture, seed: 1);
        Assert.Empty(Conditions(Options, networks));
    }

    [Fact]
    public void Swapped_labels_are_named()
    {
        using var networks = Architectures.Create(_architecture, seed: 1);
        Assert.Equal(["swapped-labels"], Conditions(
            Options with { Objective = new() { LabelSmoothing = 1, GeneratedTarget = 1 } }, networks));
    }

    [Fact]
    public void A_learning_rate_of_1_diverges()
    {
        using var networks = Architectures.Create(_architecture, seed: 1);
        Assert.Equal(["divergence"], Conditions(Options with { LearningRate = 1 }, networks));
    }

    [Fact]
    public void A_generator_that_ignores_its_latents_has_collapsed()
    {
        using var own = Architectures.Create(_architecture, seed: 1);
        using var networks = new GanNetworks(own.Options, new Deaf(own.Generator), own.Discriminator);
        Assert.Contains("mode-collapse", Conditions(Options, networks));
    }

    /// <summary>A generator that hears nothing of its latents.</summary>
    private sealed class Deaf : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _inner;

        public Deaf(Module<Tensor, Tensor> inner) : base("deaf")
        {
            _inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor latents) => _inner.call(zeros_like(latents) + 1);
    }

    private sealed class Observer : ITrainingObserver
    {
        public List<TrainingCondition> Begun { get; } = [];

        public void Diagnosed(TrainingDiagnosed diagnosed)
        {
            if (diagnosed.Begins) Begun.Add(diagnosed.Condition);
        }
    }
}
