using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class FusedAdamTests
{
    [Fact]
    public void It_steps_as_TorchSharps_Adam_does()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Parameter[] own = [new(randn(50, 20)), new(randn(7))], theirs = [.. own.Select(p => new Parameter(p.detach().clone()))];
        using var fused = new FusedAdam(own, 2e-3, 0.5, 0.999, 1e-7);
        using var plain = new Adam(theirs, 2e-3, 0.5, 0.999, 1e-7);
        for (var step = 0; step < 20; step++)
        {
            foreach (var (mine, other) in own.Zip(theirs))
            {
                mine.grad = randn_like(mine);
                other.grad = mine.grad.clone();
            }
            fused.Step();
            plain.step();
        }
        // A step moves by 2e-3; the two round in another order, by some 1e-7 of it in each of 20 steps.
        foreach (var (mine, other) in own.Zip(theirs)) Assert.InRange((mine - other).abs().max().item<float>(), 0, 1e-6f);
        Assert.All(fused.States, state => Assert.Equal(20, state.Steps.item<float>()));
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_and_counts_no_step()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(ones(3)), new(ones(3))];
        using var adam = new FusedAdam(parameters, 0.1);
        adam.Step();
        Assert.Equal(0, adam.GradientNorm().item<float>());
        parameters[1].grad = tensor([3f, 0f, -4f]);
        adam.Step();
        Assert.Equal([1f, 1f, 1f], parameters[0].data<float>().ToArray());
        Assert.Equal([0.9f, 1f, 1.1f], parameters[1].data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0f, 1f], adam.States.Select(state => state.Steps.item<float>()));
        Assert.Equal(5, adam.GradientNorm().item<float>(), 1e-6);
    }
}
