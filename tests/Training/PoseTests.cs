using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings of generators of two stages, which make images of images and wanted poses.</summary>
public class PoseTests
{
    private static readonly DataOptions _data = new()
    {
        Pair = "pose", Size = 32, Count = 64, Channels = 1, Classes = ["brick 2x4"], Bricks = new() { Pitch = new(30, 30) },
    };

    private static readonly ArchitectureOptions _architecture =
        new() { Name = "pose", Shape = new(1, 32, 32), ConditionChannels = 5, PoseChannels = 4, Filters = 4, Patch = 16 };

    private static TrainingOptions Options(string folder, long steps, long first) => TrainingProcess.Options(folder, steps) with
    {
        BatchSize = 4,
        FirstStageSteps = first,
        Objective = new() { L1 = 10, GeneratorBatch = GeneratorBatch.Reused },
        SampleCount = 12,
    };

    private static TrainingResult Train(TrainingOptions options, ITrainingObserver? observer = null, CancellationToken stop = default)
    {
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = DataSets.Open(_data, stop);
        using var heldOut = DataSets.Open(_data with { Split = "test" }, stop);
        return new Trainer(networks, source, options, observer) { HeldOut = heldOut }.Run(stop);
    }

    /// <summary>Stopped in the first stage, between both, and in the second one.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(11)]
    public void Resumed_training_ends_in_the_same_bits_over_the_change_of_stage(int stopAt)
    {
        using var folder = new TemporaryFolder();
        var whole = Train(Options(folder["whole"], 14, 8));
        using var stop = new CancellationTokenSource();
        var stopper = new RecordingObserver { OnProgress = progress => { if (progress.Step == stopAt) stop.Cancel(); } };
        Train(Options(folder["parts"], 14, 8) with { LogEvery = stopAt }, stopper, stop.Token);
        var parts = Train(Options(folder["parts"], 14, 8));
        Assert.Equal(stopAt, parts.FirstStep);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));
    }

    [Fact]
    public void Each_stage_changes_its_own_weights_alone()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var step = new GanStep(networks, Options("unused", 6, 3));
        var pairs = rand(4, 6, 32, 32) * 2 - 1;
        for (var number = 0; number < 6; number++)
        {
            var (first, second, judge) = (Copies(networks.PoseStages!.First), Copies(networks.PoseStages.Second),
                Copies(networks.Discriminator));
            step.Run(() => networks.Batch(pairs), () => throw new InvalidOperationException("There are no latents."), number);
            Assert.Equal(number < 3, Differs(first, networks.PoseStages.First));
            Assert.Equal(number >= 3, Differs(second, networks.PoseStages.Second));
            Assert.Equal(number >= 3, Differs(judge, networks.Discriminator));
        }

        static Tensor[] Copies(nn.Module network) => [.. network.parameters().Select(parameter => parameter.detach().clone())];

        static bool Differs(Tensor[] before, nn.Module network) =>
            before.Zip(network.parameters()).Any(pair => !pair.First.equal(pair.Second).all().item<bool>());
    }

    [Fact]
    public void What_is_made_comes_nearer_to_the_target_and_the_second_stage_begins_with_nothing()
    {
        using var folder = new TemporaryFolder();
        var observer = new RecordingObserver();
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = DataSets.Open(_data);
        using (var scope = NewDisposeScope())
        {
            var condition = rand(2, 5, 32, 32) * 2 - 1;
            var (image, coarse) = networks.TranslateInStages(condition);
            Assert.True(image.equal(coarse).all().item<bool>());
        }
        new Trainer(networks, source, Options(folder.Path, 120, 80) with { LearningRate = 2e-3 }, observer).Run();
        double[] differences = [.. observer.Lines.Select(line => line.Difference!.Value)];
        Assert.True(differences[15] < differences[0] / 2, $"{differences[0]:f3} at first, {differences[15]:f3} at the change");
        Assert.True(differences[^1] < differences[0] / 2, $"{differences[0]:f3} at first, {differences[^1]:f3} at last");
        Assert.All(observer.Lines.Where(line => line.Step <= 80),
            line => Assert.Equal((0, 0.5), (line.DiscriminatorLoss, line.RealAccuracy)));
        Assert.All(observer.Lines.Where(line => line.Step > 80), line => Assert.True(line.DiscriminatorLoss > 0));
    }

    [Fact]
    public void The_mask_is_where_something_stands_on_the_ground_and_two_pixels_around()
    {
        using var scope = NewDisposeScope();
        var target = full([1, 3, 16, 16], 0.8f);
        target[0, 1].slice(0, 5, 8, 1).slice(1, 6, 9, 1).fill_(0.6f);
        // Less than the threshold, and at the picture's edge.
        target[0, 2].slice(0, 12, 13, 1).slice(1, 12, 13, 1).fill_(0.75f);
        var mask = PoseMask.Of(target);
        Assert.Equal([1, 1, 16, 16], mask.shape);
        for (var y = 0; y < 16; y++)
            for (var x = 0; x < 16; x++)
                Assert.Equal(y is >= 3 and <= 9 && x is >= 4 and <= 10 ? 1 : 0, mask[0, 0, y, x].item<float>());
        Weighs(PoseLayout.View, target, zeros(1, 7, 16, 16), 49);
    }

    [Fact]
    public void The_mask_of_keypoints_is_within_three_radii_and_two_pixels_around()
    {
        using var scope = NewDisposeScope();
        var planes = new byte[4 * 256];
        var layout = PoseLayout.OfKeypoints(["a", "b", "c", "d"], 1);
        layout.Write([(6.5, 5.5), null, (15.5, 15.5), null], 16, planes);
        var condition = cat([rand(1, 3, 16, 16) * 2 - 1, tensor(planes, [1, 4, 16, 16]).to(float32) / 127.5f - 1], 1);
        var mask = PoseMask.OfKeypoints(condition.narrow(1, 3, 4), layout);
        Assert.Equal([1, 1, 16, 16], mask.shape);
        for (var y = 0; y < 16; y++)
            for (var x = 0; x < 16; x++)
                Assert.Equal(IsNear(x, y, 6, 5) || IsNear(x, y, 15, 15) ? 1 : 0, mask[0, 0, y, x].item<float>());
        Weighs(layout, rand(1, 3, 16, 16), condition, mask.sum().item<float>());

        // Two pixels around in each direction of a disc of three.
        static bool IsNear(int x, int y, int atX, int atY) => Enumerable.Range(-2, 5).Any(dx => Enumerable.Range(-2, 5).Any(dy =>
            (x + dx - atX) * (x + dx - atX) + (y + dy - atY) * (y + dy - atY) <= 9));
    }

    [Fact]
    public void The_mask_of_a_body_joins_its_keypoints_and_leaves_out_limbs_of_missing_ones()
    {
        using var scope = NewDisposeScope();
        const int width = 48, height = 40;
        const double radius = 1.5;
        var names = KeypointTable.OpenPoseNames;
        // The left knee is missing, and so are both of its limbs; one limb has no length.
        var points = new Dictionary<string, (int X, int Y)>
        {
            ["neck"] = (24, 6), ["right shoulder"] = (4, 9), ["right elbow"] = (10, 26), ["right wrist"] = (10, 26),
            ["left hip"] = (30, 20), ["left ankle"] = (44, 36),
        };
        (string From, string To)[] joined =
            [("neck", "right shoulder"), ("right shoulder", "right elbow"), ("right elbow", "right wrist"), ("neck", "left hip")];
        var mask = Mask(names);
        (int X, int Y)[] shown =
            [.. Enumerable.Range(0, width * height).Select(at => (X: at % width, Y: at / width)).Where(at => Shows(at.X, at.Y))];
        Assert.Equal([1, 1, height, width], mask.shape);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                Assert.True(Expected(x, y) == (mask[0, 0, y, x].item<float>() == 1), $"at ({x}, {y})");
        Assert.Equal(0, mask[0, 0, 28, 37].item<float>());   // between hip and ankle
        Assert.True(Mask([.. names.Reverse()]).equal(mask).all().item<bool>());
        // Of points that are not known to be a body's there are discs alone.
        var discs = Mask([.. names.Select(name => name == "nose" ? "beak" : name)]);
        Assert.Equal((1, 0), (mask[0, 0, 7, 14].item<float>(), discs[0, 0, 7, 14].item<float>()));
        // Each of a batch has its own.
        var none = cat([Planes(names), full(1, 18, height, width, -1)], 0);
        var both = PoseMask.OfKeypoints(none, PoseLayout.OfKeypoints(names, radius));
        Assert.True(both[0].equal(mask[0]).all().item<bool>());
        Assert.Equal(0, both[1].sum().item<float>());

        Tensor Mask(IReadOnlyList<string> own) => PoseMask.OfKeypoints(Planes(own), PoseLayout.OfKeypoints(own, radius));

        Tensor Planes(IReadOnlyList<string> own)
        {
            var planes = new byte[own.Count * height * width];
            PoseLayout.OfKeypoints(own, radius).Write([.. own.Select(name => points.TryGetValue(name, out var at)
                ? ((double, double)?)(at.X + 0.5, at.Y + 0.5) : null)], width, planes);
            return tensor(planes, [1, own.Count, height, width]).to(float32) / 127.5f - 1;
        }

        bool Expected(int x, int y) => shown.Any(at => Math.Abs(at.X - x) <= 2 && Math.Abs(at.Y - y) <= 2);

        // A disc of three radii, and a line's points, close together, of one.
        bool Shows(int x, int y) => points.Values.Any(at => Squared(x - at.X, y - at.Y) <= 9 * radius * radius)
            || joined.Any(limb => Enumerable.Range(0, 1001).Select(i => i / 1000.0).Any(share => Squared(
                x - points[limb.From].X - share * (points[limb.To].X - points[limb.From].X),
                y - points[limb.From].Y - share * (points[limb.To].Y - points[limb.From].Y)) <= radius * radius));

        static double Squared(double x, double y) => x * x + y * y;
    }

    private static void Weighs(PoseLayout pose, Tensor target, Tensor condition, double masked)
    {
        using var networks = Architectures.Create(_architecture with { Shape = new(3, 32, 32), ConditionChannels = 7 });
        var (difference, weighted) = new TranslationLoss(networks, new(), pose).OfPose(target + 0.1, new(target, Condition: condition));
        Assert.Equal(0.1, difference.item<float>(), 1e-6);
        Assert.Equal(0.1 * (1 + masked / 256), weighted.item<float>(), 1e-6);
    }

    [Theory]
    [InlineData("first", "say for how many steps, as train.first-stage-steps")]
    [InlineData("flip", "A mirrored picture has another pose")]
    [InlineData("other", "is for the architecture 'pose'")]
    public void What_does_not_go_together_is_refused(string what, string message)
    {
        var architecture = what switch
        {
            "other" => new() { Name = "pix2pix", Shape = new(1, 32, 32), ConditionChannels = 1, Filters = 2 },
            _ => _architecture,
        };
        using var networks = Architectures.Create(architecture);
        using var source = DataSets.Open(what == "other" ? _data with { Pair = "edges" } : _data);
        var options = Options("unused", 4, what == "first" ? 0 : 2) with { Flip = what == "flip" };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pose-channels", "of the target's 1 channels and the target's pose; got 5 channels, 0 of them a pose's")]
    [InlineData("channels", "of the target's 3 channels")]
    [InlineData("other", "'cyclegan' takes no pose")]
    [InlineData("size", "a side of 32, 64, 128, 256 or 512")]
    public void Networks_that_cannot_be_are_refused(string what, string message)
    {
        var options = what switch
        {
            "pose-channels" => _architecture with { PoseChannels = 0 },
            "channels" => _architecture with { Shape = new(3, 32, 32) },
            "other" => _architecture with
            {
                Name = "cyclegan", ConditionChannels = 1, Blocks = 6, Normalization = LayerNormalization.Instance,
            },
            _ => _architecture with { Shape = new(1, 48, 48) },
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Architectures.Check(options)).Message, StringComparison.Ordinal);
    }
}
