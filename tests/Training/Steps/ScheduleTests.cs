using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>What changes with the steps: learning rates, instance noise.</summary>
public class ScheduleTests
{
    private static readonly TrainingOptions _options = TrainingProcess.Options("unused", 100);

    [Theory]
    [InlineData(LearningRateDecay.None, 99, 1)]
    [InlineData(LearningRateDecay.Linear, 0, 1)]
    [InlineData(LearningRateDecay.Linear, 20, 1)]
    [InlineData(LearningRateDecay.Linear, 60, 0.5)]
    [InlineData(LearningRateDecay.Linear, 99, 1 / 80.0)]
    [InlineData(LearningRateDecay.Exponential, 20, 1)]
    [InlineData(LearningRateDecay.Exponential, 25, 0.70710678118654757)]
    [InlineData(LearningRateDecay.Exponential, 50, 0.125)]
    public void Learning_rates(LearningRateDecay decay, long number, double factor) =>
        Assert.Equal(
            factor,
            LearningRates.Factor(_options with { LearningRateDecay = decay, DecayFrom = 20, DecayHalfLife = 10 }, number),
            1e-12);

    [Fact]
    public void Optimisers_get_them()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var step = new GanStep(networks, _options with { LearningRateDecay = LearningRateDecay.Exponential, DecayHalfLife
            = 10, LearningRate = 0.1, DiscriminatorLearningRate = 2e-4 });
        step.Run(() => new(rand(8, 1, 16, 16)), () => randn(8, 8), number: 20);
        Assert.Equal(0.025, step.GeneratorOptimizer.LearningRate, 1e-12);
        Assert.Equal(2e-4 / 4, step.DiscriminatorOptimizer.LearningRate, 1e-12);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(25, 0.1)]
    [InlineData(50, 0)]
    [InlineData(70, 0)]
    public void Instance_noise(long number, double deviation)
    {
        using var scope = NewDisposeScope();
        var options = new ObjectiveOptions { InstanceNoise = 0.2, InstanceNoiseSteps = 50 };
        using var shown = new ShownImages(options, Training.Objectives.Create(new()), CPU, ProcessGroup.Alone);
        manual_seed(7);
        var noise = shown.Show(zeros(100, 1, 16, 16), number);
        // The deviation of 25,600 draws is known to half a percent.
        Assert.Equal(deviation, noise.square().mean().sqrt().item<float>(), 0.02 * deviation);
    }
}
