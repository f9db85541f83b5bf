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
    [InlineData(0, 1)]
    [InlineData(10, 0.85355339059327373)]
    [InlineData(20, 0.5)]
    [InlineData(40, 0)]
    [InlineData(99, 0)]
    public void Burn_in_is_half_a_period_of_a_cosine(long number, double left)
    {
        using var scope = NewDisposeScope();
        var options = _options with
        {
            BurnInSteps = 40, LearningRate = 0.1, LearningRateEnd = 0.02, DiscriminatorLearningRate = 0.2, Beta2 = 0.9, Beta2End = 0.99,
            Objective = new() { R1 = 4, R1End = 0, R2 = 1, R2End = 3 }, AverageDecay = 0.99,
        };
        Assert.Equal(0.02 + left * 0.08, LearningRates.Factor(options, number) * 0.1, 1e-12);
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var step = new GanStep(networks, options);
        var zero = zeros(8, 1, 16, 16);
        step.Run(() => new(zero), () => zeros(8, 8), number);
        Assert.Equal(0.02 + left * 0.08, step.GeneratorOptimizer.LearningRate, 1e-12);
        Assert.Equal(0.04 + left * 0.16, step.DiscriminatorOptimizer.LearningRate, 1e-12);
        Assert.Equal(0.99 - left * 0.09, step.GeneratorOptimizer.Beta2, 1e-12);
        Assert.Equal(0.99 - left * 0.09, step.DiscriminatorOptimizer.Beta2, 1e-12);
        // The half-life, ln 2 / -ln decay steps, begins at 0.
        var decay = BurnIn.AverageDecay(options, number);
        Assert.Equal(left < 1 ? (1 - left) * Math.Log(2) / -Math.Log(0.99) : 0, decay == 0 ? 0 : Math.Log(2) / -Math.Log(decay), 1e-9);
    }

    [Fact]
    public void Penalties_follow_the_burn_in()
    {
        // A discriminator whose gradient is known: 3 times the sum of an image's pixels, so that a penalty's weight can be read off.
        using var scope = NewDisposeScope();
        var weight = nn.Parameter(full([1, 4], 3f));
        using var networks = new GanNetworks(new() { Name = "dense", Shape = new(1, 2, 2), LatentSize = 2 },
            nn.Sequential(("dense", nn.Linear(2, 4)), ("image", nn.Unflatten(1, [1, 2, 2]))), new Sum(weight));
        double Loss(ObjectiveOptions objective, long number)
        {
            weight.detach().fill_(3);
            using var step = new GanStep(networks, _options with { BurnInSteps = 40, LearningRate = 1e-9, Objective = objective });
            return step.Run(() => new(zeros(8, 1, 2, 2)), () => zeros(8, 2), number).DiscriminatorLoss.item<float>();
        }
        var plain = Loss(new(), 0);
        // The squared norm is 4 * 9; the loss has half of it.
        Assert.Equal(18 * 4, Loss(new() { R1 = 4, R1End = 2 }, 0) - plain, 1e-3);
        Assert.Equal(18 * 3, Loss(new() { R1 = 4, R1End = 2 }, 20) - plain, 1e-3);
        Assert.Equal(18 * 2, Loss(new() { R1 = 4, R1End = 2 }, 90) - plain, 1e-3);
        Assert.Equal(18 * 1.5, Loss(new() { R2 = 1, R2End = 2 }, 20) - plain, 1e-3);
        Assert.Equal(18 * 2 * 5, Loss(new() { R2 = 1, R1 = 1, R1Every = 5 }, 20) - plain, 1e-3);
        Assert.Equal(0, Loss(new() { R2 = 1, R1 = 1, R1Every = 5 }, 21) - plain, 1e-3);
        Assert.Equal(0, Loss(new() { R1 = 4, R1End = 0 }, 40) - plain, 1e-3);
    }

    public static TheoryData<TrainingOptions, string> Wrong => new()
    {
        { _options with { BurnInSteps = -1 }, "got -1" },
        { _options with { LearningRateEnd = 1e-4 }, "burn-in" },
        { _options with { Objective = new() { R2End = 1 } }, "burn-in" },
        { _options with { BurnInSteps = 5, LearningRateEnd = 0 }, "above 0" },
        { _options with { BurnInSteps = 5, Beta2End = 1 }, "below 1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_burn_in_that_cannot_be_says_why(TrainingOptions options, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);

    private sealed class Sum : nn.Module<Tensor, Tensor>
    {
        private readonly Tensor _weight;

        public Sum(TorchSharp.Modules.Parameter weight) : base(nameof(Sum))
        {
            _weight = weight;
            register_parameter("weight", weight);
        }

        public override Tensor forward(Tensor input) => nn.functional.linear(input.flatten(1), _weight);
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
