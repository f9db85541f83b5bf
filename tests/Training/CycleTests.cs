using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings of networks that translate both ways, without pairs.</summary>
public class CycleTests
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "cyclegan", Shape = new(1, 32, 32), ConditionChannels = 1, Filters = 4, Blocks = 1, Patch = 16 };

    private static TrainingOptions Options(string folder, long steps) => TrainingProcess.Options(folder, steps) with
    {
        BatchSize = 2,
        Objective = new()
        {
            Loss = GanLoss.LeastSquares, Cycle = 5, Identity = 0.5, Pool = 6, GeneratorBatch = GeneratorBatch.Reused,
        },
        Flip = true,
        SampleCount = 12,
    };

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, IImageSource? heldOut = null,
        CancellationToken stop = default)
    {
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = new BrightnessSource(_architecture.Shape);
        return new Trainer(networks, source, options, observer, null) { HeldOut = heldOut }.Run(stop);
    }

    /// <summary>The pool is full after three steps, and then exchanges images.</summary>
    [Fact]
    public void Resumed_training_ends_in_the_same_bits_with_the_pool()
    {
        using var folder = new TemporaryFolder();
        ResumedTraining.EndsInTheSameBits(folder, path => Options(path, ResumedTraining.Steps),
            (options, observer, stop) => Train(options, observer, stop: stop));
    }

    [Fact]
    public void Images_come_back_and_each_side_becomes_like_the_other()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        using var heldOut = new BrightnessSource(_architecture.Shape, first: 1000);
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = new BrightnessSource(_architecture.Shape);
        var options = Options(folder.Path, 150) with { DiagnoseEvery = 50, LearningRate = 1e-3, DiscriminatorLearningRate = 1e-3 };
        new Trainer(networks, source, options, observer, null) { HeldOut = heldOut }.Run();
        var differences = observer.Lines.Select(line => line.Difference!.Value).ToArray();
        Assert.True(differences[^1] < differences[0] / 2, $"{differences[0]:f3} at first, {differences[^1]:f3} at last");

        // Dark images lie around -0.5 and bright ones around 0.5.
        var pairs = new byte[source.Shape.Size];
        heldOut.TryRead(5, pairs);
        var images = ImageTensor.FromBytes(pairs, 1, 2, 32, 32);
        var bright = GeneratorSamples.Translate(networks, images.SelectChannels(0, 1));
        var dark = GeneratorSamples.TranslateBack(networks, images.SelectChannels(1, 1));
        Assert.True(bright.Values.ToArray().Average() > 0, $"{bright.Values.ToArray().Average()}");
        Assert.True(dark.Values.ToArray().Average() < 0, $"{dark.Values.ToArray().Average()}");
        // Two rows of an image, the other side's, back, and the same from the other side.
        var grid = SixLabors.ImageSharp.Image.Identify(new TrainingFolder(folder.Path).Sample(150));
        Assert.Equal(3.0, (double)grid.Width / grid.Height, 0.3);
    }

    [Fact]
    public void The_pool_gives_each_side_new_images_until_it_is_full_and_then_earlier_ones_half_of_the_time()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(_architecture);
        using var pool = new ImagePool(networks, 10, CPU);
        manual_seed(1);
        var (earlier, together) = (new int[2], 0);
        for (var i = 0; i < 410; i++)
        {
            // Each image is of its number.
            using var given = pool.Exchange(full(1, 2, 32, 32, (float)i));
            int[] numbers = [.. Enumerable.Range(0, 2).Select(side => (int)given[0, side, 0, 0].item<float>())];
            Assert.All(numbers, number => Assert.InRange(number, 0, i));
            if (i < 10) Assert.All(numbers, number => Assert.Equal(i, number));
            for (var side = 0; side < 2; side++) if (numbers[side] < i) earlier[side]++;
            if (numbers[0] < i && numbers[1] < i) together++;
        }
        // 200 of 400 with a deviation of 10, and both sides at once 100 with one of 8.7.
        Assert.All(earlier, count => Assert.InRange(count, 150, 250));
        Assert.InRange(together, 60, 140);
    }

    [Theory]
    [InlineData("l1", "objective.l1 is the difference")]
    [InlineData("augment", "cannot be changed apart")]
    [InlineData("together", "one batch for both networks")]
    [InlineData("channels", "the two sides have 1 and 3 channels")]
    [InlineData("pix2pix", "learns from pairs")]
    [InlineData("pix2pix-cycle", "are for networks that translate both ways")]
    [InlineData("pool", "from 0 (off) to 10,000")]
    public void What_does_not_go_together_is_refused(string what, string message)
    {
        var architecture = what switch
        {
            "channels" => _architecture with { Shape = new(3, 32, 32) },
            "pix2pix" or "pix2pix-cycle" => new() { Name = "pix2pix", Shape = new(1, 32, 32), ConditionChannels = 1, Filters = 4 },
            _ => _architecture,
        };
        using var networks = Architectures.Create(architecture);
        using var source = new BrightnessSource(architecture.Shape, isPaired: what == "pix2pix-cycle");
        var options = Options("unused", 2);
        options = options with
        {
            Objective = what switch
            {
                "l1" => options.Objective with { L1 = 1 },
                "augment" => options.Objective with { Augment = Augmentations.Color },
                "together" => options.Objective with { Updates = UpdateOrder.Together },
                "pool" => options.Objective with { Pool = 20_000 },
                "pix2pix" => new(),
                _ => options.Objective,
            },
        };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normalization", "is instance; leave it out")]
    [InlineData("condition", "needs two sides")]
    [InlineData("blocks", "from 1 to 16 residual blocks")]
    [InlineData("latent", "takes no latents")]
    public void Networks_that_cannot_be_are_refused(string what, string message)
    {
        var options = what switch
        {
            "normalization" => _architecture with { Normalization = LayerNormalization.Batch },
            "condition" => _architecture with { ConditionChannels = 0 },
            "blocks" => _architecture with { Blocks = 17 },
            _ => _architecture with { LatentSize = 10 },
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Architectures.Check(options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Dark noise on the one side, bright noise on the other, of different pictures.</summary>
    private sealed class BrightnessSource(ImageShape shape, int first = 0, bool isPaired = false) : IImageSource
    {
        private readonly SyntheticSource _pictures = new(shape with { Channels = 1 });

        public string Name => "dark and bright";

        public int Count => 64;

        public ImageShape Shape => shape with { Channels = 1 + shape.Channels };

        public int ConditionChannels => 1;

        public bool IsPaired => isPaired;

        public IReadOnlyList<string> Classes => [];

        public string Fingerprint => $"dark and bright {shape} {first}";

        public int Skipped => 0;

        public IReadOnlyList<SkippedImage> SkippedImages => [];

        public int Label(int index) => -1;

        public bool TryRead(int index, Span<byte> pixels)
        {
            var side = shape.Height * shape.Width;
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                var own = pixels.Slice(channel * side, side);
                _pictures.TryRead(first + index + 500 * channel, own);
                foreach (ref var pixel in own) pixel = (byte)(pixel / 4 + (channel == 0 ? 32 : 160));
            }
            return true;
        }

        public void Dispose() { }
    }
}
