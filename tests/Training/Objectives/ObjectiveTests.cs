using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Objectives against their papers' formulas, in double.</summary>
public class ObjectiveTests
{
    private static readonly float[] _real = [-3f, 0f, 0.5f, 4f];
    private static readonly float[] _generated = [-5f, -0.25f, 1f, 2f];

    // float32 against the closed form in double: a few roundings of 6e-8 of values up to 25.
    private const double Tolerance = 2e-6;

    private static (double Discriminator, double Generator) Losses(ObjectiveOptions options)
    {
        using var scope = NewDisposeScope();
        var objective = Training.Objectives.Create(options);
        return (objective.DiscriminatorLoss(tensor(_real).view(4, 1), tensor(_generated).view(4, 1)).item<float>(),
            objective.GeneratorLoss(tensor(_generated).view(4, 1), tensor(_real).view(4, 1)).item<float>());
    }

    [Fact]
    public void Least_squares()
    {
        var (discriminator, generator) = Losses(new() { Loss = GanLoss.LeastSquares });
        Assert.Equal((_real.Average(x => (x - 1.0) * (x - 1)) + _generated.Average(x => (double)x * x)) / 2, discriminator, Tolerance);
        Assert.Equal(_generated.Average(x => (x - 1.0) * (x - 1)) / 2, generator, Tolerance);
        var smooth = Losses(new() { Loss = GanLoss.LeastSquares, LabelSmoothing = 0.1, DiscriminatorLoss = LossReduction.Sum })
            .Discriminator;
        Assert.Equal(_real.Average(x => (x - 0.9) * (x - 0.9)) + _generated.Average(x => (double)x * x), smooth, Tolerance);
    }

    [Fact]
    public void Hinge()
    {
        var sum = _real.Average(x => Math.Max(0, 1.0 - x)) + _generated.Average(x => Math.Max(0, 1.0 + x));
        var (discriminator, generator) = Losses(new() { Loss = GanLoss.Hinge });
        Assert.Equal(sum, discriminator, Tolerance);
        Assert.Equal(-_generated.Average(x => (double)x), generator, Tolerance);
        Assert.Equal(sum / 2, Losses(new() { Loss = GanLoss.Hinge, DiscriminatorLoss = LossReduction.Mean }).Discriminator, Tolerance);
    }

    [Fact]
    public void Wasserstein()
    {
        var (discriminator, generator) = Losses(new() { Loss = GanLoss.Wasserstein });
        Assert.Equal(_generated.Average(x => (double)x) - _real.Average(x => (double)x), discriminator, Tolerance);
        Assert.Equal(-_generated.Average(x => (double)x), generator, Tolerance);
    }

    [Fact]
    public void Relativistic()
    {
        var (discriminator, generator) = Losses(new() { Loss = GanLoss.Relativistic });
        var differences = _real.Zip(_generated, (real, generated) => (double)real - generated).ToArray();
        Assert.Equal(differences.Average(x => Math.Log(1 + Math.Exp(-x))), discriminator, Tolerance);
        Assert.Equal(differences.Average(x => Math.Log(1 + Math.Exp(x))), generator, Tolerance);
        Assert.True(Training.Objectives.Create(new() { Loss = GanLoss.Relativistic }).ComparesGenerated);
    }

    [Theory]
    [InlineData(GanLoss.CrossEntropy, 0.0, true)]
    [InlineData(GanLoss.LeastSquares, 0.5, false)]
    [InlineData(GanLoss.Hinge, 0.0, false)]
    [InlineData(GanLoss.Wasserstein, null, false)]
    [InlineData(GanLoss.Relativistic, null, false)]
    public void What_an_output_means(GanLoss loss, double? boundary, bool probabilistic)
    {
        var objective = Training.Objectives.Create(new() { Loss = loss });
        Assert.Equal(boundary, objective.Boundary);
        Assert.Equal(probabilistic, objective.IsProbabilistic);
    }

    [Theory]
    [InlineData(GanLoss.CrossEntropy)]
    [InlineData(GanLoss.LeastSquares)]
    [InlineData(GanLoss.Hinge)]
    [InlineData(GanLoss.Relativistic)]
    public void Flipped_labels_swap_a_share_of_the_images(GanLoss loss)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        const double share = 0.2;
        const int count = 100_000;
        // A discriminator that is right everywhere: what it loses comes from the flipped ones.
        Tensor real = full(new long[] { count, 1 }, 0.75f), generated = full(new long[] { count, 1 }, -0.25f);
        var plain = Training.Objectives.Create(new() { Loss = loss });
        var flipped = Training.Objectives.Create(new() { Loss = loss, LabelFlips = share });
        var right = plain.DiscriminatorLoss(real, generated).item<float>();
        var wrong = plain.DiscriminatorLoss(generated, real).item<float>();
        var mixed = flipped.DiscriminatorLoss(real, generated).item<float>();
        // Three standard deviations of a share of 100,000 draws are 0.004; losses here differ by about 1.
        Assert.Equal(share, (mixed - right) / (wrong - right), 0.006);
    }

    public static TheoryData<ObjectiveOptions, string> Wrong => new()
    {
        { new() { Loss = GanLoss.LeastSquares, GeneratorLoss = GeneratorLoss.Saturating }, "cross-entropy" },
        { new() { Loss = GanLoss.Hinge, GeneratorLoss = GeneratorLoss.Saturating }, "cross-entropy" },
        { new() { Loss = GanLoss.Wasserstein, GeneratorLoss = GeneratorLoss.Saturating }, "cross-entropy" },
        { new() { Loss = GanLoss.Hinge, LabelSmoothing = 0.1 }, "least-squares" },
        { new() { Loss = GanLoss.Wasserstein, GeneratedLabelNoise = 0.1 }, "cross-entropy" },
        { new() { Loss = GanLoss.Wasserstein, LabelFlips = 0.1 }, "another loss" },
        { new() { Loss = GanLoss.LeastSquares, LabelSmoothing = 1 }, "above" },
        { new() { LabelFlips = 0.5 }, "below 0.5" },
        { new() { GradientPenalty = -1 }, "got -1" },
        { new() { LabelNoise = 0.1, LabelSmoothing = 0.1 }, "Keep one" },
        { new() { AugmentTarget = 0.5, AugmentProbability = 1 }, "give one" },
        { new() { CriticSteps = 0 }, "got 0" },
        { new() { R1 = double.NaN }, "got NaN" },
        { new() { R1 = 1, R1Every = 0 }, "got 0" },
        { new() { R1 = 1, GradientPenalty = 10 }, "keep one" },
        { new() { R2 = 1, GradientPenalty = 10 }, "R2 wants none; keep one" },
        { new() { R1End = 1, GradientPenalty = 10 }, "keep one" },
        { new() { R2 = -1 }, "got -1" },
        { new() { R2End = double.PositiveInfinity }, "for the end" },
        { new() { Loss = GanLoss.Relativistic, DiscriminatorLoss = LossReduction.Sum }, "leave it out" },
        { new() { Loss = GanLoss.Relativistic, GeneratorLoss = GeneratorLoss.Saturating }, "cross-entropy" },
        { new() { Loss = GanLoss.Relativistic, LabelNoise = 0.1 }, "cross-entropy" },
        { new() { Loss = GanLoss.Relativistic, Augment = Augmentations.Cutout, AugmentTarget = 0.6 }, "set its target to 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_work_says_what_would(ObjectiveOptions options, string advice) =>
        Assert.Contains(
            advice,
            Assert.Throws<ArgumentException>(() => Training.Objectives.Create(options)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Combinations_that_cannot_work_are_found_before_training()
    {
        var options = TrainingProcess.Options("unused", 1);
        var unbound = options with { Objective = new() { Loss = GanLoss.Wasserstein, GradientPenalty = 0 } };
        Assert.Contains("gradient penalty", Assert.Throws<ArgumentException>(unbound.Validate).Message, StringComparison.Ordinal);

        (unbound with { Objective = unbound.Objective with { SpectralNormalization = true } }).Validate();

        var adapting = options with { Objective = new() {
            Loss = GanLoss.Wasserstein,
            Augment = Augmentations.Cutout,
            AugmentTarget = 0.6 } };
        Assert.Contains("set its target to 0", Assert.Throws<ArgumentException>(adapting.Validate).Message, StringComparison.Ordinal);
        (adapting with { Objective = adapting.Objective with { AugmentTarget = 0 } }).Validate();

        foreach (var (kind, field) in new[]
        {
            (Augmentations.Flip, LabelField.Numeric("yaw", 0, 360) with { SurvivesMirroring = false }),
            (Augmentations.Color, LabelField.Categorical("color", ["red", "blue"]) with { SurvivesRecoloring = false }),
        })
        {
            var turned = options with { Labels = LabelLayout.Select([field], [field.Name]), Objective = new() {
                Augment = kind | Augmentations.Translation } };
            Assert.Contains(
                $"leave '{field.Name}' out of the labels, or {kind} out",
                Assert.Throws<ArgumentException>(turned.Validate).Message,
                StringComparison.Ordinal);
        }

        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var penalised = options with { Objective = new() { Loss = GanLoss.Wasserstein, GradientPenalty = 10 } };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(networks, source, penalised));
        Assert.Contains("batch normalisation", error.Message, StringComparison.Ordinal);
        Assert.Contains("R1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_follow_the_loss()
    {
        var wasserstein = new ObjectiveOptions { Loss = GanLoss.Wasserstein };
        Assert.Equal((5, 10.0, 0.0, LossReduction.Sum),
            (wasserstein.CriticSteps, wasserstein.GradientPenalty, wasserstein.AugmentTarget, wasserstein.DiscriminatorLoss));
        Assert.Equal(0, (wasserstein with { SpectralNormalization = true }).GradientPenalty);
        Assert.Equal(
            (1, 7.0),
            ((wasserstein with { CriticSteps = 1 }).CriticSteps, (wasserstein with { GradientPenalty = 7 }).GradientPenalty));
        Assert.Equal(LossReduction.Sum, new ObjectiveOptions { Loss = GanLoss.Hinge }.DiscriminatorLoss);

        var plain = new ObjectiveOptions { LabelNoise = 0.2 };
        Assert.Equal((1, 0.0, 0.6, LossReduction.Mean, -0.2),
            (plain.CriticSteps, plain.GradientPenalty, plain.AugmentTarget, plain.DiscriminatorLoss, plain.GeneratedLabelNoise));
        Assert.Equal(0, (plain with { AugmentProbability = 0.5 }).AugmentTarget);
    }
}
