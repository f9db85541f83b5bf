using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class TextEncoderTests
{
    [Theory]
    [InlineData(TextUnit.Word, 0, TextPooling.Mean)]
    [InlineData(TextUnit.Word, 0, TextPooling.Last)]
    [InlineData(TextUnit.Character, 2, TextPooling.Mean)]
    [InlineData(TextUnit.Character, 2, TextPooling.Last)]
    public void Learns_what_pictures_and_captions_have_in_common_and_survives_saving(TextUnit unit, int convolutions, TextPooling pooling)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var training = new CornerSource(256);
        using var encoder = TextEncoder.Create(Small(training, unit) with { Convolutions = convolutions, Pooling = pooling });
        var lines = new List<FitProgress>();
        var result = new TextEncoderTrainer(encoder, new() { Epochs = 8, BatchSize = 16, LogEvery = 32, Device = "cpu", Threads = 1 })
            .Run(training, lines.Add);
        Assert.Equal((true, 0L, 128L, 128L), (result.Finished, result.FirstStep, result.Step, result.Steps));
        Assert.Equal([32L, 64, 96, 128], lines.Select(line => line.Step));
        Assert.True(lines[^1].Loss < lines[0].Loss / 4, $"{lines[0].Loss} became {lines[^1].Loss}");

        // Every other picture's nearest of the four corners' texts; chance is a quarter.
        using var heldOut = new CornerSource(100, first: 1000);
        using var untracked = no_grad();
        string[] texts = ["a dot at the top on the left", "a dot at the top on the right", "at the bottom, to the left: a dot",
            "at the bottom, to the right: a dot"];
        var ids = stack(texts.Select(text => tensor(encoder.Vocabulary.Encode(text))));
        var nearest = encoder.Image.call(Images(heldOut, 100)).mm(encoder.Text.call(ids).t()).argmax(1).data<long>().ToArray();
        Assert.InRange(nearest.Where((corner, i) => corner == heldOut.Corner(i)).Count(), 97, 100);

        TextEncoderCheckpoint.Save(encoder, folder["encoder"]);
        using var loaded = TextEncoderCheckpoint.Load(folder["encoder"]);
        Assert.Equal(encoder.Vocabulary.ToJson(), loaded.Vocabulary.ToJson());
        Assert.Equal(encoder.Options with { Vocabulary = loaded.Vocabulary }, loaded.Options);
        Assert.True(Bits.Same(encoder.Text.call(ids), loaded.Text.call(ids)));
        Assert.True(Bits.Same(encoder.Image.call(Images(heldOut, 4)), loaded.Image.call(Images(heldOut, 4))));
    }

    [Theory]
    [InlineData(0, TextPooling.Mean)]
    [InlineData(0, TextPooling.Last)]
    [InlineData(2, TextPooling.Mean)]
    [InlineData(3, TextPooling.Last)]
    public void Padding_changes_nothing(int convolutions, TextPooling pooling)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var options = new TextEncoderOptions
        {
            Shape = new(1, 8, 8),
            Vocabulary = Vocabulary.Build(["a b c d e f g h i j k"]),
            Convolutions = convolutions,
            Pooling = pooling,
        };
        using var encoder = TextEncoder.Create(options);
        encoder.Text.eval();
        manual_seed(1);
        for (var count = 1; count <= 11; count++)
        {
            var ids = randint(1, 13, [1, count], dtype: int64);
            var alone = encoder.Text.call(ids);
            foreach (var padding in new[] { 1, 5, 24 })
            {
                // float32 rounds sums of other lengths otherwise.
                var padded = encoder.Text.call(cat([ids, zeros(1, padding, dtype: int64)], 1));
                Assert.InRange((padded - alone).abs().max().item<float>(), 0, 1e-6f);
            }
            if (count > 1) Assert.NotEqual(0, (encoder.Text.call(ids.roll(1, 1)) - alone).abs().max().item<float>());
        }
        Assert.True(encoder.Text.call(zeros(1, 6, dtype: int64)).isfinite().all().item<bool>());
    }

    [Fact]
    public void Pairs_of_a_group_are_not_told_apart()
    {
        using var scope = NewDisposeScope();
        var images = tensor(new float[,] { { 1, 0 }, { 1, 0 }, { 0, 1 } });
        var (loss, accuracy) = JointEmbedding.Compare(images * 2, images * 2, tensor(new long[] { 5, 5, 9 }));
        // Matching scores are 4 and others 0, beyond the margin.
        Assert.Equal((0, 1), (loss.item<float>(), accuracy.item<float>()));
        (loss, accuracy) = JointEmbedding.Compare(images * 2, images * 2, tensor(new long[] { 5, 6, 9 }));
        // Of six pairs two are as near as the matching ones: each pays the margin for its texts and for its images.
        Assert.Equal(4 / 6f, loss.item<float>(), 6);
        Assert.InRange(accuracy.item<float>(), 0.6f, 0.7f);
        (loss, _) = JointEmbedding.Compare(images, images, tensor(new long[] { 5, 5, 5 }));
        Assert.Equal(0, loss.item<float>());
    }

    [Fact]
    public void A_choice_of_threads_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        using var source = new CornerSource(64);
        var options = new TextEncoderTrainingOptions { Epochs = 1, BatchSize = 16, Device = "cpu", Folder = folder["run"] };
        using var chosen = TextEncoder.Create(Small(source));
        new TextEncoderTrainer(chosen, options).Run(source);
        var threads = Checkpoint.ReadInfo(folder["run/checkpoints/step-0000000004"]).Threads;
        Assert.InRange(threads, 1, Environment.ProcessorCount);
        using var told = TextEncoder.Create(Small(source));
        new TextEncoderTrainer(told, options with { Folder = null, Threads = threads }).Run(source);
        Assert.All(
            TextEncoderCheckpoint.Tensors(chosen).Zip(TextEncoderCheckpoint.Tensors(told)),
            pair => Assert.True(Bits.Same(pair.First.Value, pair.Second.Value), pair.First.Name));
    }

    [Fact]
    public void A_training_that_stops_goes_on_to_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        using var source = new CornerSource(128);
        var options = new TextEncoderTrainingOptions
        {
            Epochs = 3, BatchSize = 16, Device = "cpu", Threads = 1, RandomCrop = 2, LogEvery = 1, CheckpointEvery = 5,
        };
        using var whole = TextEncoder.Create(Small(source));
        new TextEncoderTrainer(whole, options).Run(source);

        options = options with { Folder = folder["run"] };
        using var stop = new CancellationTokenSource();
        using var stopped = TextEncoder.Create(Small(source));
        var result = new TextEncoderTrainer(stopped, options).Run(source, p => { if (p.Step == 12) stop.Cancel(); }, stop: stop.Token);
        Assert.Equal((false, 12L, 24L), (result.Finished, result.Step, result.Steps));

        // The last checkpoint is damaged, so the one of step 10 is taken.
        var weights = folder["run/checkpoints/step-0000000012/weights.safetensors"];
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        using var resumed = TextEncoder.Create(Small(source), seed: 9);
        var steps = new List<long>();
        // It goes on with the threads that it began with.
        result = new TextEncoderTrainer(resumed, options with { Threads = null }).Run(source, p => steps.Add(p.Step), steps.Add);
        Assert.Equal(1, Checkpoint.ReadInfo(folder["run/checkpoints/step-0000000024"]).Threads);
        Assert.Equal((true, 10L, 24L), (result.Finished, result.FirstStep, result.Step));
        Assert.Equal(Enumerable.Range(10, 15).Select(i => (long)i), steps);
        Assert.All(
            TextEncoderCheckpoint.Tensors(whole).Zip(TextEncoderCheckpoint.Tensors(resumed)),
            pair => Assert.True(Bits.Same(pair.First.Value, pair.Second.Value), pair.First.Name));
        Assert.Equal(
            Enumerable.Range(1, 24).Select(i => (long)i),
            new TrainingFolder(folder["run"]).ReadMetrics<FitMetrics>().Select(line => line.Step));

        using var other = TextEncoder.Create(
            Small(source) with { Vocabulary = Vocabulary.Build(source.AllCaptions(), new() { MinimumCount = 200 }) });
        var error = Assert.Throws<CheckpointException>(() => new TextEncoderTrainer(other, options).Run(source));
        Assert.Contains("architecture.vocabulary was 12 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_may_be_what_matches()
    {
        using var source = new CornerSource(64);
        var options = new TextEncoderTrainingOptions { Epochs = 1, BatchSize = 16, Device = "cpu", Threads = 1, LogEvery = 1 };
        var (own, classes) = (First(options), First(options with { MatchClasses = true }));
        // Captions of a corner say the same, and its two classes are two corners each.
        Assert.NotEqual(own.Loss, classes.Loss);
        Assert.True(classes.Accuracy > own.Accuracy);

        FitProgress First(TextEncoderTrainingOptions options)
        {
            using var encoder = TextEncoder.Create(Small(source));
            var lines = new List<FitProgress>();
            new TextEncoderTrainer(encoder, options).Run(source, lines.Add);
            return lines[0];
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var source = new CornerSource(16);
        using var plain = new SyntheticSource(new ImageShape(1, 16, 16));
        using var larger = new SyntheticSource(new ImageShape(1, 24, 24));
        using var folder = new TemporaryFolder();
        using var encoder = TextEncoder.Create(Small(source));
        var trainer = new TextEncoderTrainer(encoder, new() { Device = "cpu" });
        Assert.Contains("have no captions", Assert.Throws<DataSetException>(() => trainer.Run(plain)).Message, StringComparison.Ordinal);
        Assert.Contains("24 x 24", Assert.Throws<ArgumentException>(() => trainer.Run(larger)).Message, StringComparison.Ordinal);
        Assert.Contains("got 0", Fails(Small(source) with { EmbeddingSize = 0 }), StringComparison.Ordinal);
        Assert.Contains("got 9", Fails(Small(source) with { Convolutions = 9 }), StringComparison.Ordinal);
        Assert.Contains("8 x 8", Fails(Small(source) with { Shape = new(1, 4, 4) }), StringComparison.Ordinal);
        Assert.Contains("got 1", Assert.Throws<ArgumentException>(() => new TextEncoderTrainer(encoder, new() { BatchSize = 1 })).Message,
            StringComparison.Ordinal);

        Assert.Contains("text-encoder.json", Load(), StringComparison.Ordinal);
        TextEncoderCheckpoint.Save(encoder, folder.Path);
        var weights = folder["text-encoder.safetensors"];
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        Assert.Contains("cut short", Load(), StringComparison.Ordinal);
        var description = File.ReadAllText(folder["text-encoder.json"]);
        File.WriteAllText(folder["text-encoder.json"], description.Replace("\"word\"", "\"line\"", StringComparison.Ordinal));
        Assert.Contains("unit is 'line'", Load(), StringComparison.Ordinal);

        string Load() => Assert.Throws<CheckpointException>(() => TextEncoderCheckpoint.Load(folder.Path)).Message;

        static string Fails(TextEncoderOptions options) => Assert.Throws<ArgumentException>(() => TextEncoder.Create(options)).Message;
    }

    private static TextEncoderOptions Small(CornerSource source, TextUnit unit = TextUnit.Word) => new()
    {
        Shape = source.Shape,
        Vocabulary = Vocabulary.Build(source.AllCaptions(), new() { Unit = unit }),
        EmbeddingSize = 16,
        TokenSize = 12,
        StateSize = 20,
        Filters = 8,
    };

    private static Tensor Images(CornerSource source, int count)
    {
        var bytes = new byte[count * source.Shape.Size];
        for (var i = 0; i < count; i++) source.TryRead(i, bytes.AsSpan(i * source.Shape.Size, source.Shape.Size));
        return BatchTensors.Images(bytes, count, source.Shape, CPU);
    }
}
