using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>An export leaves the network, and Torch, as they were.</summary>
[Collection(Alone.Name)]
public sealed class UntouchedTests
{
    [Fact]
    public void Each_modules_training_mode_and_the_random_state_are_left_as_they_were()
    {
        using var network = Sequential(("a", Linear(4, 4)), ("b", Sequential(BatchNorm1d(4), Dropout()))).Trained();
        network.train();
        ((Module)network.named_children().First().module).eval();
        var before = network.named_modules().Select(entry => (entry.name, entry.module.training)).ToArray();
        var weights = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        manual_seed(5);
        var expected = rand(3).data<float>().ToArray();

        manual_seed(5);
        Exported.From(network, [4]);

        Assert.Equal(expected, rand(3).data<float>().ToArray());
        Assert.Equal(before, network.named_modules().Select(entry => (entry.name, entry.module.training)));
        Assert.True(network.training);
        Assert.All(network.state_dict(), entry => Assert.Equal(weights[entry.Key], entry.Value.bytes.ToArray()));
    }

    [Fact]
    public void A_program_runs_as_before_after_its_network_was_recorded()
    {
        using var network = new Noise();
        Assert.Throws<ExportException>(() => Exported.From(network, [3]));
        manual_seed(1);
        using var x = zeros(2, 3);
        using var first = network.call(x);
        manual_seed(1);
        using var second = randn_like(x);
        Assert.Equal(second.data<float>().ToArray(), first.data<float>().ToArray());
    }

    private sealed class Noise() : Module<Tensor, Tensor>(nameof(Noise))
    {
        public override Tensor forward(Tensor x) => x + randn_like(x);
    }
}
