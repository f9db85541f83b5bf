using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

/// <summary>What modules and optimisers own outlives dispose scopes, and nothing else does.</summary>
[Collection(OneAtATime.Name)]
public class ModuleLifetimeTests
{
    [Fact]
    public void ModuleAndOptimizerMadeInAScope_OutliveIt()
    {
        Sequential net;
        Adam adam;
        using (NewDisposeScope())
        {
            net = Sequential(Linear(3, 4), BatchNorm1d(4), Linear(4, 1));
            adam = optim.Adam(net.parameters());
            Step(net, adam);
        }
        using (NewDisposeScope()) Step(net, adam);
        Assert.All(net.state_dict().Values, value => Assert.False(value.IsInvalid));
        var parameters = net.parameters().ToList();
        net.Dispose();
        adam.Dispose();
        Assert.All(parameters, parameter => Assert.True(parameter.IsInvalid));
        Assert.All(adam.state_dict().State, state => Assert.True(((Adam.State)state).exp_avg.IsInvalid));
    }

    [Fact]
    public void Parameter_TakesTheTensorsPlaceInItsScope()
    {
        Parameter inside, outside;
        var free = ones(2);
        using (NewDisposeScope())
        {
            var data = ones(2);
            inside = new Parameter(data);
            outside = new Parameter(free);
            Assert.True(data.IsInvalid);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid);
        outside.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TrainingSteps_LeaveNoTensorsBehind(bool adaptive)
    {
        manual_seed(1);
        using var net = Sequential(Linear(3, 4), BatchNorm1d(4), LeakyReLU(0.2), Dropout(0.1), Linear(4, 1));
        using OptimizerHelper optimizer = adaptive ? optim.Adam(net.parameters(), weight_decay: 0.1) : optim.SGD(net.parameters(), 0.1, 0.9, nesterov: true);
        long live = 0, gradients = 0;
        for (var step = 0; step < 20; step++)
        {
            using (NewDisposeScope()) Step(net, optimizer);
            if (step == 2) live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            gradients += net.parameters().Count(parameter => parameter.requires_grad);
        }
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(20 * 6, gradients);
    }

    // A Sequential frees what one module hands to the next without waiting for a scope.
    [Fact]
    public void Sequential_FreesWhatItHandsOn_ButNotItsInput()
    {
        using var net = Sequential(Linear(3, 4), LeakyReLU(0.2, inplace: true), Identity(), Flatten(), Tanh());
        using var x = randn(2, 3);
        using (no_grad()) net.call(x).Dispose();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var y = net.call(x);
        Assert.Equal(live + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.False(x.IsInvalid);
        Assert.Equal([2, 4], y.shape);
    }

    [Fact]
    public void TwoStepsOfTheSameSeed_AreEqualBitForBit()
    {
        float[] Weights()
        {
            using var scope = NewDisposeScope();
            manual_seed(9);
            using var net = Sequential(Conv2d(1, 4, 3), BatchNorm2d(4), LeakyReLU(0.2), Flatten(), Linear(144, 1));
            using var adam = optim.Adam(net.parameters(), 0.01);
            for (var step = 0; step < 3; step++)
            {
                net.zero_grad();
                net.call(randn(4, 1, 8, 8)).pow(2).mean().backward();
                adam.step();
            }
            return [.. net.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
        }
        Assert.Equal(Weights(), Weights());
    }

    private static void Step(Module<Tensor, Tensor> net, OptimizerHelper optimizer)
    {
        net.zero_grad();
        functional.binary_cross_entropy_with_logits(net.call(randn(8, 3)), zeros(8, 1)).backward();
        optimizer.step();
    }
}
