using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings of networks that grow.</summary>
public class GrowingTests
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "growing", Shape = new(1, 16, 16), LatentSize = 8, Filters = 4 };

    /// <summary>Phases of 4 steps: 8 x 8 begins to fade in at step 4 and is there at 8, 16 x 16 at 12 and 16.</summary>
    private static TrainingOptions Options(string folder, long steps) => TrainingProcess.Options(folder, steps) with
    {
        BatchSize = 4,
        GrowImages = 16,
        LearningRate = 1e-3,
        DiscriminatorLearningRate = 1e-3,
        Beta1 = 0,
        Beta2 = 0.99,
        AverageDecay = 0.9,
        Objective = new() { Loss = GanLoss.Wasserstein, CriticSteps = 1, Drift = 0.001 },
    };

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, CancellationToken stop = default)
    {
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = new SyntheticSource(_architecture.Shape);
        return new Trainer(networks, source, options, observer, null).Run(stop);
    }

    [Fact]
    public void Levels_fade_in_and_stay_by_the_images_shown()
    {
        var growth = new Growth(3);
        Assert.Equal((2, 1.0), (growth.Level, growth.Share));
        (int, double)[] expected =
        [
            (0, 1), (0, 1), (0, 1), (0, 1), (1, 0), (1, 0.25), (1, 0.5), (1, 0.75), (1, 1), (1, 1), (1, 1), (1, 1),
            (2, 0), (2, 0.25), (2, 0.5), (2, 0.75), (2, 1), (2, 1),
        ];
        for (var number = 0; number < 100; number++)
        {
            growth.To(Options("unused", 100), number);
            Assert.Equal(expected[Math.Min(number, expected.Length - 1)], (growth.Level, growth.Share));
            Assert.Equal(number is 4 or 12, growth.Begins(Options("unused", 100), number));
        }
        // The paper's number, in batches of 16.
        growth.To(new() { Folder = "unused", BatchSize = 16 }, 600_000 / 16 - 1);
        Assert.Equal(0, growth.Level);
        growth.To(new() { Folder = "unused", BatchSize = 16 }, 600_000 / 16 * 3 / 2);
        Assert.Equal((1, 0.5), (growth.Level, growth.Share));
    }

    [Fact]
    public void Batches_become_smaller_with_each_level()
    {
        var growth = new Growth(3);
        // Batches of 8, 4 and 2: phases of 2, 4, 4 and 8 steps, and the last one.
        var options = Options("unused", 100) with { BatchSize = 12, FinalBatchSize = 2 };
        (int, double, int)[] expected =
        [
            (0, 1, 8), (0, 1, 8), (1, 0, 4), (1, 0.25, 4), (1, 0.5, 4), (1, 0.75, 4), (1, 1, 4), (1, 1, 4), (1, 1, 4), (1, 1, 4), (2, 0, 2),
            (2, 0.125, 2), (2, 0.25, 2), (2, 0.375, 2), (2, 0.5, 2), (2, 0.625, 2), (2, 0.75, 2), (2, 0.875, 2), (2, 1, 2), (2, 1, 2),
        ];
        var images = 0;
        for (var number = 0; number < expected.Length; number++)
        {
            growth.To(options, number);
            Assert.Equal(expected[number], (growth.Level, growth.Share, growth.BatchSize(options)));
            Assert.Equal(number is 2 or 10, growth.Begins(options, number));
            Assert.Equal(images, growth.Images(options, number));
            images += expected[number].Item3;
        }
        // The paper's sizes of 128 to 1024 pixels, but for 14 at 256.
        growth = new Growth(9);
        options = new() { Folder = "unused", BatchSize = 16, FinalBatchSize = 3 };
        Assert.Equal([16, 12, 6, 3], new[] { 5, 6, 7, 8 }.Select(level =>
        {
            growth.Set(level, 1);
            return growth.BatchSize(options);
        }));
        using var folder = new TemporaryFolder();
        var result = Train(Options(folder.Path, 20) with { BatchSize = 8, FinalBatchSize = 2 });
        Assert.Equal(20, result.Step);

        Assert.Contains("1 to 4 images", Fails(Options(folder["wrong"], 20) with { FinalBatchSize = 5 }), StringComparison.Ordinal);
        using var plain = Architectures.Create(_architecture with { Name = "dcgan" });
        using var source = new SyntheticSource(_architecture.Shape);
        Assert.Contains("leave it out for 'dcgan'", Assert.Throws<ArgumentException>(() => new Trainer(plain, source,
            new() { Folder = folder["wrong"], Steps = 1, BatchSize = 4, FinalBatchSize = 2 })).Message, StringComparison.Ordinal);

        static string Fails(TrainingOptions options) => Assert.ThrowsAny<ArgumentException>(() => Train(options)).Message;
    }

    /// <summary>Stopped within a level, and where a level begins and Adam forgets.</summary>
    [Theory]
    [InlineData(6, 0)]
    [InlineData(12, 0)]
    [InlineData(5, 2)]
    public void Resumed_training_ends_in_the_same_bits(int at, int finalBatch)
    {
        using var folder = new TemporaryFolder();
        ResumedTraining.EndsInTheSameBits(
            folder, path => Options(path, ResumedTraining.Steps) with { FinalBatchSize = finalBatch }, Train, at);
    }

    [Theory]
    [InlineData(3, 0, 1.0, 4)]
    [InlineData(7, 1, 0.5, 2)]
    [InlineData(20, 2, 1.0, 1)]
    public void A_training_that_ends_early_leaves_networks_of_its_level_that_make_whole_images(
        int steps, int level, double share, int times)
    {
        using var folder = new TemporaryFolder();
        var result = Train(Options(folder.Path, steps));
        using var networks = Checkpoint.LoadNetworks(result.Checkpoint);
        // What the last step saw.
        Assert.Equal((level, share), (networks.Growth!.Level, networks.Growth.Share));
        var images = GeneratorSamples.Draw(networks, 3, seed: 1);
        Assert.Equal((3, 1, 16, 16), (images.Count, images.Channels, images.Height, images.Width));
        Assert.All(images.Values.ToArray(), value => Assert.InRange(value, -1, 1));
        for (var y = 0; y < 16; y += times)
        {
            for (var x = 0; x < 16; x++)
                Assert.Equal(images.Image(0)[y * 16 + x / times * times], images.Image(0)[(y + times - 1) * 16 + x]);
        }
        using var scope = NewDisposeScope();
        // In use a logit depends on its own image alone, and the discriminator shrinks images itself.
        var batch = rand(5, 1, 16, 16);
        using var untracked = no_grad();
        var (all, one) = (networks.Discriminate(batch), networks.Discriminate(batch.narrow(0, 2, 1)));
        Assert.Equal([5, 1], all.shape);
        Assert.Equal(all[2].item<float>(), one.item<float>(), 1e-5f * Math.Max(1, Math.Abs(one.item<float>())));
    }

    [Fact]
    public void Growing_networks_learn_what_images_have_in_common()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(_architecture with { Filters = 8 }, seed: 3);
        using var source = new TwoHalves();
        var options = Options(folder.Path, 300) with { BatchSize = 8, GrowImages = 240, AverageDecay = 0.98 };
        new Trainer(networks, source, options, null, null).Run();
        using var trained = Checkpoint.LoadNetworks(new TrainingFolder(folder.Path).Checkpoint(300));
        var images = GeneratorSamples.Draw(trained, 16, seed: 1);
        // Bright above and dark below: 0.6 and -0.6.
        var above = Enumerable.Range(0, 16).Average(i => images.Image(i)[..128].ToArray().Average());
        var below = Enumerable.Range(0, 16).Average(i => images.Image(i)[128..].ToArray().Average());
        Assert.True(above > 0.2 && below < -0.2, $"{above:f3} above, {below:f3} below");
    }

    /// <summary>Images that are bright above and dark below, with a little noise.</summary>
    private sealed class TwoHalves : IImageSource
    {
        public string Name => "two halves";

        public int Count => 64;

        public ImageShape Shape => new(1, 16, 16);

        public IReadOnlyList<string> Classes => [];

        public string Fingerprint => "two halves";

        public int Skipped => 0;

        public IReadOnlyList<SkippedImage> SkippedImages => [];

        public int Label(int index) => -1;

        public bool TryRead(int index, Span<byte> pixels)
        {
            var random = new Random(index);
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)((i < 128 ? 204 : 51) + random.Next(-10, 11));
            return true;
        }

        public void Dispose() { }
    }
}
