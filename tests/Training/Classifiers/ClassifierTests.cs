using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class ClassifierTests
{
    [Fact]
    public void Learns_what_can_be_learnt_and_survives_saving()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var training = new SyntheticSource(new ImageShape(1, 16, 16), count: 512);
        using var heldOut = new SyntheticSource(new ImageShape(1, 16, 16), count: 100);
        using var classifier = Classifier.Create(ClassifierOptions.OfClasses(training.Shape, training.Classes) with { FeatureCount = 16 });
        var lines = new List<FitProgress>();
        var result = new ClassifierTrainer(classifier, new() { Epochs = 3, BatchSize = 32, LogEvery = 10, Device = "cpu", Threads = 1 })
            .Run(training, heldOut, lines.Add);
        Assert.Equal((true, 1.0, 100, 48L), (result.Finished, result.Accuracy, result.HeldOut, result.Steps));
        Assert.Equal([10L, 20, 30, 40, 48], lines.Select(line => line.Step));
        Assert.True(lines[^1].Loss < lines[0].Loss / 2);

        ClassifierCheckpoint.Save(classifier, folder["classifier"]);
        using var loaded = ClassifierCheckpoint.Load(folder["classifier"]);
        Assert.Equal(classifier.Fields[0].Values, loaded.Fields[0].Values);
        Assert.Equal(classifier.Shape, loaded.Shape);
        var images = randn(3, 1, 16, 16);
        using var untracked = no_grad();
        var features = loaded.Trunk.call(images);
        Assert.Equal([3, 16], features.shape);
        Assert.True(Bits.Same(classifier.Trunk.call(images), features));
        Assert.True(Bits.Same(classifier.Head.call(features), loaded.Head.call(features)));
    }

    [Fact]
    public void Other_classes_or_shapes_are_refused()
    {
        using var four = new SyntheticSource(new ImageShape(1, 16, 16));
        using var two = new SyntheticSource(new ImageShape(1, 16, 16), classes: 2);
        using var larger = new SyntheticSource(new ImageShape(1, 24, 24));
        using var classifier = Classifier.Create(ClassifierOptions.OfClasses(four.Shape, four.Classes));
        var trainer = new ClassifierTrainer(classifier, new() { Device = "cpu" });
        Assert.Contains(
            "place 0, place 1]",
            Assert.Throws<ArgumentException>(() => trainer.Run(four, two)).Message,
            StringComparison.Ordinal);
        Assert.Contains("24 x 24", Assert.Throws<ArgumentException>(() => trainer.Run(larger, four)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Classifier.Create(ClassifierOptions.OfClasses(new ImageShape(1, 4, 4), four.Classes)));
        Assert.Throws<ArgumentException>(() => Classifier.Create(ClassifierOptions.OfClasses(four.Shape, ["one"])));
    }

    [Fact]
    public void A_damaged_or_missing_classifier_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "classifier.json",
            Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message,
            StringComparison.Ordinal);
        using var source = new SyntheticSource(new ImageShape(1, 16, 16));
        using var classifier = Classifier.Create(ClassifierOptions.OfClasses(source.Shape, source.Classes));
        ClassifierCheckpoint.Save(classifier, folder.Path);
        var weights = folder["classifier.safetensors"];
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        Assert.Contains(
            "cut short",
            Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message,
            StringComparison.Ordinal);
        File.WriteAllText(folder["classifier.json"], "null");
        Assert.Contains(
            "holds null",
            Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Several_attributes_are_read_by_one_network()
    {
        using var training = new SquareSource(512);
        using var heldOut = new SquareSource(200, first: 1000);
        var options = new ClassifierOptions {
            Shape = training.Shape,
            Fields = [training.Attributes[2], training.Attributes[0]],
            FeatureCount = 16,
            Filters = 8,
            Depth = 2 };
        using var classifier = Classifier.Create(options);
        Assert.Equal(5, classifier.Head.parameters().Last().shape[0]); // one logit for the binary attribute, four for the place
        Assert.Equal(6, classifier.Trunk.named_children().Count(c => c.name.StartsWith("conv", StringComparison.Ordinal)));
        var result = new ClassifierTrainer(classifier, new() { Epochs = 4, BatchSize = 32, Device = "cpu", Threads = 1 }).Run(
            training,
            heldOut);
        // Chance is a half and a quarter; both can be told from every image.
        Assert.All(result.Accuracies, a => Assert.InRange(a, 0.97, 1));
        Assert.Equal(2, result.Accuracies.Count);

        using var wrong = Classifier.Create(options with { Fields = [LabelField.Binary("absent")] });
        Assert.Contains(
            "has no attribute 'absent'",
            Assert.Throws<ArgumentException>(() => new ClassifierTrainer(wrong, new() { Device = "cpu" }).Run(training, heldOut)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'turn' is a number",
            Assert.Throws<ArgumentException>(() => Classifier.Create(options with { Fields = training.Attributes })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0.8)]
    [InlineData(1.5, 0.9, 1)]
    public void A_classifier_that_was_trained_under_noise_reads_noisy_images(double noise, double least, double most)
    {
        using var training = new SquareSource(512);
        using var classifier = Classifier.Create(Small(training) with { FeatureCount = 16, Filters = 8 });
        new ClassifierTrainer(classifier, new() { Epochs = 4, BatchSize = 32, Device = "cpu", Threads = 1, Noise = noise }).Run(
            training,
            training);

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        manual_seed(1);
        var bytes = new byte[512 * training.Shape.Size];
        var corners = new float[512];
        var values = new float[3];
        for (var i = 0; i < 512; i++)
        {
            training.TryRead(i, bytes.AsSpan(i * training.Shape.Size, training.Shape.Size));
            training.ReadAttributes(i, values);
            corners[i] = values[0];
        }
        var images = tensor(bytes).to(float32).view(-1, 1, 16, 16) / 127.5 - 1;
        var read = classifier.Head.call(classifier.Trunk.call(images + randn_like(images))).argmax(1);
        Assert.InRange(read.to(float32).eq(tensor(corners)).to(float32).mean().item<float>(), least, most);
    }

    [Fact]
    public void A_training_that_stops_goes_on_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        using var source = new SquareSource(128);
        var options = new ClassifierTrainingOptions {
            Epochs = 3,
            BatchSize = 16,
            Device = "cpu",
            Threads = 1,
            Flip = true,
            RandomCrop = 2,
            LogEvery = 1,
            CheckpointEvery = 5,
            Noise = 0.5 };
        using var whole = Classifier.Create(Small(source));
        new ClassifierTrainer(whole, options).Run(source, source);

        options = options with { Folder = folder["run"] };
        using var stop = new CancellationTokenSource();
        using var stopped = Classifier.Create(Small(source));
        var result = new ClassifierTrainer(stopped, options).Run(
            source,
            source,
            p => { if (p.Step == 12) stop.Cancel(); },
            stop: stop.Token);
        Assert.Equal((false, 12L, 24L), (result.Finished, result.Step, result.Steps));

        // The last checkpoint is damaged, so the one of step 10 is taken.
        var weights = folder["run/checkpoints/step-0000000012/weights.safetensors"];
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        using var resumed = Classifier.Create(Small(source), seed: 9);
        var steps = new List<long>();
        // It goes on with the threads that it began with.
        result = new ClassifierTrainer(resumed, options with { Threads = null }).Run(source, source, p => steps.Add(p.Step), steps.Add);
        Assert.Equal(1, Checkpoint.ReadInfo(folder["run/checkpoints/step-0000000024"]).Threads);
        Assert.Equal((true, 10L, 24L), (result.Finished, result.FirstStep, result.Step));
        Assert.Equal(Enumerable.Range(10, 15).Select(i => (long)i), steps); // told of step 10, then of each one after it
        Assert.All(
            ClassifierCheckpoint.Tensors(whole).Zip(ClassifierCheckpoint.Tensors(resumed)),
            pair => Assert.True(Bits.Same(pair.First.Value, pair.Second.Value), pair.First.Name));

        Assert.Equal(
            Enumerable.Range(1, 24).Select(i => (long)i),
            new TrainingFolder(folder["run"]).ReadMetrics<FitMetrics>().Select(line => line.Step));

        var error = Assert.Throws<CheckpointException>(
            () => new ClassifierTrainer(resumed, options with { BatchSize = 8 }).Run(source, source));
        Assert.Contains("batchSize was 16 and is 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_of_threads_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        using var source = new SquareSource(64);
        var options = new ClassifierTrainingOptions { Epochs = 1, BatchSize = 16, Device = "cpu", Folder = folder["run"] };
        using var chosen = Classifier.Create(Small(source));
        new ClassifierTrainer(chosen, options).Run(source, source);
        var threads = Checkpoint.ReadInfo(folder["run/checkpoints/step-0000000004"]).Threads;
        Assert.InRange(threads, 1, Environment.ProcessorCount);
        using var told = Classifier.Create(Small(source));
        new ClassifierTrainer(told, options with { Folder = null, Threads = threads }).Run(source, source);
        Assert.All(
            ClassifierCheckpoint.Tensors(chosen).Zip(ClassifierCheckpoint.Tensors(told)),
            pair => Assert.True(Bits.Same(pair.First.Value, pair.Second.Value), pair.First.Name));
    }

    private static ClassifierOptions Small(IImageSource source)
        => new() { Shape = source.Shape, Fields = [source.Attributes[0]], FeatureCount = 8, Filters = 4 };

    /// <summary>A bright square on dark ground, or a dark one on bright ground, in one of four corners.</summary>
    private sealed class SquareSource(int count, int first = 0) : IImageSource
    {
        public string Name => "squares";
        public int Count => count;
        public ImageShape Shape => new(1, 16, 16);
        public IReadOnlyList<string> Classes => [];
        public string Fingerprint => $"squares {first} {count}";
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public IReadOnlyList<LabelField> Attributes { get; } =
            [LabelField.Categorical("corner", ["upper left", "upper right", "lower left", "lower right"]), LabelField.Numeric(
                "turn",
                0,
                1), LabelField.Binary("dark")];

        public int Label(int index) => -1;

        public void ReadAttributes(int index, Span<float> values)
        {
            var random = new Random(first + index);
            (values[0], values[1], values[2]) = (random.Next(4), random.NextSingle(), random.Next(2));
        }

        public bool TryRead(int index, Span<byte> pixels)
        {
            var values = new float[3];
            ReadAttributes(index, values);
            var random = new Random(first + index);
            for (var i = 0; i < pixels.Length; i++)
            {
                var inside = (i % 16 >= 8) == ((int)values[0] % 2 == 1) && (i / 16 >= 8) == (values[0] >= 2);
                pixels[i] = (byte)(random.Next(40) + (inside != (values[2] == 1) ? 180 : 20));
            }
            return true;
        }

        public void Dispose() { }
    }
}
