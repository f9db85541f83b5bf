using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class LossScaleTests
{
    private const float First = 65_536;

    [Fact]
    public void A_scaled_step_is_the_step_itself()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Parameter[] plain = [new(randn(6, 5)), new(randn(5))], scaled = [.. plain.Select(p => new Parameter(p.detach().clone()))];
        using FusedAdam adam = new(plain, 1e-2), scaledAdam = new(scaled, 1e-2);
        using var scale = new LossScale(CPU);
        for (var step = 0; step < 5; step++)
        {
            var input = randn(4, 6);
            Loss(input, plain).backward();
            scale.Apply(Loss(input, scaled)).backward();
            adam.Step();
            scaledAdam.Step(scale);
            foreach (var parameter in plain.Concat(scaled)) parameter.grad = null;
        }
        // The factor is a power of 2, which rounds nothing.
        foreach (var (one, other) in plain.Zip(scaled)) Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
        Assert.All(scaledAdam.States, state => Assert.Equal(5, state.Steps.item<float>()));
        Assert.Equal(First, scale.Factor.item<float>());

        static Tensor Loss(Tensor input, Parameter[] p) => (input.matmul(p[0]) + p[1]).tanh().square().mean();
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Gradients_that_are_not_finite_change_nothing_and_halve_the_factor(float value)
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(ones(3)), new(ones(2))];
        using var adam = new FusedAdam(parameters, 0.1);
        using var scale = new LossScale(CPU);
        parameters[0].grad = tensor([1f, 2f, 3f]);
        parameters[1].grad = tensor([1f, value]);
        adam.Step(scale);
        Assert.Equal(1, scale.Skips.item<float>());
        Assert.Equal(First / 2, scale.Factor.item<float>());
        Assert.All(parameters, parameter => Assert.All(parameter.data<float>().ToArray(), weight => Assert.Equal(1, weight)));
        Assert.All(adam.States, state =>
        {
            Assert.Equal(0, state.Steps.item<float>());
            Assert.Equal(0, state.Mean.abs().sum().item<float>());
            Assert.Equal(0, state.Square.sum().item<float>());
        });

        parameters[1].grad = tensor([1f, 1f]);
        adam.Step(scale);
        Assert.Equal(0, scale.Skips.item<float>());
        Assert.All(adam.States, state => Assert.Equal(1, state.Steps.item<float>()));
    }

    [Fact]
    public void The_factor_doubles_after_2000_steps_whose_gradients_were_finite()
    {
        using var scope = NewDisposeScope();
        using var scale = new LossScale(CPU);
        for (var step = 0; step < 1999; step++) scale.Update();
        Assert.Equal(First, scale.Factor.item<float>());
        scale.Update();
        Assert.Equal(2 * First, scale.Factor.item<float>());
    }

    [Fact]
    public void A_step_in_float16_scales_both_losses_and_a_step_left_out_has_no_norm()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new() { Name = "dense", Shape = new(1, 8, 8), LatentSize = 4 });
        using var step = new GanStep(networks, new() { Folder = "unused", Precision = TrainingPrecision.Float16 });
        var before = networks.Generator.parameters().Concat(networks.Discriminator.parameters()).Select(p => p.detach().clone()).ToArray();
        var scales = step.LossScales.ToArray();
        Assert.Equal(2, scales.Length);
        foreach (var scale in scales) scale.fill_(float.MaxValue); // Everything overflows.
        step.Run(randn(4, 1, 8, 8).tanh(), () => randn(4, 4));
        var norms = step.GradientNorms();
        Assert.Equal((0, 0), (norms.Generator.item<float>(), norms.Discriminator.item<float>()));
        Assert.All(scales, scale => Assert.Equal(float.MaxValue / 2, scale.item<float>()));
        var after = networks.Generator.parameters().Concat(networks.Discriminator.parameters());
        foreach (var (was, now) in before.Zip(after)) Assert.Equal(was.data<float>().ToArray(), now.data<float>().ToArray());

        foreach (var scale in scales) scale.fill_(First);
        step.Run(randn(4, 1, 8, 8).tanh(), () => randn(4, 4));
        Assert.InRange(step.GradientNorms().Generator.item<float>(), 1e-6, 1e3);
        Assert.Equal(["loss-scale.discriminator.clean-steps", "loss-scale.discriminator.factor", "loss-scale.generator.clean-steps",
            "loss-scale.generator.factor"], step.State.Select(entry => entry.Name).Order());
    }

    [Fact]
    public void A_factor_below_1_is_divergence()
    {
        using var scope = NewDisposeScope();
        Divergence.RequireScales([tensor(1f), tensor(65_536f)], 7);
        var e = Assert.Throws<TrainingException>(() => Divergence.RequireScales([tensor(65_536f), tensor(0.5f)], 7));
        Assert.Contains("float16 overflows even without loss scaling at step 7", e.Message, StringComparison.Ordinal);
    }
}
