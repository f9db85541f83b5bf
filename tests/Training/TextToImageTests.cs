using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings of networks that are told texts.</summary>
public class TextToImageTests
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "text-to-image", Shape = new(1, 16, 16), LatentSize = 4, LabelSize = 16, Filters = 8 };

    private static TrainingOptions Options(string folder, long steps) => TrainingProcess.Options(folder, steps) with
    {
        BatchSize = 16,
        LearningRate = 2e-3,
        DiscriminatorLearningRate = 2e-3,
        AverageDecay = 0.95,
        Objective = new() { Interpolation = 0.5 },
    };

    private static TextEncoder Encoder(CornerSource source)
    {
        var encoder = TextEncoder.Create(new()
        {
            Shape = source.Shape,
            Vocabulary = Vocabulary.Build(source.AllCaptions()),
            EmbeddingSize = 16,
            TokenSize = 12,
            StateSize = 20,
            Filters = 8,
        });
        new TextEncoderTrainer(encoder, new() { Epochs = 8, BatchSize = 16, Device = "cpu", Threads = 1 }).Run(source);
        return encoder;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Images_show_what_texts_say(int noise)
    {
        using var folder = new TemporaryFolder();
        using var source = new CornerSource(256);
        using var encoder = Encoder(source);
        using var networks = Architectures.Create(_architecture with { LatentSize = 4 + noise, ConditioningNoise = noise }, seed: 3);
        // Augmented, texts are told from each other once their distributions are narrow.
        var steps = noise > 0 ? 1000 : 400;
        var options = Options(folder.Path, steps);
        new Trainer(networks, source, options with
        {
            Objective = options.Objective with { ConditioningDivergence = noise > 0 ? 0.02 : 0 },
        }, textEncoder: encoder).Run();
        using var trained = Checkpoint.LoadNetworks(new TrainingFolder(folder.Path).Checkpoint(steps));
        using var scope = NewDisposeScope();
        string[] texts = ["a dot at the top on the left", "a dot at the top on the right", "At the bottom, to the left: a dot",
            "At the bottom, to the right: a dot"];
        const int each = 8;
        float[] labels = [.. texts.SelectMany(text =>
            Enumerable.Repeat(encoder.Embed(encoder.Vocabulary.Encode(text), 1).data<float>().ToArray(), each).SelectMany(v => v))];
        var images = GeneratorSamples.Draw(trained, texts.Length * each, seed: 1, labels: labels);
        var right = Enumerable.Range(0, images.Count).Count(i => Brightest(images, i) == i / each);
        Assert.True(right >= 0.9 * images.Count, $"{right} of {images.Count} corners are as said.");
    }

    private static int Brightest(ImageTensor images, int image) => Enumerable.Range(0, 4).MaxBy(corner =>
        Enumerable.Range(0, 256).Where(i => (i % 16 >= 8) == (corner % 2 == 1) && (i / 16 >= 8) == (corner >= 2))
            .Sum(i => images.Image(image)[i]));

    [Fact]
    public void Resumed_training_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var source = new CornerSource(64);
        using var encoder = Encoder(source);
        var whole = Train(Options(folder["whole"], 12));
        using var stop = new CancellationTokenSource();
        Train(Options(folder["parts"], 12) with { LogEvery = 5 },
            new RecordingObserver { OnProgress = progress => { if (progress.Step == 5) stop.Cancel(); } }, stop.Token);
        var parts = Train(Options(folder["parts"], 12));
        Assert.Equal(5, parts.FirstStep);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));

        // An encoder that says something else makes another training of it.
        using (no_grad()) encoder.Text.parameters().First().add_(1);
        var error = Assert.Throws<CheckpointException>(() => Train(Options(folder["parts"], 20)));
        Assert.Contains("textEncoder was ", error.Message, StringComparison.Ordinal);

        TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, CancellationToken cancel = default)
        {
            using var networks = Architectures.Create(_architecture, seed: 3);
            return new Trainer(networks, source, options, observer, textEncoder: encoder).Run(cancel);
        }
    }

    [Fact]
    public void Each_picture_gets_the_next_text_that_says_something_else()
    {
        Assert.Equal([2, 2, 3, 4, 0], Trainer.Mismatches([7, 7, 5, 6, 5])!);
        Assert.Equal([1, 0], Trainer.Mismatches([1, 2])!);
        Assert.Null(Trainer.Mismatches([3, 3, 3]));
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var folder = new TemporaryFolder();
        using var source = new CornerSource(64);
        using var plain = new SyntheticSource(source.Shape);
        using var encoder = TextEncoder.Create(new()
        {
            Shape = source.Shape, Vocabulary = Vocabulary.Build(source.AllCaptions()), EmbeddingSize = 16,
        });
        using var networks = Architectures.Create(_architecture);
        using var wider = Architectures.Create(_architecture with { LabelSize = 20 });
        using var untold = Architectures.Create(new() { Name = "dcgan", Shape = source.Shape, Filters = 8 });
        var options = Options(folder.Path, 10);
        Assert.Contains("give the text encoder", Fails(() => new Trainer(networks, source, options)), StringComparison.Ordinal);
        Assert.Contains("'dcgan' is not", Fails(() => new Trainer(untold, source, options, textEncoder: encoder)),
            StringComparison.Ordinal);
        Assert.Contains("makes 16", Fails(() => new Trainer(wider, source, options, textEncoder: encoder)), StringComparison.Ordinal);
        Assert.Contains("objective.interpolation", Fails(() => new Trainer(untold, source, options)), StringComparison.Ordinal);
        Assert.Contains("relativistic", Fails(() => new Trainer(networks, source,
            options with { Objective = new() { Loss = GanLoss.Relativistic } }, textEncoder: encoder)), StringComparison.Ordinal);
        Assert.Contains("generator-batch: fresh", Fails(() => new Trainer(networks, source,
            options with { Objective = new() { Interpolation = 0.5, GeneratorBatch = GeneratorBatch.Reused } }, textEncoder: encoder)),
            StringComparison.Ordinal);
        var augments = _architecture with { ConditioningNoise = 3 };
        using var augmenting = Architectures.Create(augments);
        Assert.Contains("objective.conditioning-divergence: 2", Fails(() => new Trainer(augmenting, source, options,
            textEncoder: encoder)), StringComparison.Ordinal);
        Assert.Contains("set architecture.conditioning-noise", Fails(() => new Trainer(networks, source,
            options with { Objective = new() { ConditioningDivergence = 2 } }, textEncoder: encoder)), StringComparison.Ordinal);
        Assert.Contains("from 0 to 3 numbers", Fails(() => Architectures.Create(augments with { ConditioningNoise = 4 })),
            StringComparison.Ordinal);
        Assert.Contains("'dcgan' is not told texts", Fails(() => Architectures.Create(augments with { Name = "dcgan" })),
            StringComparison.Ordinal);
        Assert.Contains("matches none", Fails(() => Architectures.Create(
            untold.Options with { TextMatching = TextMatching.Projection })), StringComparison.Ordinal);
        Assert.Contains("how many numbers", Fails(() => Architectures.Create(_architecture with { LabelSize = 0 })),
            StringComparison.Ordinal);
        Assert.Throws<DataSetException>(() => new Trainer(networks, plain, options, textEncoder: encoder));

        static string Fails(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;
    }
}
