using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings of networks that make images of images.</summary>
public class PairTests
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "pix2pix", Shape = new(1, 32, 32), ConditionChannels = 1, Filters = 4 };

    private static TrainingOptions Options(string folder, long steps) => TrainingProcess.Options(folder, steps) with
    {
        BatchSize = 2,
        Objective = new() { L1 = 100, GeneratorBatch = GeneratorBatch.Reused },
        Flip = true,
        Jitter = 2,
        SampleCount = 9,
    };

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, IImageSource? heldOut = null,
        CancellationToken stop = default)
    {
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = new NegativeSource(_architecture.Shape);
        return new Trainer(networks, source, options, observer, null) { HeldOut = heldOut }.Run(stop);
    }

    [Fact]
    public void Resumed_training_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        ResumedTraining.EndsInTheSameBits(folder, path => Options(path, ResumedTraining.Steps),
            (options, observer, stop) => Train(options, observer, stop: stop));
    }

    [Fact]
    public void A_training_learns_what_pairs_have_in_common()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        using var heldOut = new NegativeSource(_architecture.Shape, first: 1000);
        Train(Options(folder.Path, 150) with { DiagnoseEvery = 50, LearningRate = 2e-3 }, observer, heldOut: heldOut);
        var differences = observer.Lines.Select(line => line.Difference!.Value).ToArray();
        // The negatives lie 1.2 apart, and the middle gray 0.6 from both.
        Assert.True(differences[^1] < 0.3, $"{differences[0]:f3} at first, {differences[^1]:f3} at last");
        Assert.True(differences[^1] < differences[0] / 2, $"{differences[0]:f3} at first, {differences[^1]:f3} at last");
        var lines = new TrainingFolder(folder.Path).ReadMetrics<GanMetrics>();
        Assert.Equal(differences[^1], lines[^1].Difference!.Value);
    }

    [Fact]
    public void Grids_show_input_output_and_target_of_held_out_pairs()
    {
        using var folder = new TemporaryFolder();
        using var heldOut = new NegativeSource(_architecture.Shape, first: 1000);
        Train(Options(folder.Path, 2) with { SampleEvery = 2 }, heldOut: heldOut);
        var grid = SixLabors.ImageSharp.Image.Identify(new TrainingFolder(folder.Path).Sample(2));
        // Three pairs, one below the other.
        Assert.Equal(1.0, (double)grid.Width / grid.Height, 0.1);
    }

    [Theory]
    [InlineData("augment", "cannot be changed apart")]
    [InlineData("images", "begin with 0 channels")]
    [InlineData("batch", "at least 1 image")]
    [InlineData("jitter", "keep one of them")]
    public void What_does_not_go_with_pairs_is_refused(string what, string message)
    {
        using var networks = Architectures.Create(_architecture);
        using IImageSource source = what == "images" ? new SyntheticSource(new(2, 32, 32)) : new NegativeSource(_architecture.Shape);
        var options = Options("unused", 2);
        options = what switch
        {
            "augment" => options with { Objective = options.Objective with { Augment = Augmentations.Color } },
            "batch" => options with { BatchSize = 0 },
            "jitter" => options with { RandomCrop = 2 },
            _ => options,
        };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latent", "takes no latents")]
    [InlineData("label", "takes no labels")]
    [InlineData("condition", "needs pairs")]
    [InlineData("patch", "one of 1, 16, 34, 70, 142, 286")]
    [InlineData("large", "need images with a side of 96 pixels")]
    [InlineData("side", "32, 64, 128, 256 or 512")]
    [InlineData("other", "cannot be trained with pairs")]
    public void Networks_that_cannot_be_are_refused(string what, string message)
    {
        var options = what switch
        {
            "latent" => _architecture with { LatentSize = 10 },
            "label" => _architecture with { LabelSize = 10 },
            "condition" => _architecture with { ConditionChannels = 0 },
            "patch" => _architecture with { Patch = 20 },
            "large" => _architecture with { Patch = 286 },
            "side" => _architecture with { Shape = new(1, 48, 48) },
            _ => new() { Name = "dcgan", Shape = _architecture.Shape, ConditionChannels = 1 },
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Architectures.Check(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "objective.l1")]
    [InlineData(false, "at least 2 images")]
    public void What_only_pairs_have_is_refused_without_them(bool hasDifference, string message)
    {
        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var options = TrainingProcess.Options("unused", 2);
        options = hasDifference ? options with { Objective = new() { L1 = 1 } } : options with { BatchSize = 1 };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Pairs of a picture and its negative.</summary>
    private sealed class NegativeSource(ImageShape shape, int first = 0) : IImageSource
    {
        private readonly SyntheticSource _pictures = new(shape);

        public string Name => "negatives";

        public int Count => 64;

        public ImageShape Shape => shape with { Channels = 2 * shape.Channels };

        public int ConditionChannels => shape.Channels;

        public IReadOnlyList<string> Classes => [];

        public string Fingerprint => $"negatives {shape} {first}";

        public int Skipped => 0;

        public IReadOnlyList<SkippedImage> SkippedImages => [];

        public int Label(int index) => -1;

        public bool TryRead(int index, Span<byte> pixels)
        {
            var half = shape.Size;
            _pictures.TryRead(first + index, pixels[..half]);
            for (var i = 0; i < half; i++) pixels[half + i] = (byte)(255 - pixels[i]);
            return true;
        }

        public void Dispose() { }
    }
}
