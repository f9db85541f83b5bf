using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class RandomTests
{
    [Fact]
    public void Seed_DecidesWhatFollows()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var (normal, uniform) = (randn(50), rand(50));
        var state = get_rng_state();
        var next = randn(5);
        manual_seed(11);
        Assert.True(normal.Equals(randn(50)) && uniform.Equals(rand(50)));
        Assert.False(normal.Equals(randn(50)));
        set_rng_state(state);
        Assert.True(next.Equals(randn(5)));
    }

    [Fact]
    public void Generator_IsIndependentOfTheDefaultOne()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var same = new Generator(5);
        manual_seed(1);
        var first = randn(20, generator: generator);
        manual_seed(2);
        Assert.True(first.Equals(randn(20, generator: same)));
        Assert.False(randn(20, generator: generator).Equals(first));
        generator.manual_seed(5);
        Assert.Equal(5, generator.initial_seed());
        Assert.True(zeros(20).normal_(generator: generator).Equals(first));
        generator.set_state(same.get_state());
        Assert.True(rand(3, generator: generator).Equals(rand(3, generator: same)));
        Assert.True(randint(0, 10, [30], generator: generator).Equals(randint(0, 10, [30], generator: same)));
    }

    [PeerFact(PyTorch.Python, "-c", PyTorch.Imports)]
    public void Numbers_AreThoseOfPyTorch()
    {
        using var scope = NewDisposeScope();
        var expected = PyTorch.Run("peer_operators.py", new Dictionary<string, Tensor> { ["x"] = zeros(1) }, new
        {
            expressions = new
            {
                normal = "(torch.manual_seed(123), torch.randn(40))[1]",
                uniform = "torch.rand(3, 4)",
                integers = "torch.randint(5, 50, (10,))",
                order = "torch.randperm(9)",
            },
        });
        manual_seed(123);
        // The same generator and the same operators, so to the bit.
        Assert.True(expected["normal"].Equals(randn(40)));
        Assert.True(expected["uniform"].Equals(rand(3, 4)));
        Assert.True(expected["integers"].Equals(randint(5, 50, [10])));
        Assert.True(expected["order"].Equals(randperm(9)));
    }

    [Theory, InlineData(0.3), InlineData(0.5), InlineData(0.9)]
    public void Dropout_DropsItsShareAndKeepsTheMean(double p)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        const int Count = 400_000;
        var x = ones(Count).requires_grad_();
        var y = functional.dropout(x, p);
        // Each element is dropped by itself: five standard deviations of a binomial share.
        double share = (y == 0).to_type(ScalarType.Float64).mean().ToDouble();
        Assert.InRange(share, p - (5 * Math.Sqrt(p * (1 - p) / Count)), p + (5 * Math.Sqrt(p * (1 - p) / Count)));
        Assert.Equal(1 / (1 - p), y.max().ToDouble(), 1e-5);
        // Neighbours, and two masks, do not know of each other: five standard deviations of a correlation.
        var dropped = (y == 0).to_type(ScalarType.Float64) - p;
        var others = (functional.dropout(x, p) == 0).to_type(ScalarType.Float64) - p;
        double limit = 5 * p * (1 - p) / Math.Sqrt(Count);
        Assert.InRange((dropped[1..] * dropped[..^1]).mean().ToDouble(), -limit, limit);
        Assert.InRange((dropped * others).mean().ToDouble(), -limit, limit);
        // The gradient passes through the same mask, and can be differentiated again.
        var gradient = autograd.grad([y.square().sum() / 2], [x], create_graph: true)[0];
        Assert.True(gradient.allclose(y / (1 - p)));
        var again = autograd.grad([gradient.sum()], [x])[0];
        Assert.True(again.allclose(y.square()));
    }

    [Fact]
    public void Dropout_DependsOnTheSeedAlone()
    {
        using var scope = NewDisposeScope();
        int threads = get_num_threads();
        var x = randn(3, 70_001);
        Tensor Once(int count)
        {
            set_num_threads(count);
            manual_seed(9);
            return functional.dropout(x, 0.4);
        }
        try { Assert.True(Once(1).Equals(Once(3))); }
        finally { set_num_threads(threads); }
        Assert.False(functional.dropout(x, 0.4).Equals(functional.dropout(x, 0.4)));
        Assert.True(functional.dropout(x, 0.4, training: false).Equals(x));
        Assert.Equal(0, functional.dropout(x, 1).abs().sum().ToSingle());
        // A view that is not contiguous, and the other types, which libtorch's own operator does.
        Assert.Equal([70_001, 3], functional.dropout(x.t(), 0.4).shape);
        Assert.Equal(ScalarType.Float64, functional.dropout(x.to_type(ScalarType.Float64), 0.4).dtype);
    }
}
