using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class CrossEntropyTests
{
    private static readonly float[] _realLogits = [-3f, 0f, 0.5f, 4f];
    private static readonly float[] _generatedLogits = [-5f, -0.25f, 1f, 2f];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double CrossEntropy(float[] logits, double target) =>
        logits.Average(x => -(target * Math.Log(Sigmoid(x)) + (1 - target) * Math.Log(1 - Sigmoid(x))));

    private static double Discriminator(ObjectiveOptions options)
    {
        using var scope = NewDisposeScope();
        return Training.Objectives.Create(options).DiscriminatorLoss(tensor(_realLogits).view(4, 1), tensor(_generatedLogits).view(4, 1))
            .item<float>();
    }

    private static double Generator(ObjectiveOptions options)
    {
        using var scope = NewDisposeScope();
        return Training.Objectives.Create(options).GeneratorLoss(tensor(_generatedLogits).view(4, 1)).item<float>();
    }

    // float32 against the closed form in double: a few roundings of 6e-8.
    private const double Tolerance = 1e-6;

    [Fact]
    public void Discriminator_loss_is_the_mean_of_its_halves_or_their_sum()
    {
        var sum = CrossEntropy(_realLogits, 1) + CrossEntropy(_generatedLogits, 0);
        Assert.Equal(sum / 2, Discriminator(new()), Tolerance);
        Assert.Equal(sum, Discriminator(new() { DiscriminatorLoss = LossReduction.Sum }), Tolerance);
    }

    [Fact]
    public void Smoothed_targets() => Assert.Equal(
        (CrossEntropy(_realLogits, 0.9) + CrossEntropy(_generatedLogits, 0.05)) / 2,
        Discriminator(new() { LabelSmoothing = 0.1, GeneratedTarget = 0.05 }), Tolerance);

    [Fact]
    public void Generator_loss_saturating_or_not()
    {
        Assert.Equal(CrossEntropy(_generatedLogits, 1), Generator(new()), Tolerance);
        Assert.Equal(-CrossEntropy(_generatedLogits, 0), Generator(new() { GeneratorLoss = GeneratorLoss.Saturating }), Tolerance);
    }

    [Fact]
    public void Noisy_targets_stay_between_the_extremes_and_differ_each_time()
    {
        var options = new ObjectiveOptions { LabelNoise = 0.1 };
        var plain = (CrossEntropy(_realLogits, 1) + CrossEntropy(_generatedLogits, 0)) / 2;
        var extreme = (CrossEntropy(_realLogits, 1.1) + CrossEntropy(_generatedLogits, -0.1)) / 2;
        var (first, second) = (Discriminator(options), Discriminator(options));
        Assert.InRange(first, Math.Min(plain, extreme) - 0.2, Math.Max(plain, extreme) + 0.2);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Targets_outside_the_unit_interval_do_not_make_the_loss_unbounded()
    {
        using var scope = NewDisposeScope();
        var objective = Training.Objectives.Create(new() { LabelNoise = 0.1 });
        var (sure, verySure) = (Loss(50), Loss(1e4f));
        // Probabilities stop at 1 - 1e-7, where the loss is about 0.1 * log(1e-7) at its lowest.
        Assert.Equal(sure, verySure, 0.9);
        Assert.InRange(verySure, 0.11 * Math.Log(1e-7), 1);

        float Loss(float logit) => objective.DiscriminatorLoss(full([64, 1], logit), full([64, 1], -logit)).item<float>();
    }

    [Theory]
    [InlineData(1.1, 0, 0)]
    [InlineData(-0.1, 0, 0)]
    [InlineData(1, 1.5, 0)]
    [InlineData(1, 0, double.NaN)]
    public void Values_out_of_range_are_refused(
        double realTarget,
        double generatedTarget,
        double noise) => Assert.Throws<ArgumentException>(
        () => Training.Objectives.Create(new() { LabelSmoothing = 1 - realTarget, GeneratedTarget = generatedTarget, LabelNoise = noise }));

    [Fact]
    public void Unknown_objective_names_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Training.Objectives.Create(new() { Loss = (GanLoss)9 }));
        Assert.Contains("9", error.Message, StringComparison.Ordinal);
        Assert.Contains("CrossEntropy", error.Message, StringComparison.Ordinal);
    }
}
